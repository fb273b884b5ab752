package main

import (
	"strings"
)

type kind int

const (
	object kind = iota
	array
	text   // of .text, spelt by the writer
	number // spelt as .text has it, and the other words too
)

// node is a JSON value whose members keep their order and may stand twice.
type node struct {
	kind    kind
	text    string
	members []member
	items   []*node
}

type member struct {
	key   string
	value *node
}

func word(s string) *node   { return &node{kind: number, text: s} }
func str(s string) *node    { return &node{kind: text, text: s} }
func list(n ...*node) *node { return &node{kind: array, items: n} }

func (n *node) add(key string, value *node) {
	n.members = append(n.members, member{key, value})
}

// writer spells a node. With odd > 0 it takes a needless escape or blank once in that many places.
type writer struct {
	strings.Builder
	r   *chance
	odd int
}

var blanks = []string{" ", "\t", "\n", "\r", "\r\n  "}

func (w *writer) blank() {
	if w.odd > 0 && w.r.in(w.odd) {
		w.WriteString(w.r.of(blanks))
	}
}

const hex = "0123456789abcdef"

func (w *writer) escape(unit uint16) {
	digits := hex
	if w.r.in(3) {
		digits = "0123456789ABCDEF"
	}
	w.WriteString(`\u`)
	for shift := 12; shift >= 0; shift -= 4 {
		w.WriteByte(digits[unit>>shift&15])
	}
}

var shortEscapes = map[byte]byte{'"': '"', '\\': '\\', '/': '/', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't'}

// string writes bytes as they are (they may be no UTF-8) and escapes what has to be, and more when odd.
func (w *writer) string(s string) {
	w.WriteByte('"')
	for i := 0; i < len(s); i++ {
		c := s[i]
		must := c < 0x20 || c == '"' || c == '\\'
		may := w.odd > 0 && c < 0x80 && w.r.in(w.odd)
		short, has := shortEscapes[c]
		switch {
		case (must || may) && has && !w.r.in(3):
			w.WriteByte('\\')
			w.WriteByte(short)
		case must || may:
			w.escape(uint16(c))
		default:
			w.WriteByte(c)
		}
	}
	w.WriteByte('"')
}

func (w *writer) write(n *node) {
	w.blank()
	switch n.kind {
	case object:
		w.WriteByte('{')
		for i, m := range n.members {
			if i > 0 {
				w.WriteByte(',')
			}
			w.blank()
			w.string(m.key)
			w.blank()
			w.WriteByte(':')
			w.write(m.value)
		}
		w.WriteByte('}')
	case array:
		w.WriteByte('[')
		for i, item := range n.items {
			if i > 0 {
				w.WriteByte(',')
			}
			w.write(item)
		}
		w.WriteByte(']')
	case text:
		w.string(n.text)
	case number:
		w.WriteString(n.text)
	}
	w.blank()
}
