package source

import (
	"bytes"
	"context"
	"errors"
	"io"
)

// window is the part of a text that is in memory: from the piece that is being
// cut to as far as was read.
type window struct {
	src   io.Reader
	buf   []byte
	off   int  // where what was not cut yet begins
	begun bool // a byte order mark was looked for
	ended bool // there is no more than what is in buf
}

// chunk is how much is read at once.
const chunk = 64 << 10

// rest is what was read and not cut yet. It is valid until more is called.
func (w *window) rest() []byte { return w.buf[w.off:] }

// drop cuts n bytes off.
func (w *window) drop(n int) { w.off += n }

// more reads on, and returns io.EOF where there is no more. After any other
// error it may be tried again.
func (w *window) more(ctx context.Context) error {
	if w.ended {
		return io.EOF
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	w.makeRoom()
	n, err := w.src.Read(w.buf[len(w.buf):cap(w.buf)])
	w.buf = w.buf[:len(w.buf)+n]
	if errors.Is(err, io.EOF) {
		w.ended = true
	}
	if n > 0 {
		return nil // an error will come again
	}
	return err
}

// makeRoom moves what is left to the front, and grows where that is not enough.
func (w *window) makeRoom() {
	if cap(w.buf)-len(w.buf) >= chunk/2 {
		return
	}
	rest, into := w.rest(), w.buf[:0]
	if size := max(chunk, 2*len(rest)); size > cap(w.buf) {
		into = make([]byte, 0, size)
	}
	w.buf, w.off = append(into, rest...), 0
}

// begin skips a byte order mark at the beginning of the text.
func (w *window) begin(ctx context.Context) error {
	if w.begun {
		return nil
	}
	for len(w.rest()) < len(byteOrderMark) {
		if err := w.more(ctx); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
	}
	if bytes.HasPrefix(w.rest(), byteOrderMark) {
		w.drop(len(byteOrderMark))
	}
	w.begun = true
	return nil
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// line returns where the line that begins at from ends: behind its newline, or
// at the end of the text. Where that is more than longest bytes from the
// beginning of the window, it says long and may not have looked further.
func (w *window) line(ctx context.Context, from, longest int) (end int, long bool, err error) {
	for seen := from; ; {
		rest := w.rest()
		if i := bytes.IndexByte(rest[seen:], '\n'); i >= 0 {
			end = seen + i + 1
			return end, len(chomp(rest[:end])) > longest, nil
		}
		if len(chomp(rest)) > longest {
			return len(rest), true, nil
		}
		seen = len(rest)
		if err := w.more(ctx); errors.Is(err, io.EOF) {
			return seen, false, nil
		} else if err != nil {
			return 0, false, err
		}
	}
}

// skipLine drops what is left of a line, its end included.
func (w *window) skipLine(ctx context.Context) error {
	for {
		rest := w.rest()
		if i := bytes.IndexByte(rest, '\n'); i >= 0 {
			w.drop(i + 1)
			return nil
		}
		w.drop(len(rest))
		if err := w.more(ctx); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// chomp returns a line without its end.
func chomp(line []byte) []byte {
	line = bytes.TrimSuffix(line, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r"))
}
