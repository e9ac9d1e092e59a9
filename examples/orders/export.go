package main

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/source"
)

// export is a file of order lines.
type export struct {
	// name begins the ids of its lines. It stands for the contents: tomorrow's
	// export may come under today's file name, and its lines are not today's.
	name  string
	label string // as people are told
	lines int
	from  *source.Text[ergon.Record]
}

// openExport looks at a file before anything is done with it.
func openExport(ctx context.Context, path, label string) (export, error) {
	name, err := nameOf(path)
	if err != nil {
		return export{}, err
	}
	from := source.CSV(path, source.Named(name))
	lines, err := from.Count(ctx)
	if err != nil {
		return export{}, err
	}
	return export{name: name, label: label, lines: lines, from: from}, nil
}

// nameOf reads a file, checks that it is an export, and returns the name that
// stands for its contents.
func nameOf(path string) (string, error) {
	if info, err := os.Stat(path); err != nil {
		return "", err
	} else if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s: is not a regular file", path)
	}
	file, err := os.Open(path) //nolint:gosec // the user names the file
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }() // it was only read
	digest := sha256.New()
	contents := io.TeeReader(file, digest)
	if err := checkHeading(contents); err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	if _, err := io.Copy(io.Discard, contents); err != nil {
		return "", err
	}
	return "orders-" + hex.EncodeToString(digest.Sum(nil)[:8]), nil
}

// checkHeading returns which columns are missing.
func checkHeading(contents io.Reader) error {
	names, err := csv.NewReader(contents).Read()
	if errors.Is(err, io.EOF) {
		return errors.New("is empty")
	}
	if err != nil {
		return fmt.Errorf("has no heading: %w", err)
	}
	names[0] = strings.TrimPrefix(names[0], "\ufeff")
	var missing []string
	for _, column := range columns {
		if !slices.Contains(names, column) {
			missing = append(missing, column)
		}
	}
	if len(missing) > 0 {
		return errors.New("has no column " + strings.Join(missing, ", "))
	}
	return nil
}
