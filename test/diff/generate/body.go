package main

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/network"
)

// Values that mean something to dockerd, by the name of the field. Others get any word. All of them are such as docksill
// reads without a flaw, dangerous or refused by dockerd as they may be.
var values = map[string][]string{
	"Image": {"nginx", "alpine:3.19", "docker.io/library/nginx:1", "index.docker.io/x", "registry.example.com:5000/team/app:2",
		"localhost/x", "Foo/bar", "a/b/c", "nginx@sha256:" + sha, sha, "sha256:" + sha, "cafebabecafe", "x:latest@sha256:" + sha,
		"docker.io/x", "", "a_b/c__d:1.2-rc", "127.0.0.1/x", "[::1]:5000/x", "UPPER", "x/", "/x", "x:", "sha512:" + sha + sha,
		"docker.io/", "docker.io/library/x/y", "xn--bcher-kva.example/x:T_1", "localhost:5000/x", "a.b", "a:b", "x@sha256:abc"},
	"User": {"", "0", "00", "+0", "-0", "root", "0:5", ":5", "1000", "1000:1000", "app", "app:app", "1000:0", "1000:root", "10001",
		" 0", "0 ", "1000:", "-1", "2147483647", "2147483648", "4294967296", "0x0", "1e3", "root:root", "Root", "1_0", "\t0", "x:y:z"},
	"Binds": {"/etc:/h", "/:/host:ro", "/var/run/docker.sock:/s", "data:/d", "/a//b/../c/.:/x:rw,z", "/anonymous", "/var/run/../run:/x",
		"/data:/d:ro,rshared", "//etc//:/e", "/var/runner:/x", "vol:/v:nocopy", "/a:/b:ro,ro", "/a:/b:rw,ro", "/a:/b:", "/a:ro", "a",
		"/a:/b:c:d", ":/b", "/..:/x", "/../..//etc/./passwd:/x:Z,slave", "/var/run:/r", "./x:/y", "~:/y", "/a:b", "", ":", "/a:/b:consistent"},
	"CapAdd": {"ALL", "all", "SYS_ADMIN", "cap_sys_admin", "Sys_Admin", "CAP_NET_RAW", "NET_BIND_SERVICE", "CAP_ALL", "\u017fys_admin",
		"sys_adm\u0131n", "CAP_CAP_CHOWN", "", "chown ", "bogus", "cap_", "\u212aILL", "kill"},
	"SecurityOpt": {"no-new-privileges", "no-new-privileges=true", "no-new-privileges:false", "no-new-privileges=0", "no-new-privileges:T",
		"no-new-privileges=yes", "seccomp=unconfined", "seccomp:unconfined", "seccomp=", `seccomp={"defaultAction":"SCMP_ACT_ALLOW"}`,
		"seccomp={}", `seccomp={"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["mount"],"action":"SCMP_ACT_ALLOW"}]}`,
		`seccomp={"DEFAULTACTION":"SCMP_ACT_LOG","syscalls":[]}`, `seccomp:{"defaultAction":null}`, "seccomp=x", "seccomp={",
		"seccomp=unconfined ", "apparmor=unconfined", "apparmor:p", "apparmor=", "label=disable", "label:type:x_t", "label=user:u", "disable",
		"disable=x", "No-New-Privileges", "no-new-privileges=", "=", ":", "", "no-new-privileges:", "systempaths=unconfined", "seccomp",
		"apparmor=a:b", "apparmor:a=b", "seccomp=builtin", `seccomp={"defaultAction":"A"} x`, `seccomp={"syscalls":[null]}`},
	"NetworkMode":  {"", "default", "host", "none", "bridge", "container:x", "container:", "mine", "Host", "host:x", "container:x:y"},
	"PidMode":      {"", "host", "container:x", "HOST", "container:", "private", "container"},
	"IpcMode":      {"", "host", "private", "shareable", "none", "container:x", "container:", "Host"},
	"UTSMode":      {"", "host", "host:x", "x"},
	"UsernsMode":   {"", "host", "host:x", "x"},
	"CgroupnsMode": {"", "host", "private", "x"},
	"HostIp":       {"", "0.0.0.0", "::", "127.0.0.1", "::1", "10.0.0.1", "127.1", "::ffff:127.0.0.1", "::ffff:0.0.0.0", "x", "127.0.0.1 ", "[::1]", "0:0:0:0:0:0:0:0", "fe80::1%lo", "0177.0.0.1", "127.255.0.3", "::127.0.0.1"},
	"HostPort":     {"", "80", "8000-8010", "65535", "65536", "-1", "8010-8000", "80/udp", "080", "8000-8010-8020", "x", "1-", "+80", "0", " 80"},
	"Type":         {"bind", "volume", "tmpfs", "Bind", "", "npipe"},
	"Source":       {"/etc", "/", "/a/../b//", "data", "", "relative/x", "/var/run/docker.sock", "/var/run", "/./proc/1/root"},
	"PathOnHost":   {"/dev/null", "/dev/../dev/sda", "/dev//mem", "", "dev/sda", "/var/run/x"},
	"o":            {"bind", "rbind,ro", "size=1", "ro,bind,rw", " bind", "BIND", "", "addr=1,nfsvers=4"},
	"device":       {"/", "/etc/../root", "relative", "", "tmpfs", "/dev/sda1", ":/export"},
	"type":         {"none", "tmpfs", "nfs", "", "ext4", "overlay"},
	"Name":         {"local", "", "no", "always", "on-failure", "unless-stopped", "nofile", "other", "Local"},
	"Test":         {"NONE", "CMD", "CMD-SHELL", "none", "", "true"},
	"Isolation":    {"", "default"},
	"MaskedPaths":  {"/proc/asound", "/proc/kcore", "/sys/firmware", "/proc/kcore/"},
}

