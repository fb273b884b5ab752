// Every place of a request that an engine reads, from its source: a line "operation<TAB>path" each, sorted.
//
//	list SOURCE OPERATIONS
//
// SOURCE is the folder of dockerd's source, 20.10 or newer, OPERATIONS what "docksill operations list --format json" prints.
// Nothing of the engine is built: its routers are parsed and type-checked as far as they go, so that sources of any age are
// read by the Go that is there. What imports can't be found, or hold what this Go does not know, is passed over.
//
// From the handler of each route the request is followed: into what its body is decoded, which keys of its query are asked
// for, and into what those are decoded that hold JSON. A path is written as a client would spell it, "[]" for each element
// of a list, "{}" for each value of a map, "?" before a key of the query:
//
//	container.create	HostConfig.PortBindings{}[].HostPort
//	image.build	?ulimits[].Name
//
// It names what Go can tell from absent: values, and pointers to structs and elements of lists and maps that are structs.
package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/types"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
)

// A route of docksill's table.
type operation struct{ ID, Method, Path string }

func operations(file string) map[string]string {
	var table struct{ Operations []operation }

	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &table)
	}
	if err != nil {
		log.Fatal(err)
	}
	ids := map[string]string{}
	for _, o := range table.Operations {
		ids[o.Method+" "+pattern(o.Path)] = o.ID
	}
	return ids
}

var anyText, segment = regexp.MustCompile(`\{\w+(\*|:\.[*+])\}`), regexp.MustCompile(`\{\w+\}`)

// pattern gives the variables of a route, moby's "{name:.*}" or docksill's "{name*}", one spelling.
func pattern(path string) string {
	return segment.ReplaceAllString(anyText.ReplaceAllString(path, "{*}"), "{}")
}

// The functions of moby's package router that make a route of a path and a handler.
var methods = map[string]string{
	"NewGetRoute": "GET", "NewHeadRoute": "HEAD", "NewPostRoute": "POST", "NewPutRoute": "PUT", "NewDeleteRoute": "DELETE",
	"NewOptionsRoute": "OPTIONS",
}

// A route of the engine: what docksill calls it, and the function that answers.
type route struct {
	operation string
	handler   *types.Func
}

// routeOf a call, if it makes one; ids are docksill's.
func routeOf(p *pkg, call *ast.CallExpr, ids map[string]string) (r route, is bool) {
	maker, is := p.object(call.Fun).(*types.Func)
	if !is || methods[maker.Name()] == "" || len(call.Args) < 2 {
		return r, false
	}
	path, isText := p.constant(call.Args[0])
	handler, isFunc := p.object(call.Args[1]).(*types.Func)
	if !isText || !isFunc {
		return r, false
	}
	method := methods[maker.Name()]
	id := ids[method+" "+pattern(path)]
	if id == "" {
		log.Fatalf("docksill knows no %s %s", method, path)
	}
	return route{id, handler}, true
}

// routes of the engine's routers. Behind one of them, debug, stand Go's own handlers.
func routes(s *source, ids map[string]string) (list []route) {
	for _, place := range []string{"api/server/router/*", "daemon/server/router/*"} {
		folders, _ := filepath.Glob(filepath.Join(s.root, place))
		for _, folder := range folders {
			p := s.load(folder, s.importPath(folder))
			if p == nil || filepath.Base(folder) == "debug" {
				continue
			}
			for _, file := range p.files {
				ast.Inspect(file, func(n ast.Node) bool {
					if call, is := n.(*ast.CallExpr); is {
						if r, is := routeOf(p, call, ids); is {
							list = append(list, r)
						}
					}
					return true
				})
			}
		}
	}
	return list
}

// keyOf a path below a key of the query: "image.build<TAB>?ulimits[].Name" stands below "image.build<TAB>?ulimits".
func keyOf(line string) (key string, isMember bool) {
	query := strings.IndexByte(line, '?')
	if query < 0 {
		return "", false
	}
	at := strings.IndexAny(line[query:], ".[{")
	if at < 0 {
		return "", false
	}
	return line[:query+at], true
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: list SOURCE OPERATIONS")
	}
	source, found := newSource(os.Args[1]), map[string]bool{}
	list := routes(source, operations(os.Args[2]))
	if len(list) == 0 {
		log.Fatalf("%s: no routes of an engine", source.root)
	}
	for _, r := range list {
		w := walker{source: source, operation: r.operation, found: found}
		w.follow(r.handler, nil)
	}

	for line := range found {
		if key, isMember := keyOf(line); isMember {
			delete(found, key) // of a key that holds JSON its members are told
		}
	}
	lines := make([]string, 0, len(found))
	for line := range found {
		lines = append(lines, line)
	}
	sort.Strings(lines)
	for _, line := range lines {
		fmt.Println(line)
	}
}
