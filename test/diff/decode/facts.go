package main

import (
	"encoding/json"
	"net"
	"path"
	"sort"
	"strconv"
	"strings"

	"github.com/docker/distribution/reference"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/oci"
	"github.com/docker/docker/oci/caps"
	"github.com/docker/go-connections/nat"
	"github.com/opencontainers/runc/libcontainer/user"
)

// The facts that security hangs on, worked out with the code that dockerd uses, where Debian ships it, and with Go's own
// packages where it does not. A fact that dockerd refuses to act on is "?": docksill may call it what it likes.
const refused = "?"

func facts(c created) []string {
	host := c.host
	if host == nil {
		host = &container.HostConfig{}
	}
	config := c.config
	if config == nil {
		config = &container.Config{}
	}

	noNewPrivileges, apparmor, profile, err := securityOptions(host.SecurityOpt)
	mode, action := seccompProfile(profile)
	if err {
		noNewPrivileges, apparmor, mode, action = refused, refused, refused, refused
	}
	return []string{
		"added=" + capabilities(host.CapAdd),
		"dropped=" + capabilities(host.CapDrop),
		"no-new-privileges=" + noNewPrivileges,
		"apparmor=" + apparmor,
		"seccomp=" + mode,
		"seccomp-default=" + action,
		"root=" + userRoot(config.User),
		"group-root=" + groupRoot(config.User),
		"image=" + image(config.Image),
		"ports=" + ports(host.PortBindings),
		"mounts=" + mounts(config, host),
		"devices=" + devices(host.Devices),
		"unmasked=" + strconv.FormatBool(unmasked(host)),
		"healthcheck=" + healthcheck(config.Healthcheck),
		"namespaces=" + namespaces(host),
		"joins=" + joins(host),
	}
}

func quoted(s string) string {
	var b strings.Builder

	writeString(&b, s)
	return b.String()
}

func sorted(items []string) string {
	sort.Strings(items)
	return "[" + strings.Join(items, ",") + "]"
}

func capabilities(names []string) string {
	normal, err := caps.NormalizeLegacyCapabilities(names)
	if err != nil {
		return refused
	}
	set := map[string]bool{}
	for _, name := range normal {
		set[quoted(strings.TrimPrefix(name, "CAP_"))] = true
	}
	items := []string{}
	for name := range set {
		items = append(items, name)
	}
	return sorted(items)
}

// securityOptions follows daemon/daemon_unix.go parseSecurityOpt, which can't be imported.
func securityOptions(options []string) (noNewPrivileges, apparmor, profile string, bad bool) {
	noNewPrivileges = "unset"
	for _, option := range options {
		if option == "no-new-privileges" {
			noNewPrivileges = "on"
			continue
		}
		if option == "disable" {
			continue
		}
		separator := ":"
		if strings.Contains(option, "=") {
			separator = "="
		}
		pair := strings.SplitN(option, separator, 2)
		if len(pair) != 2 {
			return "", "", "", true
		}
		switch pair[0] {
		case "label":
		case "apparmor":
			apparmor = strings.Trim(pair[1], " \t\r\n") // docksill judges the name that the kernel will see
		case "seccomp":
			profile = pair[1]
		case "no-new-privileges":
			on, err := strconv.ParseBool(pair[1])
			if err != nil {
				return "", "", "", true
			}
			noNewPrivileges = map[bool]string{true: "on", false: "off"}[on]
		default:
			return "", "", "", true
		}
	}
	return noNewPrivileges, quoted(apparmor), profile, false
}

func seccompProfile(profile string) (mode, action string) {
	var config seccompConfig

	switch profile {
	case "":
		return "default", quoted("")
	case "unconfined":
		return "unconfined", quoted("")
	case "builtin":
		return refused, refused // newer engines' word for the default
	}
	if json.Unmarshal([]byte(profile), &config) != nil {
		return refused, refused
	}
	if config.DefaultAction == "" && len(config.Syscalls) == 0 {
		return "unconfined", quoted("")
	}
	return "custom", quoted(string(config.DefaultAction))
}

