package main

import (
	"encoding/binary"
	"io"
)

// A frame: one byte of kind, four of length (big endian), the payload. Kinds: c, a create body; t, a method, a space and
// a request target. In upper case it is an everyday one, which docksill must be able to read.
func readFrame(in io.Reader) (byte, []byte, error) {
	var head [5]byte

	if _, err := io.ReadFull(in, head[:]); err != nil {
		return 0, nil, err
	}
	payload := make([]byte, binary.BigEndian.Uint32(head[1:]))
	_, err := io.ReadFull(in, payload)
	return head[0], payload, err
}
