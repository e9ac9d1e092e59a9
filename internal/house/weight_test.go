package house_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What a further stage of types of its own may add to what is compiled of a program
// with a pipeline: functions of ours. It was 2,613 when a stage took 3.5 s to build,
// and is 815 at 0.5 s.
const mostOfAStage = 900

// A stage adds few functions to a program, so that programs build quickly.
func TestAStageAddsLittleToAProgram(t *testing.T) {
	one, three := functionsOf(t, 1), functionsOf(t, 3)
	each := (three - one) / 2
	t.Logf("%d functions with one stage, %d for each further one", one, each)
	if each > mostOfAStage || each <= 0 {
		t.Errorf("a further stage adds %d functions of ours, and %d at most are wanted", each, mostOfAStage)
	}
}

// functionsOf returns how many functions are compiled for a program with a pipeline of
// so many stages.
func functionsOf(t *testing.T, stages int) int {
	t.Helper()
	top, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "main.go")
	put(t, program, []byte(programOf(stages)))
	// The program is in an overlay alone: it needs the module around it.
	there := fmt.Sprintf("internal/house/weighed%d", stages)
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(top, filepath.FromSlash(there), "main.go"): program}})
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "overlay.json"), overlay)
	list := run(t, top, "list", "-overlay", filepath.Join(dir, "overlay.json"), "-export", "-f", "{{.Export}}", "./"+there)
	n := 0
	for line := range strings.Lines(run(t, top, "tool", "nm", "-type", strings.TrimSpace(list))) {
		if f := strings.Fields(line); len(f) > 2 && (f[1] == "T" || f[1] == "t") && strings.Contains(line, "ergon-go/ergon") {
			n++
		}
	}
	return n
}

func run(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(context.Background(), "go", args...)
	cmd.Dir = dir
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", args[0], err, said.String())
	}
	return string(out)
}

func put(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// programOf returns a program with a pipeline whose stages have types of their own.
func programOf(stages int) string {
	var types, chain strings.Builder
	for i := range stages + 1 {
		fmt.Fprintf(&types, "type T%d struct{ A [%d]int; S string }\n", i, i+1)
	}
	for i := range stages {
		fmt.Fprintf(&types, "func f%d(context.Context, T%d) (T%d, error) { return T%d{}, nil }\n", i, i, i+1, i+1)
		fmt.Fprintf(&chain, ".Map(f%d)", i)
	}
	return `package main

import (
	"context"

	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
)

` + types.String() + `
func main() {
	_ = pipeline.From(source.Slice([]T0{{}}))` + chain.String() + fmt.Sprintf(".To(sink.Discard[T%d]()).Run(context.Background())\n}\n", stages)
}
