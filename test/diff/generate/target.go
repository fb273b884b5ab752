package main

import (
	"fmt"
	"strings"
)

var methods = []string{"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "get", "CONNECT"}

// Everyday calls; ID and NAME are filled in.
var calls = []string{
	"POST /containers/create?name=web", "POST /containers/create", "POST /containers/NAME/start", "POST /containers/NAME/kill?signal=9",
	"POST /containers/NAME/exec", "POST /exec/ID/start", "GET /exec/ID/json", "POST /containers/NAME/update", "POST /containers/NAME/rename?name=b",
	"PUT /containers/NAME/archive?path=%2Fetc", "HEAD /containers/NAME/archive?path=/", "GET /containers/NAME/json", "GET /containers/json?all=1",
	"GET /containers/NAME/attach/ws?stdin=1", "GET /containers/NAME/logs?stdout=1&tail=all", "DELETE /containers/NAME?force=1", "POST /containers/prune",
	"POST /commit?container=ID&repo=x", "POST /images/create?fromImage=nginx&tag=latest", "POST /images/NAME/push", "POST /images/NAME/tag?repo=a%2Fb&tag=1",
	"POST /images/load?quiet=1", "GET /images/json", "GET /images/get?names=a&names=b", "GET /images/NAME/get", "GET /images/NAME/json", "DELETE /images/NAME",
	"GET /images/search?term=x", "POST /build?t=a&t=b&buildargs=%7B%7D&remote=https%3A%2F%2Fexample.com", "POST /build/prune", "POST /session", "POST /grpc",
	"GET /_ping", "HEAD /_ping", "GET /version", "GET /info", "GET /events?since=1", "GET /system/df", "POST /auth", "OPTIONS /anything/at/all",
	"GET /volumes", "POST /volumes/create", "GET /volumes/NAME", "DELETE /volumes/NAME", "POST /volumes/prune", "GET /networks", "GET /networks/",
	"GET /networks/NAME", "POST /networks/create", "POST /networks/NAME/connect", "POST /networks/NAME/disconnect", "DELETE /networks/NAME",
	"GET /plugins", "GET /plugins/NAME/json", "POST /plugins/pull?remote=x", "POST /plugins/NAME/enable?timeout=0", "POST /plugins/NAME/disable?force=1",
	"DELETE /plugins/NAME", "POST /plugins/NAME/set", "GET /plugins/privileges?remote=x", "POST /swarm/init", "GET /swarm", "POST /swarm/leave?force=1",
	"POST /services/create", "POST /services/ID/update?version=3&rollback=previous", "GET /services/ID/logs", "DELETE /services/ID", "GET /nodes/ID",
	"POST /nodes/ID/update?version=1", "GET /tasks/ID", "POST /secrets/create", "GET /secrets/ID", "POST /configs/ID/update?version=2", "GET /distribution/NAME/json",
	"GET /containers/NAME/checkpoints?dir=/x", "DELETE /containers/ID/checkpoints/ID?dir=/x", "GET /debug/vars", "GET /debug/pprof/", "GET /debug/pprof/heap",
}

var names = []string{"web", "a_b.c-1", "create", "json", "x%20y", "caf%C3%A9", "library%2Fnginx", "a/b", "nginx:1", "registry.example.com:5000/a/b", "%2561",
	"prune", "v1.41", "_", "a+b", "a%2Bb"}

var versions = []string{"", "/v1.41", "/v1.24", "/v1.47", "/v1.12"}

// Pieces that servers, proxies and routers read each in their own way.
var pieces = []string{"%2F", "%2f", "/", "//", "/./", "/../", "/..", "%2e%2e", "..", ".", "%00", "%0a", "%0A", "%0d", "\n", "\r", "\x00", " ", "%20", "+", "#", "#%", "%23",
	"?", "??", "%3F", "%3f", ";", "%3B", "&", "&&", "=", "%zz", "%", "%4", "%c5%bf", "\u017f", "\xff", "%ff", "\\", "%5c", "*", "~", "'", "\"", "%22", "<", "%7f", "\x7f", "@", ":",
	"%25", "%252e", "[", "]", "{", "}", "|", "^", "`", "%E2%84%AA", "\ufffd", "/v1.41", "v1.41", "%76", "{name}", "\u00a0"}

var oddVersions = []string{"/v1.041", "/v01.41", "/v1.41.", "/v1.41.0", "/v1", "/v.", "/v1..41", "/V1.41", "/v1.9999", "/v2.0", "/v1.0", "/v0.1", "/v41", "/%76%31.41",
	"/v1%2E41", "/v1.41/v1.41", "/v 1.41", "/v1.4\u0661", "/v1,41", "//v1.41", "/v1.41/", "/v999999999999999999999.1", "/v1.100", "/v1.1", "/v-1.41", "/v1.41beta", "/v1.41%00"}

var prefixes = []string{"http://docker", "http://docker:80", "ftp://u:p@h", "//docker", "http:", "unix:///x", "docker:443", "*", "?", "http://[::1]", "mailto:x", "/.", "\\", " ", "%2F"}

func escapeSome(r *chance, s string) string {
	var b strings.Builder

	for i := 0; i < len(s); i++ {
		c := s[i]
		if (c|32 >= 'a' && c|32 <= 'z' || c == '/' || c == '.') && r.in(8) {
			form := "%%%02x"
			if r.in(2) {
				form = "%%%02X"
			}
			fmt.Fprintf(&b, form, c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func insertPiece(r *chance, s string) string {
	at := r.below(len(s) + 1)
	return s[:at] + r.of(pieces) + s[at:]
}

func makeTarget(r *chance) (byte, []byte) {
	method, target, _ := strings.Cut(r.of(calls), " ")
	target = strings.ReplaceAll(strings.ReplaceAll(target, "NAME", r.of(names)), "ID", "0123abcd")
	version := r.of(versions)
	if strings.HasPrefix(target, "/debug") {
		version = ""
	}

	if r.in(4) {
		return 'T', []byte(method + " " + version + target)
	}
	if r.in(4) {
		version = r.of(oddVersions)
	}
	target = version + target
	for n := 1 + r.below(3); n > 0; n-- {
		switch r.below(10) {
		case 0:
			target = escapeSome(r, target)
		case 1:
			method = r.of(methods)
		case 2:
			target = r.of(prefixes) + target
		case 3:
			if len(target) > 0 {
				at := r.below(len(target))
				target = target[:at] + target[at+1:]
			}
		case 4:
			target += "/"
		case 5:
			separator := "?"
			if strings.Contains(target, "?") {
				separator = "&"
			}
			key := r.of([]string{"name", "force", "remote", "t", "", "%6eame", "na+me", "%zz", "dir"})
			target += separator + key + r.of([]string{"=", "", "=="}) + r.of(names)
		default:
			target = insertPiece(r, target)
		}
	}
	return 't', []byte(method + " " + target)
}