// What the runtime makes of a user with an image that knows no name but root, and with one that calls root by every name.
// A name of digits is left out of the second: docksill takes a number for what it says.
func userRoot(spec string) string {
	name := strings.SplitN(strings.TrimSpace(spec), ":", 2)[0]
	plain, known := runtimeUser(spec, "root:x:0:0::/:/bin/sh\n")
	named, knownNamed := plain, known

	if _, err := strconv.Atoi(name); err != nil && name != "" && !strings.ContainsAny(name, "\n") {
		named, knownNamed = runtimeUser(spec, name+":x:0:0::/:/bin/sh\n")
	}
	switch {
	case !known && !knownNamed:
		return refused
	case known && plain.Uid == 0:
		return "yes"
	case knownNamed && named.Uid == 0:
		return "unknown"
	}
	return "no"
}

func runtimeUser(spec, passwd string) (*user.ExecUser, bool) {
	found, err := user.GetExecUser(spec, nil, strings.NewReader(passwd), strings.NewReader("root:x:0:\n"))
	return found, err == nil
}

// Only what is said in the request (the group that a passwd file gives is not), and only beside a user that is not root.
func groupRoot(spec string) string {
	if !strings.Contains(spec, ":") || userRoot(spec) == "yes" {
		return refused
	}
	found, known := runtimeUser(spec, "root:x:0:7::/:/bin/sh\n")
	if !known || strings.SplitN(strings.TrimSpace(spec), ":", 2)[1] == "" {
		return refused
	}
	return strconv.FormatBool(found.Gid == 0)
}

func image(text string) string {
	if text == "" {
		return refused
	}
	ref, err := reference.ParseAnyReference(text)
	if err != nil {
		return refused
	}
	name, tag, digest := "", "", ""
	if named, is := ref.(reference.Named); is {
		name = named.Name()
	}
	if tagged, is := ref.(reference.Tagged); is {
		tag = tagged.Tag()
	}
	if digested, is := ref.(reference.Digested); is {
		digest = digested.Digest().String()
	}
	return "[" + quoted(name) + "," + quoted(tag) + "," + quoted(digest) + "," + strconv.FormatBool(digest != "") + "]"
}

// As daemon/container.go validatePortBindings and daemon/container_operations.go read them.
func ports(bindings nat.PortMap) string {
	items := []string{}

	for key, list := range bindings {
		_, number := nat.SplitProtoPort(string(key))
		if _, err := nat.ParsePort(number); err != nil {
			return refused
		}
		// Engines 28 and 29 publish a port without a binding; docksill counts it as one that says nothing.
		if len(list) == 0 {
			list = []nat.PortBinding{{}}
		}
		for _, binding := range list {
			port, err := nat.NewPort(nat.SplitProtoPort(binding.HostPort))
			if err != nil {
				return refused
			}
			low, high, err := port.Range()
			if err != nil {
				return refused
			}
			items = append(items, strings.Join([]string{strconv.Itoa(key.Int()), strconv.Itoa(low), strconv.Itoa(high),
				reach(binding.HostIP)}, " "))
		}
	}
	return sorted(items)
}

func reach(address string) string {
	switch ip := net.ParseIP(address); {
	case ip == nil || ip.IsUnspecified():
		return "everywhere"
	case ip.IsLoopback():
		return "loopback"
	}
	return "address"
}

func hostPath(p string) string {
	clean := path.Clean(p)
	if clean == "/var/run" || strings.HasPrefix(clean, "/var/run/") {
		return clean[len("/var"):]
	}
	return clean
}

// As volume/mounts/linux_parser.go splits and cleans them; it is in no package.
func mounts(config *container.Config, host *container.HostConfig) string {
	items := []string{}

	for _, bind := range host.Binds {
		item := bindMount(bind)
		if item == refused {
			return refused
		}
		items = append(items, item)
	}
	for _, mount := range host.Mounts {
		kind, source := string(mount.Type), ""
		switch mount.Type {
		case "bind":
			if !path.IsAbs(mount.Source) {
				return refused
			}
			kind, source = "host", hostPath(mount.Source)
		case "volume":
			kind, source = volumeMount(mount.Source, mount.VolumeOptions)
		case "tmpfs":
		default:
			return refused
		}
		items = append(items, mountItem(kind, source, mount.Target, mount.ReadOnly))
	}
	for target := range config.Volumes {
		items = append(items, mountItem("anonymous", "", target, false))
	}
	if host.VolumeDriver != "" && host.VolumeDriver != "local" { // docksill's word for what the image declares
		items = append(items, mountItem("anonymous", "", "", false))
	}
	return sorted(items)
}

