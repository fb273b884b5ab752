// decode: what dockerd makes of a request, told by dockerd's own code.
//
// Reads frames (see frame.go) from standard input and prints a line for each. Columns are separated by tabs, the first is
// the kind of frame. Of a create body: "read" and what was decoded, or "error" (the JSON can't be decoded) or "refused"
// (it was, and dockerd says no). Of a target: "route" and where it leads, or "none" (no plugin is asked). The reader
// beside this folder, read.c, prints the same of docksill's reading; compare.py holds the lines against each other.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
)

func main() {
	in, out := bufio.NewReaderSize(os.Stdin, 1<<20), bufio.NewWriterSize(os.Stdout, 1<<20)
	routes := newRouter()

	for {
		kind, payload, err := readFrame(in)
		if err == io.EOF {
			break
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "decode:", err)
			os.Exit(1)
		}
		out.WriteByte(kind)
		out.WriteByte('\t')
		switch kind {
		case 'c', 'C':
			out.WriteString(createLine(payload))
		case 't', 'T':
			out.WriteString(routes.line(string(payload)))
		}
		out.WriteByte('\n')
	}
	if out.Flush() != nil {
		os.Exit(1)
	}
}
