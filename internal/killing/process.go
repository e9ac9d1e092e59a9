package killing

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// Process is a child, as its parent sees it. It belongs to one goroutine.
type Process struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	lines  *bufio.Reader
	stderr bytes.Buffer
}

// Line is something that a child told.
type Line struct {
	What  string
	About []string
}

// Start starts a child that does a job, with settings that it hears. It is killed
// when ctx ends.
func Start(ctx context.Context, job string, settings any) (*Process, error) {
	binary, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("killing: %w", err)
	}
	p := &Process{cmd: exec.CommandContext(ctx, binary)} //nolint:gosec // it is this very test
	// A binary with the race detector waits a second before it exits.
	p.cmd.Env = append(os.Environ(), childJob+"="+job, "GORACE="+os.Getenv("GORACE")+" atexit_sleep_ms=0")
	p.cmd.Stderr = &p.stderr
	stdin, errIn := p.cmd.StdinPipe()
	stdout, errOut := p.cmd.StdoutPipe()
	if err := errors.Join(errIn, errOut); err != nil {
		return nil, fmt.Errorf("killing: %w", err)
	}
	p.stdin, p.lines = stdin, bufio.NewReader(stdout)
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("killing: %w", err)
	}
	if err := p.Say(settings); err != nil {
		p.Kill()
		return nil, errors.Join(err, p.Wait())
	}
	return p, nil
}

// Say says something to the child, which it hears.
func (p *Process) Say(what any) error {
	text, err := json.Marshal(what)
	if err == nil {
		_, err = p.stdin.Write(append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("killing: say: %w", err)
	}
	return nil
}

// Next waits for what the child tells next. It is false when it has ended; a line
// that its death cut off does not count.
func (p *Process) Next() (Line, bool) {
	text, err := p.lines.ReadString('\n')
	if err != nil {
		return Line{}, false
	}
	words := strings.Fields(text)
	if len(words) == 0 {
		return Line{}, true
	}
	return Line{What: words[0], About: words[1:]}, true
}

// Rest waits until the child has ended, and returns what it told.
func (p *Process) Rest() []Line {
	var all []Line
	for line, ok := p.Next(); ok; line, ok = p.Next() {
		all = append(all, line)
	}
	return all
}

// Kill kills the child, which cannot do anything about it. What it has told can
// still be read. A child that has ended stays as it is.
func (p *Process) Kill() { _ = p.cmd.Process.Kill() }

// Signal sends the child a signal, which it may answer as it likes.
func (p *Process) Signal(s os.Signal) error { return p.cmd.Process.Signal(s) }

// Wait waits for the end of a child and of what it told, and returns an error
// unless it ended by itself, well and without complaint.
func (p *Process) Wait() error {
	p.Rest()
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("killing: the child ended: %w%s", err, p.complaint())
	}
	if complaint := p.complaint(); complaint != "" {
		return errors.New("killing: the child complained" + complaint)
	}
	return nil
}

// bury waits for the end of a child that was killed. It is an error where it was
// dead by then, or complained, of a data race say.
func (p *Process) bury() error {
	err := p.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && !exit.Exited() && p.stderr.Len() == 0 {
		return nil
	}
	if err == nil {
		err = errors.New("killing: the child ended before it was killed")
	}
	return err
}

// complaint is what the child wrote to its standard error.
func (p *Process) complaint() string {
	if text := strings.TrimSpace(p.stderr.String()); text != "" {
		return ":\n" + text
	}
	return ""
}
