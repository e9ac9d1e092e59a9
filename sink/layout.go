package sink

import (
	"bytes"
	"io"
)

// layout is how records stand in a file.
type layout interface {
	// heading returns the record of the names of the fields, nil where there
	// are none.
	heading(names []string) []byte
	// names returns the names of the fields with which a file begins.
	names(content io.Reader) ([]string, error)
	// whole returns how long the part of a file is that holds whole records.
	whole(content io.ReaderAt, size int64) (int64, error)
}

// lines is the layout of files with one record to a line.
type lines struct{}

func (lines) heading([]string) []byte           { return nil }
func (lines) names(io.Reader) ([]string, error) { return nil, nil }
func (lines) whole(content io.ReaderAt, size int64) (int64, error) {
	block := make([]byte, min(size, 64<<10))
	for end := size; end > 0; {
		part := block[:min(end, int64(len(block)))]
		begin := end - int64(len(part))
		if n, err := content.ReadAt(part, begin); n < len(part) {
			return 0, err
		}
		if i := bytes.LastIndexByte(part, '\n'); i >= 0 {
			return begin + int64(i) + 1, nil
		}
		end = begin
	}
	return 0, nil
}
