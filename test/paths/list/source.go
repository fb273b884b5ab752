package main

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
)

// The source of an engine, a checkout with its folder vendor or a GOPATH as Debian installs one.
type source struct {
	root   string
	set    *token.FileSet
	loaded map[string]*pkg
}

type pkg struct {
	types *types.Package
	info  types.Info
	files []*ast.File
	decls map[*types.Func]*ast.FuncDecl
}

func newSource(root string) *source {
	root, _ = filepath.Abs(root)
	return &source{root: root, set: token.NewFileSet(), loaded: map[string]*pkg{}}
}

// Modules that moby's repository has held, the longest first.
var modules = []struct{ path, folder string }{
	{"github.com/moby/moby/client", "client"},
	{"github.com/moby/moby/api", "api"},
	{"github.com/moby/moby/v2", ""},
	{"github.com/docker/docker", ""},
}

// importPath of a folder of the engine's own. Two names for one package do no harm here.
func (s *source) importPath(folder string) string {
	relative, _ := filepath.Rel(s.root, folder)
	if strings.HasPrefix(relative, "daemon/server/") {
		return "github.com/moby/moby/v2/" + relative
	}
	return "github.com/docker/docker/" + relative
}

// folder of an import; empty if it is nowhere.
func (s *source) folder(path string) string {
	places := []string{}
	for _, m := range modules {
		if path == m.path || strings.HasPrefix(path, m.path+"/") {
			places = append(places, filepath.Join(s.root, m.folder, strings.TrimPrefix(path, m.path)))
		}
	}
	places = append(places, filepath.Join(s.root, "vendor", path))
	if at := strings.LastIndex(s.root, "/src/"); at >= 0 {
		places = append(places, filepath.Join(s.root[:at], "src", path))
	}
	places = append(places, filepath.Join(build.Default.GOROOT, "src", path))
	for _, place := range places {
		if files, _ := filepath.Glob(filepath.Join(place, "*.go")); len(files) > 0 {
			return place
		}
	}
	return ""
}

// Only what a request goes through is looked into; of all else the types will do.
func followed(path string) bool {
	for _, part := range []string{"/server/router", "/server/httputils", "/runconfig", "/api/types/registry", "/authconfig"} {
		if strings.Contains(path, part) {
			return true
		}
	}
	return false
}

// load parses and checks the package of a folder; nil if it holds none.
func (s *source) load(folder, path string) *pkg {
	if p, known := s.loaded[path]; known {
		return p
	}
	p := &pkg{decls: map[*types.Func]*ast.FuncDecl{}}
	s.loaded[path] = p
	p.info = types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}

	context := build.Default
	context.GOOS, context.GOARCH, context.CgoEnabled = "linux", "amd64", false
	for minor := len(context.ReleaseTags) + 1; minor < 100; minor++ {
		context.ReleaseTags = append(context.ReleaseTags, fmt.Sprintf("go1.%d", minor)) // what a newer Go would build too
	}
	names, _ := filepath.Glob(filepath.Join(folder, "*.go"))
	for _, name := range names {
		if match, _ := context.MatchFile(folder, filepath.Base(name)); !match || strings.HasSuffix(name, "_test.go") {
			continue
		}
		if file, _ := parser.ParseFile(s.set, name, nil, parser.SkipObjectResolution); file != nil {
			p.files = append(p.files, file)
		}
	}
	if len(p.files) == 0 {
		s.loaded[path] = nil
		return nil
	}
	config := types.Config{
		Importer: s, IgnoreFuncBodies: !followed(path), FakeImportC: true,
		Error: func(error) {}, // what this Go, or a package that is missing, makes unknown is left unknown
	}
	p.types, _ = config.Check(path, s.set, p.files, &p.info)
	for _, file := range p.files {
		for _, d := range file.Decls {
			if decl, is := d.(*ast.FuncDecl); is {
				if f, is := p.info.Defs[decl.Name].(*types.Func); is {
					p.decls[f] = decl
				}
			}
		}
	}
	return p
}

// Import is what the type checker asks.
func (s *source) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	folder := s.folder(path)
	if folder == "" {
		return nil, os.ErrNotExist
	}
	p := s.load(folder, path)
	if p == nil || p.types == nil {
		return nil, os.ErrNotExist
	}
	return p.types, nil
}

// declaration of a function, and the package it stands in; nil where it is not looked into.
func (s *source) declaration(f *types.Func) (*pkg, *ast.FuncDecl) {
	if f == nil || f.Pkg() == nil || !followed(f.Pkg().Path()) {
		return nil, nil
	}
	p := s.loaded[f.Pkg().Path()]
	if p == nil || p.decls[f] == nil || p.decls[f].Body == nil {
		return nil, nil
	}
	return p, p.decls[f]
}

// decoder finds the method that an interface of the routers stands for: moby's package runconfig has it.
func (s *source) decoder(name string) *types.Func {
	path := "github.com/docker/docker/runconfig"
	p := s.load(s.folder(path), path)
	if p == nil {
		return nil
	}
	for f := range p.decls {
		if f.Name() == name {
			return f
		}
	}
	return nil
}

func (p *pkg) constant(e ast.Expr) (string, bool) {
	value := p.info.Types[e].Value
	if value == nil || value.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(value), true
}

// object that an expression names: a variable, a function, a method of a value.
func (p *pkg) object(e ast.Expr) types.Object {
	switch e := e.(type) {
	case *ast.Ident:
		if o := p.info.Uses[e]; o != nil {
			return o
		}
		return p.info.Defs[e]
	case *ast.SelectorExpr:
		return p.info.Uses[e.Sel]
	case *ast.ParenExpr:
		return p.object(e.X)
	}
	return nil
}

func (p *pkg) typeOf(e ast.Expr) types.Type { return p.info.TypeOf(e) }
