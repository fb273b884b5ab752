package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"sort"
	"strings"

	"github.com/gorilla/mux"
)

// The routers in the order of dockerd's initRouter; the checkpoint router comes first, "or DELETE would be masked".
var routerFiles = []string{
	"checkpoint/checkpoint.go", "container/container.go", "image/image.go", "system/system.go", "volume/volume.go",
	"build/build.go", "session/session.go", "swarm/cluster.go", "plugin/plugin.go", "distribution/distribution.go",
	"grpc/grpc.go", "network/network.go",
}

const routers = "/usr/share/gocode/src/github.com/docker/docker/api/server/router/"

type router struct {
	mux *mux.Router
}

func nothing(http.ResponseWriter, *http.Request) {}

// newRouter builds the mux as api/server/server.go does, of the routes that stand in the source: the packages themselves
// need half of dockerd.
func newRouter() *router {
	m := mux.NewRouter()
	call := regexp.MustCompile(`router\.New(Get|Post|Put|Delete|Head|Options)Route\("([^"]*)"`)

	for _, file := range routerFiles {
		source, err := os.ReadFile(filepath.Join(routers, file))
		if err != nil {
			fmt.Fprintln(os.Stderr, "decode:", err)
			os.Exit(1)
		}
		for _, found := range call.FindAllStringSubmatch(string(source), -1) {
			method := strings.ToUpper(found[1])
			m.Path("/v{version:[0-9.]+}" + found[2]).Methods(method).HandlerFunc(nothing)
			m.Path(found[2]).Methods(method).HandlerFunc(nothing)
		}
	}
	for _, name := range []string{"/vars", "/pprof/", "/pprof/cmdline", "/pprof/profile", "/pprof/symbol", "/pprof/trace",
		"/pprof/{name}"} {
		m.Path("/debug" + name).HandlerFunc(nothing)
	}
	return &router{m}
}

// cleanPath is what the mux redirects to; it is not exported.
func cleanPath(p string) string {
	if p == "" {
		return "/"
	}
	if p[0] != '/' {
		p = "/" + p
	}
	clean := path.Clean(p)
	if p[len(p)-1] == '/' && clean != "/" {
		clean += "/"
	}
	return clean
}

// Variables have other names in other tables.
var anyText, oneSegment = regexp.MustCompile(`\{[^}]*:\.[*+]\}`), regexp.MustCompile(`\{[^}]*\}`)

// line: "route", the path pattern, the version ("1.41", "" for none), the path without it, the query's first values.
func (r *router) line(payload string) string {
	var match mux.RouteMatch

	method, target, _ := strings.Cut(payload, " ")
	u, err := url.ParseRequestURI(target)
	if err != nil {
		return "none\t" + oneLine(err.Error())
	}
	if cleanPath(u.Path) != u.Path {
		return "none\tredirect"
	}
	request := &http.Request{Method: method, URL: u, RequestURI: target, Host: "docker", Proto: "HTTP/1.1"}
	if !r.mux.Match(request, &match) || match.Route == nil || match.MatchErr != nil {
		return "none\tno route"
	}
	template, _ := match.Route.GetPathTemplate()
	template = strings.TrimPrefix(template, "/v{version:[0-9.]+}")
	template = oneSegment.ReplaceAllString(anyText.ReplaceAllString(template, "<any>"), "<one>")
	version := match.Vars["version"]
	decoded := u.Path
	if version != "" {
		decoded = strings.TrimPrefix(decoded, "/v"+version)
	}
	return strings.Join([]string{"route", "pattern=" + template, "version=" + version, "path=" + quoted(decoded),
		"query=" + query(u)}, "\t")
}

// query: handlers that parse the form refuse a query with a bad pair; "?" then, and docksill must call it a flaw.
func query(u *url.URL) string {
	values, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return "bad"
	}
	items := []string{}
	for key, list := range values {
		items = append(items, quoted(key)+":"+quoted(list[0]))
	}
	sort.Strings(items)
	return "{" + strings.Join(items, ",") + "}"
}
