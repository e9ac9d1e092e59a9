package killing

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/sourcegraph/conc"
)

// childJob makes a test binary a child: it names what it is to do.
const childJob = "ERGON_CHILD"

// Job is what a child does. It works until it is killed, or returns when there is
// no more to do.
type Job func(ctx context.Context, parent *Parent) error

// Main does a job where the process is a child, and runs the tests where it is
// not. It returns the exit code, for TestMain.
func Main(m *testing.M, jobs map[string]Job) int {
	name := os.Getenv(childJob)
	if name == "" {
		return m.Run()
	}
	job, found := jobs[name]
	if !found {
		fmt.Fprintf(os.Stderr, "killing: no job is called %q\n", name)
		return 2
	}
	if err := job(context.Background(), parentAt(os.Stdin, os.Stdout)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// Parent is who started this process, as a child sees it.
type Parent struct {
	out  io.Writer
	said chan []byte
}

// longestSaying bounds what a parent says at once, in bytes.
const longestSaying = 1 << 20

// parentAt listens to a parent. A child outlives its parent by no more than it
// takes to notice.
func parentAt(in io.Reader, out io.Writer) *Parent {
	p := &Parent{out: out, said: make(chan []byte)}
	var listening conc.WaitGroup
	listening.Go(func() { // ends with the process
		lines := bufio.NewScanner(in)
		lines.Buffer(nil, longestSaying)
		for lines.Scan() {
			p.said <- bytes.Clone(lines.Bytes())
		}
		os.Exit(0)
	})
	return p
}

// Hear waits until the parent says something, and decodes it. The first is the
// settings.
func (p *Parent) Hear(into any) error {
	if err := json.Unmarshal(<-p.said, into); err != nil {
		return fmt.Errorf("killing: what the parent said: %w", err)
	}
	return nil
}

// Tell tells the parent, in one line, of something and what it is about. Neither
// may hold white space. May be called concurrently. What Tell has returned from
// reaches the parent, however soon the child is killed then.
func (p *Parent) Tell(what string, about ...string) {
	line := strings.Join(append([]string{what}, about...), " ") + "\n"
	if _, err := io.WriteString(p.out, line); err != nil {
		os.Exit(1) // the parent is gone
	}
}
