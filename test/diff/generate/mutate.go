package main

import (
	"strings"
)

// walk visits every node; parents first.
func walk(n *node, visit func(*node)) {
	visit(n)
	for _, m := range n.members {
		walk(m.value, visit)
	}
	for _, item := range n.items {
		walk(item, visit)
	}
}

// pick returns some node of the tree that fits, or nil.
func (r *chance) pick(tree *node, fits func(*node) bool) *node {
	var found []*node

	walk(tree, func(n *node) {
		if fits(n) {
			found = append(found, n)
		}
	})
	if len(found) == 0 {
		return nil
	}
	return found[r.below(len(found))]
}

func hasMembers(n *node) bool { return len(n.members) > 0 }
func isText(n *node) bool     { return n.kind == text }
func isNumber(n *node) bool   { return n.kind == number }
func isArray(n *node) bool    { return n.kind == array }
func isAny(n *node) bool      { return true }

// The letters that Go folds to an s and a k, and some that only look as if they were.
var folds = map[byte][]string{
	's': {"S", "\u017f"}, 'S': {"s", "\u017f"}, 'k': {"K", "\u212a"}, 'K': {"k", "\u212a"},
	'i': {"I", "\u0131", "\u0130"}, 'I': {"i", "\u0131"}, 'a': {"A", "\uff41"}, 'e': {"E", "\u0117"},
}

func (r *chance) refold(key string) string {
	var b strings.Builder

	for i := 0; i < len(key); i++ {
		c := key[i]
		if others, has := folds[c]; has && r.in(3) {
			b.WriteString(r.of(others))
		} else if r.in(4) && (c|32 >= 'a' && c|32 <= 'z') {
			b.WriteByte(c ^ 32)
		} else {
			b.WriteByte(c)
		}
	}
	switch r.below(12) {
	case 0:
		b.WriteByte(0)
	case 1:
		b.WriteByte(' ')
	}
	return b.String()
}

var oddNumbers = []string{"1e9", "1E2", "1.0", "0.0", "-0", "-0.0", "01", "+1", ".5", "5.", "-", "1e", "0x10", "9223372036854775807",
	"9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616", "1e400",
	"1e-400", "65535", "65536", "255", "256", "-1", "4294967295", "4294967296", "NaN", "Infinity", "1_0", "\"5\"", "0e0", "00", "1 2",
	"2147483648", "99999999999999999999999999", "True", "TRUE", "nul", "nulll", "truefalse", "'x'", "undefined"}

// Spelt in the source as they are: raw bytes in a string, halves of surrogate pairs, escapes that are none.
var rawStrings = []string{`"\u0000"`, `"\ud800"`, `"\udc00\ud800"`, `"\ud83d\ude00"`, "\"\xff\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "\"\x00\"",
	"\"\x01\"", "\"\n\"", "\"\x7f\"", `"\x41"`, `"\u12"`, `"\uD83D"`, `"\uD83Dx"`, `"\ud83d\u0041"`, `"\/"`, `"\'"`, `"\u`, "\"\xf4\x90\x80\x80\"",
	"\"\xe2\x80\"", "\"\xc5\"", `"\u212a"`, `"\u0053"`, "\"\xef\xbb\xbf\"", `"`, `""""`, "\"\\\xff\""}

func (r *chance) anything() *node {
	switch r.below(8) {
	case 0:
		return word("null")
	case 1:
		return word(r.of(oddNumbers))
	case 2:
		return word(r.of(rawStrings))
	case 3:
		return str(r.of(words))
	case 4:
		return list()
	case 5:
		return &node{kind: object}
	case 6:
		return list(str("a"), word("null"), word("1"))
	}
	return &node{kind: object, members: []member{{"a", word("true")}, {r.of(words), str("b")}}}
}

func clone(n *node) *node {
	c := *n
	c.members = append([]member(nil), n.members...)
	c.items = append([]*node(nil), n.items...)
	for i := range c.members {
		c.members[i].value = clone(c.members[i].value)
	}
	for i := range c.items {
		c.items[i] = clone(c.items[i])
	}
	return &c
}

