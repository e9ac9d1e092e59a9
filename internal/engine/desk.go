package engine

import (
	"bytes"
	"runtime"
	"sync"
)

// desk shows what a worker is doing in user code, so that a run that has to end
// without it can say who it was.
type desk struct {
	mu    sync.Mutex
	stage string
	node  *node // the first of those it works on; nil: none
	count int
	who   string
	now   func() *node // not nil: what it works on at the moment; stands for node
}

// busy is a goroutine that has not come back from user code.
type busy struct {
	Stage string
	ID    string // of the transaction, or the first of several
	N     int
	who   string
}

// sit notes that user code is called for some items by this goroutine.
func (d *desk) sit(stage string, n *node, count int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stage, d.node, d.count, d.now = stage, n, count, nil
	if d.who == "" {
		d.who = goroutine()
	}
}

// watch notes that user code is called for one item after the other.
func (d *desk) watch(stage string, now func() *node) {
	d.sit(stage, nil, 1)
	d.mu.Lock()
	d.now = now
	d.mu.Unlock()
}

// leave notes that user code has come back, or has ended the goroutine.
func (d *desk) leave(gone bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.node, d.count = nil, 0
	if gone {
		d.who = ""
	}
}

// lend lets another goroutine sit there, and returns who sat there before.
func (d *desk) lend(to *desk) (who string) {
	to.mu.Lock()
	other := to.who
	to.mu.Unlock()
	d.mu.Lock()
	defer d.mu.Unlock()
	who, d.who = d.who, other
	return who
}

// named says who sits there.
func (d *desk) named(who string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.who = who
}

// busy returns what is being done, and whether anything is.
func (d *desk) busy() (busy, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.count == 0 {
		return busy{}, false
	}
	b := busy{Stage: d.stage, N: d.count, who: d.who}
	n := d.node
	if d.now != nil {
		n = d.now()
	}
	if n != nil {
		b.ID = n.id()
	}
	return b, true
}

// goroutine returns how the stack dump calls the calling goroutine.
func goroutine() string {
	var head [64]byte
	line := head[:runtime.Stack(head[:], false)]
	if i := bytes.IndexByte(line, '['); i > 0 {
		line = line[:i]
	}
	return string(bytes.TrimSpace(line))
}

// stacks returns the stacks of all goroutines by what the dump calls them.
func stacks() map[string]string {
	size := 1 << 16
	for {
		dump := make([]byte, size)
		if n := runtime.Stack(dump, true); n < size {
			return sections(dump[:n])
		}
		size *= 2
	}
}

func sections(dump []byte) map[string]string {
	all := map[string]string{}
	for section := range bytes.SplitSeq(dump, []byte("\n\n")) {
		name, _, found := bytes.Cut(section, []byte("["))
		if found {
			all[string(bytes.TrimSpace(name))] = string(section)
		}
	}
	return all
}
