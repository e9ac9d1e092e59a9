package source

import (
	"bytes"
	"context"
)

// JSONLines returns a Source of the lines of a file as they stand there, for
// stage.JSON to decode. Blank lines are skipped, and ids are "name:" and the
// number of the line. A line longer than Longest is cut there and ends in "…",
// which makes it invalid as JSON whatever stood before, so it fails where it is
// decoded.
func JSONLines(path string, opts ...TextOption) *Text[[]byte] {
	t := newText[[]byte]("source.JSONLines", path, opts)
	t.cutter = func(w *window) cutter[[]byte] {
		return &jsonText{lines{window: w, longest: t.longest}}
	}
	return t
}

type jsonText struct{ lines }

func (j *jsonText) next(ctx context.Context) error {
	for {
		err := j.lines.next(ctx)
		if err != nil || j.long || len(bytes.TrimSpace(j.text)) > 0 {
			return err
		}
	}
}

func (j *jsonText) payload() []byte {
	if j.long {
		return append(bytes.Clone(j.text), "…"...)
	}
	return bytes.Clone(j.text)
}
