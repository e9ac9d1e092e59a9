package report

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
)

// The files that Write writes.
const (
	pageName = "benchmarks.md"
	plotName = "benchmarks.svg"
)

// Write writes the page and the plot into a folder.
func Write(dir string, r Run) error {
	var page, plot bytes.Buffer
	if err := Page(&page, r); err != nil {
		return err
	}
	if err := Plot(&plot, r); err != nil {
		return err
	}
	for name, text := range map[string][]byte{pageName: page.Bytes(), plotName: plot.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil { //nolint:gosec // everybody may read it
			return fmt.Errorf("report: %w", err)
		}
	}
	return nil
}
