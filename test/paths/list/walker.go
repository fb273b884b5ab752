package main

import (
	"go/ast"
	"go/types"
	"reflect"
	"strings"
)

// A walker follows the request of one operation through the functions that it is handed to.
type walker struct {
	source    *source
	operation string
	found     map[string]bool
	stack     []*types.Func
}

// What a variable holds: the body, which has the prefix "", or the value of a key, "?key"; prefixes of paths both.
type taints map[types.Object]string

func (w *walker) add(path string) {
	if path != "" {
		w.found[w.operation+"\t"+path] = true
	}
}

// follow looks into a function. tainted: its parameters that hold something of the request, by their place.
func (w *walker) follow(f *types.Func, tainted map[int]string) {
	p, decl := w.source.declaration(f)
	if decl == nil {
		return
	}
	for _, above := range w.stack {
		if above == f {
			return
		}
	}
	w.stack = append(w.stack, f)
	defer func() { w.stack = w.stack[:len(w.stack)-1] }()

	b := body{walker: w, pkg: p, held: taints{}, closures: map[types.Object]bool{}}
	parameters := f.Type().(*types.Signature).Params()
	for i, prefix := range tainted {
		if i < parameters.Len() {
			b.held[parameters.At(i)] = prefix
		}
	}
	// Twice, since what is read into a buffer may be used before it is seen that it is.
	ast.Inspect(decl.Body, b.learn)
	ast.Inspect(decl.Body, b.learn)
	ast.Inspect(decl.Body, b.read)
}

// The body of one function.
type body struct {
	*walker
	pkg      *pkg
	held     taints
	closures map[types.Object]bool // functions in it that are given the name of a key
}

func isNamed(t types.Type, name string) bool {
	if p, is := t.(*types.Pointer); is {
		t = p.Elem()
	}
	n, is := t.(*types.Named)
	return is && n.Obj().Pkg() != nil && n.Obj().Pkg().Path()+"."+n.Obj().Name() == name
}

// key that an expression asks the query for: r.FormValue("k"), r.Form.Get("k"), r.Form["k"], r.URL.Query().Get("k"). The
// name is empty where it is no constant.
func (b *body) key(e ast.Expr) (name string, is bool) {
	switch e := e.(type) {
	case *ast.IndexExpr:
		if t := b.pkg.typeOf(e.X); t != nil && isNamed(t, "net/url.Values") {
			name, _ = b.pkg.constant(e.Index)
			return name, true
		}
	case *ast.CallExpr:
		selector, is := e.Fun.(*ast.SelectorExpr)
		if !is || len(e.Args) != 1 {
			return "", false
		}
		t := b.pkg.typeOf(selector.X)
		switch selector.Sel.Name {
		case "Get", "Has":
			if t == nil || !isNamed(t, "net/url.Values") {
				return "", false
			}
		case "FormValue", "PostFormValue":
			if t == nil || !isNamed(t, "net/http.Request") {
				return "", false
			}
		default:
			return "", false
		}
		name, _ = b.pkg.constant(e.Args[0])
		return name, true
	}
	return "", false
}

// holds tells what of the request stands in an expression, anywhere in it.
func (b *body) holds(e ast.Expr) (prefix string, is bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		if is {
			return false
		}
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.Ident:
			prefix, is = b.held[b.pkg.object(n)]
		case *ast.SelectorExpr:
			if t := b.pkg.typeOf(n.X); n.Sel.Name == "Body" && t != nil && isNamed(t, "net/http.Request") {
				prefix, is = "", true
			}
		case ast.Expr:
			if name, asks := b.key(n); asks && name != "" {
				prefix, is = "?"+name, true
			}
		}
		return !is
	})
	return prefix, is
}

