//go:build since285

package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/docker/docker/api/types/container"
	"github.com/opencontainers/runtime-spec/specs-go"
)

type createRequest = container.CreateRequest

// Of a module, moby/profiles, that Debian builds into its engine and ships in no package; these are its fields (seccomp.go).
type seccompConfig struct {
	specs.LinuxSeccomp
	ArchMap []struct {
		Arch      specs.Arch   `json:"architecture"`
		SubArches []specs.Arch `json:"subArchitectures"`
	} `json:"archMap,omitempty"`
	Syscalls []*struct {
		specs.LinuxSyscall
		Name     string         `json:"name,omitempty"`
		Comment  string         `json:"comment,omitempty"`
		Includes *seccompFilter `json:"includes,omitempty"`
		Excludes *seccompFilter `json:"excludes,omitempty"`
	} `json:"syscalls"`
}

type seccompFilter struct {
	Caps      []string       `json:"caps,omitempty"`
	Arches    []string       `json:"arches,omitempty"`
	MinKernel *kernelVersion `json:"minKernel,omitempty"`
}

type kernelVersion struct {
	Kernel, Major uint64
}

// A text "5.10", or none; 0.0 is none that a kernel has.
func (k *kernelVersion) UnmarshalJSON(version []byte) error {
	var text string

	if err := json.Unmarshal(version, &text); err != nil || text == "" {
		return err
	}
	parts := strings.SplitN(text, ".", 3)
	if len(parts) != 2 {
		return fmt.Errorf("not a kernel's version: %s", text)
	}
	for i, number := range []*uint64{&k.Kernel, &k.Major} {
		var err error

		if *number, err = strconv.ParseUint(parts[i], 10, 8); err != nil {
			return err
		}
	}
	if k.Kernel == 0 && k.Major == 0 {
		return fmt.Errorf("not a kernel's version: %s", text)
	}
	return nil
}
