// Package tally counts what a test run did, so that nothing that was skipped or
// never finished goes unnoticed.
package tally

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// Tally reads the events of go test -json, shows what a person wants to see of
// them and counts tests. It is made by New, and not safe for concurrent use.
type Tally struct {
	out   io.Writer
	tests map[key]*test
	order []key
	// broken holds packages that failed through no test of theirs: they did not
	// build, or crashed outside a test.
	broken []string
	lacks  func(program string) bool
}

type key struct{ pkg, name string }

type state uint8

const (
	running state = iota
	passed
	failed
	skipped
)

type test struct {
	state  state
	needs  string // the program for want of which it was skipped
	output strings.Builder
}

type event struct {
	Action  string
	Package string
	Test    string
	Output  string
}

// New returns a Tally that writes what a person wants to see to out. lacks says of a
// program whether it may be missing, and is: what is skipped because it "needs" that
// program, "which is not installed", is told apart. nil: none may.
func New(out io.Writer, lacks func(program string) bool) *Tally {
	return &Tally{out: out, tests: map[key]*test{}, lacks: lacks}
}

// wanting finds the reason of a test that was skipped for want of a program.
var wanting = regexp.MustCompile(`: needs ([a-z0-9.-]+), which is not installed\n`)

// Read takes in a stream of events until its end. A line that is no event is
// shown as it is. The error is that of reading or writing.
func (t *Tally) Read(stream io.Reader) error {
	lines := bufio.NewReader(stream)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			if err := t.line(line); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("tally: reading events: %w", err)
		}
	}
}

func (t *Tally) line(line string) error {
	var e event
	if json.Unmarshal([]byte(line), &e) != nil || e.Action == "" {
		return t.show(line)
	}
	if e.Test == "" {
		return t.ofPackage(e)
	}
	return t.ofTest(e)
}

func (t *Tally) ofPackage(e event) error {
	switch e.Action {
	case "build-output":
		return t.show(e.Output)
	case "output":
		if e.Output == "PASS\n" {
			return nil
		}
		return t.show(e.Output)
	case "fail":
		return t.endOfFailed(e.Package)
	}
	return nil
}

// endOfFailed shows what the unfinished tests of a failed package said, and
// marks the package broken where none of its tests is to blame.
func (t *Tally) endOfFailed(pkg string) error {
	blamed := false
	for _, k := range t.order {
		if k.pkg != pkg {
			continue
		}
		if t.tests[k].state == running {
			if err := t.flush(k); err != nil {
				return err
			}
		}
		blamed = blamed || t.tests[k].state == failed || t.tests[k].state == running
	}
	if !blamed {
		t.broken = append(t.broken, pkg)
	}
	return nil
}

func (t *Tally) ofTest(e event) error {
	k := key{e.Package, e.Test}
	if t.tests[k] == nil {
		t.tests[k] = &test{}
		t.order = append(t.order, k)
	}
	switch e.Action {
	case "output":
		if !strings.HasPrefix(e.Output, "=== ") {
			t.tests[k].output.WriteString(e.Output)
		}
	case "pass":
		t.tests[k].state = passed
		t.tests[k].output.Reset()
	case "fail":
		t.tests[k].state = failed
		return t.flush(k)
	case "skip":
		t.tests[k].state = skipped
		if found := wanting.FindStringSubmatch(t.tests[k].output.String()); found != nil && t.lacks != nil && t.lacks(found[1]) {
			t.tests[k].needs = found[1]
		}
		return t.flush(k)
	}
	return nil
}

func (t *Tally) flush(k key) error {
	defer t.tests[k].output.Reset()
	return t.show(t.tests[k].output.String())
}

func (t *Tally) show(text string) error {
	if _, err := io.WriteString(t.out, text); err != nil {
		return fmt.Errorf("tally: writing: %w", err)
	}
	return nil
}
