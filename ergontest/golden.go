package ergontest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/ergon-go/ergon/ergontest/internal/diff"
	"github.com/ergon-go/ergon/pipeline"
)

// GoldenTopology fails the test unless the graph of a pipeline is the one in the
// test's golden file, as a Mermaid flowchart: testdata/TestInvoices.mmd for
// TestInvoices, testdata/TestInvoices/by_night.mmd for a subtest of it. Thus every
// change of a pipeline's shape is seen where it is reviewed, as a picture too.
//
// With the flag -update the file is written:
//
//	go test -run '^TestInvoices$' -update
//
// The flag is that of the package under test where it has one. Where it has none,
// importing this package is enough for it to be there. The pipeline is not run,
// and may have faults. Call GoldenTopology once per test.
func GoldenTopology(t testing.TB, p pipeline.Pipeline) {
	t.Helper()
	topology := p.Topology()
	if len(topology.Nodes) == 0 {
		t.Errorf("ergontest: GoldenTopology: the pipeline is empty")
		return
	}
	golden(t, goldenFile(t.Name(), ".mmd"), topology.Mermaid())
}

// golden compares a text with what is in a file, or writes it there.
func golden(t testing.TB, file, text string) {
	t.Helper()
	if updating() {
		if err := writeGolden(file, text); err != nil {
			t.Errorf("ergontest: the golden file cannot be written: %v", err)
		}
		return
	}
	kept, err := os.ReadFile(file) //nolint:gosec // it is named after the test
	switch {
	case errors.Is(err, fs.ErrNotExist):
		t.Errorf("ergontest: there is no golden file %s for:\n%s\n\tto write it: %s", file, inset(text), updateCommand(t.Name()))
	case err != nil:
		t.Errorf("ergontest: the golden file cannot be read: %v", err)
	default:
		if lines := diff.Lines(strings.ReplaceAll(string(kept), "\r\n", "\n"), text); lines != "" {
			t.Errorf("ergontest: not as in %s:\n%s\n\tif it is meant so: %s", file, inset(lines), updateCommand(t.Name()))
		}
	}
}

func inset(text string) string {
	return "\t\t" + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n\t\t")
}

func writeGolden(file, text string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil { //nolint:gosec // source code, for all who may read that
		return err
	}
	return os.WriteFile(file, []byte(text), 0o644) //nolint:gosec // likewise
}

var notInNames = regexp.MustCompile(`[^\pL\pN._=,+-]`)

// goldenFile returns the name of a test's golden file: below testdata, whatever the
// test is called.
func goldenFile(test, suffix string) string {
	path := "testdata"
	for element := range strings.SplitSeq(test, "/") {
		element = notInNames.ReplaceAllString(element, "_")
		if strings.Trim(element, ".") == "" {
			element = "_" + element
		}
		path = filepath.Join(path, element)
	}
	return path + suffix
}

// updateCommand returns what writes the golden file of a test.
func updateCommand(test string) string {
	elements := strings.Split(test, "/")
	for i, element := range elements {
		elements[i] = "^" + regexp.QuoteMeta(element) + "$"
	}
	return "go test -run '" + strings.ReplaceAll(strings.Join(elements, "/"), "'", `'\''`) + "' -update"
}
