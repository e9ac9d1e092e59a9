package source

import (
	"context"
	"fmt"

	"github.com/ergon-go/ergon"
)

// Line is one line of a text.
type Line struct {
	Text   string // without its end; of a line that is too long, its beginning
	Number int    // in the file, from 1
	Err    error  // why Text is not all of it: a Business error around ErrTooLong
}

// Lines returns a Source of the lines of a file, blank ones included, with the
// ids "name:1", "name:2" and so on: the numbers of the lines. A line longer than
// Longest is handed out with an Err; LineText is the stage that fails on it.
func Lines(path string, opts ...TextOption) *Text[Line] {
	t := newText[Line]("source.Lines", path, opts)
	t.cutter = func(w *window) cutter[Line] {
		return &lineText{lines{window: w, longest: t.longest}}
	}
	return t
}

// LineText is a stage that turns lines into their text, and fails on a line that
// has an Err.
func LineText(_ context.Context, line Line) (string, error) { return line.Text, line.Err }

type lineText struct{ lines }

func (l *lineText) payload() Line {
	line := Line{Text: string(l.text), Number: l.number}
	if l.long {
		line.Err = tooLong(l.number, l.longest)
	}
	return line
}

func tooLong(line, longest int) error {
	return ergon.Business(fmt.Errorf("%w: line %d, %d bytes", ErrTooLong, line, longest))
}
