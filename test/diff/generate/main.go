// generate: create bodies and request targets, everyday ones and such as no client would send.
//
//	generate SEED FROM COUNT [CASES]
//
// Writes frames (decode/frame.go) number FROM to FROM+COUNT-1 to standard output, then those of CASES, a file of JSON
// Lines with a "kind" and a "frame" (base64), so that what was found once is asked again. A frame hangs on the seed and its
// own number alone: one that came out wrong can be made again by itself.
package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
)

func fail(what interface{}) {
	fmt.Fprintln(os.Stderr, "generate:", what)
	os.Exit(1)
}

func argument(text string) uint64 {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		fail(err)
	}
	return n
}

func writeFrame(out *bufio.Writer, kind byte, payload []byte) {
	head := [5]byte{kind}

	binary.BigEndian.PutUint32(head[1:], uint32(len(payload)))
	out.Write(head[:])
	out.Write(payload)
}

func writeCases(out *bufio.Writer, path string) {
	file, err := os.Open(path)
	if err != nil {
		fail(err)
	}
	for decoder := json.NewDecoder(file); decoder.More(); {
		var one struct {
			Kind  string
			Frame []byte
		}
		if err := decoder.Decode(&one); err != nil || len(one.Kind) != 1 {
			fail(fmt.Sprint(path, ": ", err))
		}
		writeFrame(out, one.Kind[0], one.Frame)
	}
}

func main() {
	if len(os.Args) < 4 {
		fail("SEED FROM COUNT [CASES]")
	}
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	seed, from, count := argument(os.Args[1]), argument(os.Args[2]), argument(os.Args[3])

	for i := from; i < from+count; i++ {
		r := newChance(seed, i)
		// Two bodies for each target.
		if i%3 == 2 {
			kind, target := makeTarget(r)
			writeFrame(out, kind, target)
		} else {
			kind, body := makeBody(r)
			writeFrame(out, kind, body)
		}
	}
	if len(os.Args) > 4 {
		writeCases(out, os.Args[4])
	}
	if out.Flush() != nil {
		os.Exit(1)
	}
}
