package engine

import (
	"bytes"
	"runtime"
	"sync"
	"sync/atomic"
)

// desk shows what a goroutine is doing in user code, so that a run that has to end
// without it can say who it was.
type desk struct {
	who   atomic.Pointer[string] // nil: nobody yet
	mu    sync.Mutex
	stage string
	node  *node // the first of those it works on; nil: none
	count int
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
	d.name()
	d.show(stage, n, count)
}

// name notes which goroutine sits there.
func (d *desk) name() {
	if d.who.Load() == nil {
		who := goroutine()
		d.who.Store(&who)
	}
}

// show notes that user code is called for some items, by whoever it is.
func (d *desk) show(stage string, n *node, count int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stage, d.node, d.count = stage, n, count
}

// leave notes that user code has come back, or has ended the goroutine.
func (d *desk) leave(gone bool) {
	if gone {
		d.who.Store(nil)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.node, d.count = nil, 0
}

// busy returns what is being done, and whether anything is.
func (d *desk) busy() (busy, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.count == 0 {
		return busy{}, false
	}
	b := busy{Stage: d.stage, N: d.count, who: d.whose()}
	if d.node != nil {
		b.ID = d.node.id()
	}
	return b, true
}

// sits reports whether anything is being done.
func (d *desk) sits() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.count > 0
}

// whose returns which goroutine sits there.
func (d *desk) whose() string {
	if who := d.who.Load(); who != nil {
		return *who
	}
	return ""
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
