package main

import (
	"io"
	"os"
	"strings"
	"sync"

	"golang.org/x/term"
)

// notices is where people are told things. While a bar is shown they are told
// above it: what is written straight to the terminal the bar would paint over.
type notices struct {
	mu    sync.Mutex
	plain io.Writer
	above io.Writer // nil where no bar is shown
	held  strings.Builder
}

// Write tells people something.
func (n *notices) Write(text []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.above != nil {
		return n.above.Write(text)
	}
	return n.plain.Write(text)
}

// writeAbove sets where notices go; nil is where they go by themselves.
func (n *notices) writeAbove(bar io.Writer) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.above = bar
}

// hold keeps notices until release, while something else has the terminal, which it
// returns.
func (n *notices) hold() io.Writer {
	n.writeAbove(&n.held)
	return n.plain
}

// release tells people what was held.
func (n *notices) release() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.above = nil
	_, _ = io.WriteString(n.plain, n.held.String()) // there is nobody else to tell
}

// hasRoomForBars reports whether notices go to a terminal on which something can
// be painted.
func (n *notices) hasRoomForBars() bool {
	file, ok := n.plain.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return false
	}
	width, _, err := term.GetSize(int(file.Fd()))
	return err == nil && width > 0
}