func mountItem(kind, source, target string, readOnly bool) string {
	if target != "" {
		target = path.Clean(target)
	}
	return kind + " " + quoted(source) + " " + quoted(target) + " " + strconv.FormatBool(readOnly)
}

var modes = map[string]int{
	"rw": 0, "ro": 0, "z": 1, "Z": 1, "nocopy": 2, "consistent": 3, "cached": 3, "delegated": 3,
	"private": 4, "rprivate": 4, "shared": 4, "rshared": 4, "slave": 4, "rslave": 4,
}

// bindMode says whether a mode is read-only; false for one that dockerd refuses.
func bindMode(mode string) (readOnly, fine bool) {
	var seen [5]bool

	if mode == "" {
		return false, true
	}
	for _, word := range strings.Split(mode, ",") {
		group, known := modes[word]
		if !known || seen[group] {
			return false, false
		}
		seen[group] = true
		readOnly = readOnly || word == "ro"
	}
	return readOnly, true
}

func bindMount(bind string) string {
	parts := strings.Split(bind, ":")
	mode := ""

	if len(parts) > 3 || parts[0] == "" {
		return refused
	}
	if len(parts) == 1 {
		if !path.IsAbs(parts[0]) {
			return refused
		}
		return mountItem("anonymous", "", parts[0], false)
	}
	if !path.IsAbs(parts[1]) {
		return refused
	}
	if len(parts) == 2 {
		// "/folder:ro": dockerd takes a mode here for a mistake
		if _, known := modes[parts[1]]; known {
			return refused
		}
	} else {
		mode = parts[2]
	}
	readOnly, fine := bindMode(mode)
	if !fine || (len(parts) == 3 && mode == "") {
		return refused
	}
	if path.IsAbs(parts[0]) {
		return mountItem("host", hostPath(parts[0]), parts[1], readOnly)
	}
	return mountItem("volume", "", parts[1], readOnly)
}

func devices(list []container.DeviceMapping) string {
	items := []string{}

	for _, device := range list {
		if !path.IsAbs(device.PathOnHost) {
			return refused
		}
		items = append(items, quoted(hostPath(device.PathOnHost))+" "+quoted(device.CgroupPermissions))
	}
	return sorted(items)
}

func lacks(given, defaults []string) bool {
	if given == nil {
		return false
	}
	has := map[string]bool{}
	for _, item := range given {
		has[item] = true
	}
	for _, item := range defaults {
		if !has[item] {
			return true
		}
	}
	return false
}

var defaults = oci.DefaultLinuxSpec()

func unmasked(host *container.HostConfig) bool {
	return lacks(host.MaskedPaths, defaults.Linux.MaskedPaths) || lacks(host.ReadonlyPaths, defaults.Linux.ReadonlyPaths)
}

func healthcheck(check *container.HealthConfig) string {
	switch {
	case check == nil || len(check.Test) == 0:
		return "unset"
	case check.Test[0] == "CMD" || check.Test[0] == "CMD-SHELL":
		return "set"
	}
	return "none" // "NONE", or what getProbe of daemon/health.go warns of and never runs
}

// Which of them is the host's, by the methods that dockerd asks; "container" is another's.
func namespaces(host *container.HostConfig) string {
	words := []string{}
	add := func(name string, isHost bool) {
		if isHost {
			words = append(words, name)
		}
	}
	add("network", host.NetworkMode.IsHost())
	add("pid", host.PidMode.IsHost())
	add("ipc", host.IpcMode.IsHost())
	add("uts", host.UTSMode.IsHost())
	add("userns", host.UsernsMode.IsHost())
	// On cgroup v1 nothing said means the host's with privileged: docksill takes the worse.
	add("cgroup", host.CgroupnsMode.IsHost() || host.CgroupnsMode.IsEmpty() && host.Privileged)
	return "[" + strings.Join(words, ",") + "]"
}

func joins(host *container.HostConfig) string {
	items := []string{}

	if host.NetworkMode.IsContainer() {
		items = append(items, "network "+quoted(host.NetworkMode.ConnectedContainer()))
	}
	if host.PidMode.IsContainer() {
		items = append(items, "pid "+quoted(host.PidMode.Container()))
	}
	if host.IpcMode.IsContainer() {
		items = append(items, "ipc "+quoted(host.IpcMode.Container()))
	}
	return sorted(items)
}
