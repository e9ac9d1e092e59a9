package main

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/matryer/is"
)

func TestThereIsAScenarioForEveryGoal(t *testing.T) {
	is := is.New(t)
	var out bytes.Buffer
	is.NoErr(everything().Run(t.Context(), []string{"-list"}, &out, io.Discard))
	words := strings.Fields(out.String())
	for _, name := range []string{"P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "P10", "P11", "queue", "orders"} {
		if !slices.Contains(words, name) {
			t.Errorf("no scenario %s in the list", name)
		}
	}
}