func (r *chance) insert(n *node, m member) {
	at := r.below(len(n.members) + 1)
	n.members = append(n.members, member{})
	copy(n.members[at+1:], n.members[at:])
	n.members[at] = m
}

func (r *chance) mutateKey(n *node) {
	at := r.below(len(n.members))
	m := n.members[at]

	switch r.below(5) {
	case 0, 1: // another spelling of the key
		n.members[at].key = r.refold(m.key)
	case 2: // the same key twice
		r.insert(n, member{m.key, clone(m.value)})
	case 3: // in two spellings, with another value
		r.insert(n, member{r.refold(m.key), r.anything()})
	case 4: // a key that nobody knows
		r.insert(n, member{r.of(words), r.anything()})
	}
}

func (r *chance) mutateText(n *node) {
	switch r.below(5) {
	case 0:
		n.text = r.of(pool(r.of([]string{"Binds", "SecurityOpt", "User", "Image", "CapAdd", "HostPort"})))
	case 1:
		n.text = r.refold(n.text)
	case 2:
		n.text += r.of(words)
	case 3:
		*n = *word(r.of(rawStrings))
	case 4:
		*n = *str(strings.Repeat(r.of([]string{"x", "\u00e9", "/../", "\x00", "\""}), 1+r.below(3000)))
	}
}

// mutate changes one thing somewhere; what comes back is the tree, or another.
func (r *chance) mutate(tree *node) *node {
	switch r.below(16) {
	case 0, 1, 2, 3, 4:
		if n := r.pick(tree, hasMembers); n != nil {
			r.mutateKey(n)
		}
	case 5, 6:
		if n := r.pick(tree, isText); n != nil {
			r.mutateText(n)
		}
	case 7, 8:
		if n := r.pick(tree, isNumber); n != nil {
			n.text = r.of(oddNumbers)
		}
	case 9:
		*r.pick(tree, isAny) = *r.anything()
	case 10: // the value in a list of one, or the only item without its list
		n := r.pick(tree, isAny)
		if n.kind == array && len(n.items) == 1 {
			*n = *n.items[0]
		} else {
			inner := *n
			*n = *list(&inner)
		}
	case 11: // members of HostConfig at the top
		for _, m := range tree.members {
			if m.key == "HostConfig" && len(m.value.members) > 0 {
				r.insert(tree, m.value.members[r.below(len(m.value.members))])
				break
			}
		}
	case 12:
		if n := r.pick(tree, isArray); n != nil {
			for i := r.below(200); i > 0; i-- {
				n.items = append(n.items, r.anything())
			}
		}
	case 13: // nested without end
		depth := []int{2, 90, 999, 1000, 1001, 9999, 10001}[r.below(7)]
		open, closing := "[", "]"
		if r.in(2) {
			open, closing = `{"a":`, "}"
		}
		*r.pick(tree, isAny) = *word(strings.Repeat(open, depth) + "1" + strings.Repeat(closing, depth))
	case 14:
		if n := r.pick(tree, hasMembers); n != nil {
			n.members[r.below(len(n.members))].value = word("null")
		}
	case 15:
		if r.in(8) {
			return r.anything()
		}
	}
	return tree
}

var tails = []string{" ", "\n", "}", "{}", "x", "\x00", "null", ",", "]", "\t\r\n", "\f", "\u00a0", "//", `{"HostConfig":{"Privileged":true}}`}

// damage works on the bytes, whatever they mean.
func (r *chance) damage(body []byte) []byte {
	if len(body) == 0 {
		return []byte(r.of(tails))
	}
	at := r.below(len(body))
	switch r.below(6) {
	case 0:
		return body[:at]
	case 1:
		return append(body, r.of(tails)...)
	case 2:
		return append([]byte(r.of([]string{"\ufeff", " ", "\f", "\x00", "[", "\u00a0"})), body...)
	case 3:
		body[at] = byte(r.next())
	case 4:
		return append(body[:at:at], body[at+1:]...)
	case 5:
		return append(body[:at:at], append([]byte{byte(r.next())}, body[at:]...)...)
	}
	return body
}
