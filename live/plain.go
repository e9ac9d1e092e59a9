package live

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
)

// plainWidth is how wide a picture is that stands in no terminal.
const plainWidth = 120

// write writes a line for each pipeline now and then, until ctx ends.
func (w *watcher) write(ctx context.Context, out io.Writer) error {
	w.look()
	ticker := time.NewTicker(writeEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		for _, r := range w.look().Runs {
			if _, err := fmt.Fprintln(out, lineOf(r)); err != nil {
				return written(err)
			}
		}
	}
}

// lineOf returns a pipeline on one line.
func lineOf(r run) string {
	parts := headOf(r, plainWidth)
	if r.State != notBegun {
		parts = append(parts, alarms(r)...)
	}
	return plain(strings.Join(parts, "  "))
}

// plain returns a text without what only a terminal understands.
func plain(text string) string { return ansi.Strip(text) }
