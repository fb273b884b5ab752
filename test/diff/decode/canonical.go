package main

import (
	"reflect"
	"sort"
	"strconv"
	"strings"
)

// canonical writes a value as JSON with one spelling: keys sorted by bytes, zero values left out, only what must be
// escaped is. What Go tells apart is told apart: an empty list or map from none, a pointer to 0 from no pointer. Empty
// structs are left out, pointers to them too, for their members have no meaning on their own.
func canonical(value interface{}) string {
	var b strings.Builder

	if !write(&b, reflect.ValueOf(value)) {
		return "{}"
	}
	return b.String()
}

func writeString(b *strings.Builder, s string) {
	b.WriteByte('"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < 0x20:
			const digits = "0123456789abcdef"
			b.WriteString(`\u00`)
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
}

// write adds the value, or nothing and false when it is zero.
func write(b *strings.Builder, v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Bool:
		if v.Bool() {
			b.WriteString("true")
		}
		return v.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if v.Int() != 0 {
			b.WriteString(strconv.FormatInt(v.Int(), 10))
		}
		return v.Int() != 0
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if v.Uint() != 0 {
			b.WriteString(strconv.FormatUint(v.Uint(), 10))
		}
		return v.Uint() != 0
	case reflect.String:
		if v.Len() > 0 {
			writeString(b, v.String())
		}
		return v.Len() > 0
	case reflect.Ptr:
		if v.IsNil() {
			return false
		}
		if v.Elem().Kind() == reflect.Struct {
			return writeStruct(b, v.Elem()) > 0
		}
		writeItem(b, v.Elem())
		return true
	case reflect.Array:
		return !v.IsZero() && writeList(b, v)
	case reflect.Slice:
		return !v.IsNil() && writeList(b, v)
	case reflect.Map:
		return !v.IsNil() && writeMap(b, v)
	case reflect.Struct:
		return writeStruct(b, v) > 0
	}
	panic("no canonical form of " + v.Type().String())
}

// writeItem adds a value that stands in a list or map and can't be left out.
func writeItem(b *strings.Builder, v reflect.Value) {
	if v.Kind() == reflect.Ptr {
		if v.IsNil() {
			b.WriteString("{}")
			return
		}
		v = v.Elem()
	}
	if v.Kind() == reflect.Struct {
		writeStruct(b, v)
		return
	}
	if write(b, v) {
		return
	}
	switch v.Kind() {
	case reflect.String:
		b.WriteString(`""`)
	case reflect.Bool:
		b.WriteString("false")
	case reflect.Slice, reflect.Map:
		b.WriteString("null")
	default:
		b.WriteString("0")
	}
}

func writeList(b *strings.Builder, v reflect.Value) bool {
	b.WriteByte('[')
	for i := 0; i < v.Len(); i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		writeItem(b, v.Index(i))
	}
	b.WriteByte(']')
	return true
}

func writeMap(b *strings.Builder, v reflect.Value) bool {
	keys := v.MapKeys()

	sort.Slice(keys, func(i, j int) bool { return keys[i].String() < keys[j].String() })
	b.WriteByte('{')
	for i, key := range keys {
		if i > 0 {
			b.WriteByte(',')
		}
		writeString(b, key.String())
		b.WriteByte(':')
		writeItem(b, v.MapIndex(key))
	}
	b.WriteByte('}')
	return true
}

type member struct {
	name  string
	index []int
}

var membersOf = map[reflect.Type][]member{}

// members lists the JSON names of a struct, those of embedded structs too, sorted.
func members(t reflect.Type) []member {
	list, known := membersOf[t]
	if known {
		return list
	}
	for i := 0; i < t.NumField(); i++ {
		field := t.Field(i)
		name := strings.Split(field.Tag.Get("json"), ",")[0]
		if name == "-" {
			continue
		}
		if field.Anonymous && name == "" {
			for _, inner := range members(field.Type) {
				list = append(list, member{inner.name, append([]int{i}, inner.index...)})
			}
			continue
		}
		if name == "" {
			name = field.Name
		}
		list = append(list, member{name, []int{i}})
	}
	sort.Slice(list, func(i, j int) bool { return list[i].name < list[j].name })
	membersOf[t] = list
	return list
}

// writeStruct says how many members it has added; its braces stand in any case.
func writeStruct(b *strings.Builder, v reflect.Value) int {
	var inner strings.Builder
	n := 0

	for _, member := range members(v.Type()) {
		var one strings.Builder

		if !write(&one, v.FieldByIndex(member.index)) {
			continue
		}
		if n > 0 {
			inner.WriteByte(',')
		}
		writeString(&inner, member.name)
		inner.WriteByte(':')
		inner.WriteString(one.String())
		n++
	}
	b.WriteByte('{')
	b.WriteString(inner.String())
	b.WriteByte('}')
	return n
}
