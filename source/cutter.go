package source

import (
	"context"
	"io"
)

// cutter cuts a text into pieces, each the payload of a transaction.
type cutter[T any] interface {
	// next goes to the next piece: io.EOF where there is none. After any other
	// error it may be tried again.
	next(ctx context.Context) error
	// payload is the current piece, and position its number in ids.
	payload() T
	position() int64
}

// lines goes through a text line by line.
type lines struct {
	*window
	longest int
	text    []byte // the current piece without its end, cut at longest
	number  int    // of the line on which it begins, from 1
	passed  int    // how many lines lie before the next piece
	long    bool   // the current piece is the beginning of a line longer than longest
	midline bool   // the rest of that line is still to be skipped
}

func (l *lines) next(ctx context.Context) error {
	end, long, err := l.first(ctx)
	if err != nil {
		return err
	}
	l.take(end, long, 1)
	return nil
}

// first returns where the next line ends, as window.line does; io.EOF where
// there is none.
func (l *lines) first(ctx context.Context) (end int, long bool, err error) {
	if err := l.begin(ctx); err != nil {
		return 0, false, err
	}
	if l.midline {
		if err := l.skipLine(ctx); err != nil {
			return 0, false, err
		}
		l.midline = false
	}
	end, long, err = l.line(ctx, 0, l.longest)
	if err == nil && end == 0 {
		err = io.EOF
	}
	return end, long, err
}

// take makes so many lines the current piece. Of a long line it takes the
// beginning, and leaves the rest to be skipped.
func (l *lines) take(end int, long bool, height int) {
	l.number = l.passed + 1
	l.passed += height
	l.long, l.midline = long, long
	if long {
		end = l.longest
	}
	l.text = l.rest()[:end]
	l.drop(end)
	if !long {
		l.text = chomp(l.text)
	}
}

func (l *lines) position() int64 { return int64(l.number) }