// learn sees what variables hold.
func (b *body) learn(n ast.Node) bool {
	if loop, is := n.(*ast.RangeStmt); is && loop.Value != nil {
		if prefix, is := b.holds(loop.X); is {
			b.hold(loop.Value, prefix)
		}
	}
	assign, is := n.(*ast.AssignStmt)
	if !is {
		return true
	}
	for i, right := range assign.Rhs {
		if f, is := right.(*ast.FuncLit); is && len(assign.Lhs) == len(assign.Rhs) {
			b.closures[b.pkg.object(assign.Lhs[i])] = b.asksForParameter(f)
			continue
		}
		prefix, is := b.holds(right)
		if !is {
			continue
		}
		if len(assign.Lhs) == len(assign.Rhs) {
			b.hold(assign.Lhs[i], prefix)
		} else {
			b.hold(assign.Lhs[0], prefix)
		}
		if call, is := right.(*ast.CallExpr); is { // io.TeeReader(r.Body, &buffer)
			for _, a := range call.Args {
				if address, is := a.(*ast.UnaryExpr); is {
					b.hold(address.X, prefix)
				}
			}
		}
	}
	return true
}

// hold notes it of text and streams alone: numbers and truths are no JSON.
func (b *body) hold(e ast.Expr, prefix string) {
	o := b.pkg.object(e)
	if o == nil || o.Type() == nil {
		return
	}
	if _, known := b.held[o]; known {
		return
	}
	switch t := o.Type().Underlying().(type) {
	case *types.Basic:
		if t.Info()&types.IsString == 0 {
			return
		}
	case *types.Interface:
		if o.Type().String() == "error" {
			return
		}
	}
	b.held[o] = prefix
}

func (b *body) asksForParameter(f *ast.FuncLit) (asks bool) {
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if e, is := n.(ast.Expr); is {
			if name, is := b.key(e); is && name == "" {
				asks = true
			}
		}
		return true
	})
	return asks
}

// read sees what is done with the request.
func (b *body) read(n ast.Node) bool {
	e, is := n.(ast.Expr)
	if !is {
		return true
	}
	if name, is := b.key(e); is && name != "" {
		b.add("?" + name)
	}
	if call, is := e.(*ast.CallExpr); is {
		b.call(call)
	}
	return true
}

func (b *body) call(call *ast.CallExpr) {
	callee := b.pkg.object(call.Fun)
	if callee == nil {
		return
	}
	tainted := map[int]string{}
	request, asks := false, b.closures[callee]
	for i, a := range call.Args {
		if t := b.pkg.typeOf(a); t != nil && isNamed(t, "net/http.Request") {
			request = true
		}
		if prefix, is := b.holds(a); is {
			tainted[i] = prefix
		}
	}

	// BoolValue(r, "k") and the like.
	if request || asks {
		for _, a := range call.Args {
			if name, is := b.pkg.constant(a); is && name != "" && isKeyOf(callee, request) {
				b.add("?" + name)
			}
		}
	}
	f, is := callee.(*types.Func)
	if !is {
		return
	}
	switch f.FullName() {
	case "(*encoding/json.Decoder).Decode":
		if prefix, is := b.holds(call.Fun); is {
			b.decoded(prefix, call.Args[0])
		}
	case "encoding/json.Unmarshal":
		if prefix, is := tainted[0]; is {
			b.decoded(prefix, call.Args[1])
		}
	default:
		// ReadJSON(r, &x), loadJSON(body, &x): its own Decode sees nothing but an interface.
		last := len(call.Args) - 1
		if prefix, is := tainted[0]; last == 1 && (request || is && prefix == "") && b.isAny(f, last) {
			b.decoded("", call.Args[last])
			return
		}
		if request || len(tainted) > 0 {
			if signature := f.Type().(*types.Signature); signature.Recv() != nil && types.IsInterface(signature.Recv().Type()) {
				f = b.source.decoder(f.Name())
			}
			b.follow(f, tainted)
		}
	}
}

// isKeyOf keeps the name of a header or of a package's own from being taken for a key: those who ask for keys are
// httputils and the closures above.
func isKeyOf(callee types.Object, request bool) bool {
	return !request || callee.Pkg() != nil && strings.HasSuffix(callee.Pkg().Path(), "/httputils")
}