const sha = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

var words = []string{"", "a", "web", "x=y", "PATH=/bin", "SECRET=\u00e9\u4e16", "tab\there", "quote\"s", "back\\slash", "\U0001f600", "\u2028",
	"com.example/key", "A B", "host", "0", "null", "/x/../y", "<&>", "\u007f", "\u00a0", strings.Repeat("long", 40)}

var portKeys = []string{"80/tcp", "53/udp", "443", "80", "9/sctp", "0/tcp", "65535", "65536/tcp", "8000-8010/tcp", "/tcp", "80/", "x", "", "80/TCP", "080/tcp", "80/tcp/x"}

// Names whose lists take other fields' values.
var sameAs = map[string]string{"CapDrop": "CapAdd", "ReadonlyPaths": "MaskedPaths"}

func pool(field string) []string {
	if same, is := sameAs[field]; is {
		field = same
	}
	if list, is := values[field]; is {
		return list
	}
	return words
}

var integers = []string{"0", "1", "-1", "2", "10", "67108864", "9223372036854775807", "-9223372036854775808", "500000000", "-0"}

// make a value of the Go type, as an honest client might send it.
func (r *chance) value(t reflect.Type, field string, depth int) *node {
	switch t.Kind() {
	case reflect.Ptr:
		return r.value(t.Elem(), field, depth)
	case reflect.Bool:
		return word(r.of([]string{"true", "false"}))
	case reflect.Int, reflect.Int64:
		return word(r.of(integers))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return word(strconv.Itoa(r.below(1001)))
	case reflect.String:
		return str(r.of(pool(field)))
	case reflect.Slice, reflect.Array:
		n := r.below(4)
		if t.Kind() == reflect.Array {
			n = t.Len()
		}
		out := list()
		for i := 0; i < n; i++ {
			out.items = append(out.items, r.value(t.Elem(), field, depth+1))
		}
		return out
	case reflect.Map:
		return r.mapValue(t, field, depth)
	case reflect.Struct:
		return r.structValue(t, depth+1, 2+depth)
	}
	return word("null")
}

