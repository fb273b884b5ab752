package main

import (
	"strings"

	"github.com/docker/docker/api/types/mount"
)

// volumeMount: what a volume that is made with these options is. The local driver hands them to mount(2) (volume/local),
// where a bind looks at no type.
func volumeMount(name string, options *mount.VolumeOptions) (kind, source string) {
	kind = "volume"
	if name == "" {
		kind = "anonymous"
	}
	if options == nil || options.DriverConfig == nil || len(options.DriverConfig.Options) == 0 {
		return kind, ""
	}
	if driver := options.DriverConfig.Name; driver != "" && driver != "local" {
		return kind, ""
	}
	given := options.DriverConfig.Options
	device, bind := given["device"], false
	for _, word := range strings.Split(given["o"], ",") {
		bind = bind || word == "bind" || word == "rbind"
	}
	switch {
	// Without a type docksill takes the worse: the kernel would refuse it.
	case !bind && (device == "" || given["type"] != "" && given["type"] != "none"):
		return "*", "*" // which file system it is, is docksill's own word
	case device == "":
		return "host", ""
	}
	return "host", hostPath("/" + device)
}