func (b *body) isAny(f *types.Func, parameter int) bool {
	parameters := f.Type().(*types.Signature).Params()
	if parameter >= parameters.Len() {
		return false
	}
	i, is := parameters.At(parameter).Type().Underlying().(*types.Interface)
	return is && i.NumMethods() == 0 && parameters.At(parameter).Pkg() != nil
}

func (b *body) decoded(prefix string, into ast.Expr) {
	if t := b.pkg.typeOf(into); t != nil {
		b.walk(prefix, t, nil)
	}
}

// walk adds the paths of a Go type, as encoding/json has them.
func (w *walker) walk(prefix string, t types.Type, above []types.Type) {
	if p, is := t.(*types.Pointer); is {
		if _, is := p.Elem().Underlying().(*types.Struct); is {
			w.add(prefix)
		}
		w.walk(prefix, p.Elem(), above)
		return
	}
	for _, a := range above {
		if types.Identical(a, t) {
			return
		}
	}
	above = append(above, t)
	_, isList := t.Underlying().(*types.Slice)
	if w.decodesItself(t) && !isList { // of lists there is StrSlice, which takes a string too
		w.add(prefix)
		return
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		members := members(u)
		if len(members) == 0 {
			w.add(prefix)
		}
		for _, m := range members {
			w.walk(strings.TrimPrefix(prefix+dot(prefix)+m.name, "."), m.t, above)
		}
	case *types.Slice:
		if element, is := u.Elem().Underlying().(*types.Basic); is && element.Kind() == types.Byte {
			w.add(prefix)
			return
		}
		w.walkElement(prefix+"[]", u.Elem(), above)
	case *types.Array:
		w.walkElement(prefix+"[]", u.Elem(), above)
	case *types.Map:
		w.walkElement(prefix+"{}", u.Elem(), above)
	default:
		w.add(prefix)
	}
}

// An empty one is more than none.
func (w *walker) walkElement(prefix string, t types.Type, above []types.Type) {
	if _, is := t.Underlying().(*types.Struct); is {
		w.add(prefix)
	}
	w.walk(prefix, t, above)
}

// A key's JSON begins at once: "?outputs[]".
func dot(prefix string) string {
	if prefix == "" {
		return ""
	}
	return "."
}

func (w *walker) decodesItself(t types.Type) bool {
	for _, name := range []string{"UnmarshalJSON", "UnmarshalText"} {
		o, index, _ := types.LookupFieldOrMethod(types.NewPointer(t), true, nil, name)
		if f, is := o.(*types.Func); is && f != nil && len(index) == 1 {
			return true
		}
	}
	return false
}

type member struct {
	name   string
	t      types.Type
	tagged bool
}

// members lists the JSON keys of a struct: of embedded ones too, where no other is nearer (encoding/json, typeFields).
func members(s *types.Struct) []member {
	var list []member
	named := map[string]bool{}

	for level := []*types.Struct{s}; len(level) > 0; {
		var next []*types.Struct
		var here []member
		count := map[string]int{}

		for _, s := range level {
			for i := 0; i < s.NumFields(); i++ {
				field := s.Field(i)
				tag := reflect.StructTag(s.Tag(i)).Get("json")
				name := strings.Split(tag, ",")[0]
				if tag == "-" {
					continue
				}
				t := field.Type()
				if p, is := t.(*types.Pointer); is && field.Embedded() {
					t = p.Elem()
				}
				if inner, is := t.Underlying().(*types.Struct); is && field.Embedded() && name == "" {
					next = append(next, inner)
					continue
				}
				if !field.Exported() {
					continue
				}
				m := member{name, field.Type(), name != ""}
				if name == "" {
					m.name = field.Name()
				}
				here = append(here, m)
				if m.tagged {
					count[m.name] += 1 << 16
				}
				count[m.name]++
			}
		}
		for _, m := range here {
			// One alone, or the one that is tagged among several.
			alone := count[m.name]&0xffff == 1 || m.tagged && count[m.name]>>16 == 1
			if alone && !named[m.name] {
				list = append(list, m)
			}
		}
		for name := range count {
			named[name] = true
		}
		level = next
	}
	return list
}