func (r *chance) mapValue(t reflect.Type, field string, depth int) *node {
	out := &node{kind: object}
	used := map[string]bool{}

	for i := r.below(3); i > 0; i-- {
		key := r.of(words)
		switch field {
		case "PortBindings", "ExposedPorts":
			key = r.of(portKeys)
		case "Options", "DriverOpts":
			key = r.of([]string{"type", "o", "device", "other", "O"})
		case "Volumes":
			key = r.of([]string{"/data", "/v//x", "data", "/"})
		}
		if used[key] {
			continue
		}
		used[key] = true
		out.add(key, r.value(t.Elem(), key, depth+1))
	}
	return out
}

type field struct {
	name string
	t    reflect.Type
}

var fieldsOf = map[reflect.Type][]field{}

func fields(t reflect.Type) []field {
	list, known := fieldsOf[t]
	if known {
		return list
	}
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		name := strings.Split(f.Tag.Get("json"), ",")[0]
		if f.Anonymous && name == "" {
			list = append(list, fields(f.Type)...)
			continue
		}
		if name == "" {
			name = f.Name
		}
		if name != "-" {
			list = append(list, field{name, f.Type})
		}
	}
	fieldsOf[t] = list
	return list
}

// structValue gives one member in every sparse ones, in the order of the struct or (sometimes) none.
func (r *chance) structValue(t reflect.Type, depth, sparse int) *node {
	out := &node{kind: object}

	for _, f := range fields(t) {
		if strings.HasPrefix(f.name, "IOMaximum") && !r.in(30) {
			continue // for Windows alone: any other engine refuses them
		}
		if r.in(sparse) || always[f.name] && r.in(2) {
			out.add(f.name, r.value(f.t, f.name, depth))
		}
	}
	if r.in(6) {
		for i := len(out.members) - 1; i > 0; i-- {
			j := r.below(i + 1)
			out.members[i], out.members[j] = out.members[j], out.members[i]
		}
	}
	return out
}

// What security hangs on comes more often.
var always = map[string]bool{"Image": true, "User": true, "Binds": true, "Mounts": true, "CapAdd": true, "CapDrop": true, "Privileged": true,
	"SecurityOpt": true, "PortBindings": true, "NetworkMode": true, "PidMode": true, "IpcMode": true, "Devices": true, "Type": true,
	"Source": true, "Target": true, "DriverConfig": true, "Options": true}

var (
	configType  = reflect.TypeOf(container.Config{})
	hostType    = reflect.TypeOf(container.HostConfig{})
	networkType = reflect.TypeOf(network.NetworkingConfig{})
)

// Keys that later engines know, and this one passes over.
func (r *chance) laterKeys(host *node) {
	_, known := hostType.FieldByName("Annotations")
	switch r.below(3) {
	case 0:
		if !known {
			host.add("Annotations", &node{kind: object, members: []member{{"a", str("b")}}})
		}
	case 1:
		host.add("Unknown", list(word("1"), &node{kind: object}))
	}
}

func makeTree(r *chance) *node {
	sparse := 3 + r.below(30)
	body := r.structValue(configType, 0, sparse)

	if !r.in(12) {
		host := r.structValue(hostType, 0, sparse)
		if r.in(5) {
			r.laterKeys(host)
		}
		body.add("HostConfig", host)
	}
	if r.in(4) {
		body.add("NetworkingConfig", r.structValue(networkType, 0, 1))
	}
	return body
}

// makeBody: one in four is left as it is, or only spelt oddly; docksill must read it. The others are changed.
func makeBody(r *chance) (byte, []byte) {
	w := &writer{r: r}
	tree := makeTree(r)

	if r.in(3) {
		w.odd = 2 + r.below(20)
	}
	if r.in(4) {
		w.write(tree)
		return 'C', []byte(w.String())
	}
	for n := 1 + r.below(4); n > 0; n-- {
		tree = r.mutate(tree)
	}
	w.write(tree)
	body := []byte(w.String())
	for r.in(4) {
		body = r.damage(body)
	}
	return 'c', body
}
