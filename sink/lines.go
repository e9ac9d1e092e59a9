package sink

import (
	"errors"
	"strings"
)

var errTwoLines = errors.New("sink: a newline in it would make two lines of one")

// Lines returns a sink that writes each payload as a line at the end of a file,
// byte for byte, with a newline behind it. A payload that holds a newline is
// refused, as a fault of the data; one that ends in a carriage return is read
// back without it by most readers.
//
// Via makes lines of other payloads.
func Lines(path string) *File[string] {
	return newFile(path, kind[string]{name: "sink.Lines", layout: lines{}, encode: line})
}

func line(dst []byte, payload string) ([]byte, error) {
	if strings.IndexByte(payload, '\n') >= 0 {
		return dst, errTwoLines
	}
	return append(append(dst, payload...), '\n'), nil
}
