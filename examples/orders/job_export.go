package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
)

// generatedLabel is what stands for a file name where there is none.
const generatedLabel = "generated lines"

// export is what is to be queued. Lines are generated where nothing else is
// asked for, and never among those of a real export.
func (j *job) export(ctx context.Context, s *shop) (e export, given bool, err error) {
	if j.in != "" {
		e, err = openExport(ctx, j.in, filepath.Base(j.in))
		if err != nil {
			return e, false, atOpening(ctx, err)
		}
		return e, true, nil
	}
	known, torn, err := s.exports(ctx)
	if err != nil {
		return e, false, stopped(ctx, err)
	}
	for _, label := range torn {
		if label == generatedLabel {
			continue // they can be made again
		}
		j.sayf("orders: %s was not queued to its end: give it again, with -in", label)
	}
	if known {
		return e, false, nil
	}
	e, err = j.generated(ctx)
	return e, err == nil, stopped(ctx, err)
}

// generated is an export of generated lines.
func (j *job) generated(ctx context.Context) (e export, err error) {
	path := filepath.Join(j.scratch, "orders.csv")
	file, err := os.Create(path) //nolint:gosec // it is in a folder of our own
	if err != nil {
		return e, err
	}
	if err := errors.Join(generate(file, j.seed, j.lines), file.Close()); err != nil {
		return e, err
	}
	return openExport(ctx, path, generatedLabel)
}
