package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
)

// What one transaction takes at most: enough to share an fsync among many, not so
// much that the last caller waits long.
const (
	mostWrites = 256
	mostRows   = 4096
)

// write is what one caller wants written. do may run more than once; only its
// last run counts, and that only once it is committed.
type write struct {
	do    func(*tx) error
	rows  int  // how many rows it touches, about
	stay  bool // once it has begun, its caller waits for the outcome whatever its context says
	alone bool // it gets a transaction of its own
	err   error
	done  chan struct{} // closed by the writer when err is final
}

// writer owns the one connection that writes. Its callers queue up while a
// transaction is being committed, and all of them share the next one.
type writer struct {
	tx      *tx
	wake    chan struct{} // holds one: there is something to write
	stop    chan struct{} // closed by close
	commits atomic.Int64

	mu      sync.Mutex // guards the fields below, and is never held over a call of the database
	waiting []*write
	closed  bool
}

func newWriter(conn *sql.Conn) *writer {
	return &writer{tx: newTx(conn), wake: make(chan struct{}, 1), stop: make(chan struct{})}
}

// submit has w written and returns once it is committed, refused or given up.
// When ctx ends first it returns at once; w may then still be written, unless it
// stays.
func (wr *writer) submit(ctx context.Context, w *write) error {
	if ctx.Err() != nil {
		return ended(ctx, "write")
	}
	w.done = make(chan struct{})
	if !wr.enqueue(w) {
		return ErrClosed
	}
	select {
	case <-w.done:
		return w.err
	case <-ctx.Done():
	}
	if wr.withdraw(w) || !w.stay {
		return ended(ctx, "write")
	}
	<-w.done
	return w.err
}

func (wr *writer) enqueue(w *write) bool {
	wr.mu.Lock()
	defer wr.mu.Unlock()
	if wr.closed {
		return false
	}
	wr.waiting = append(wr.waiting, w)
	select {
	case wr.wake <- struct{}{}:
	default:
	}
	return true
}

// withdraw reports whether w was still waiting, and will now never be written.
func (wr *writer) withdraw(w *write) bool {
	wr.mu.Lock()
	defer wr.mu.Unlock()
	at := slices.Index(wr.waiting, w)
	if at < 0 {
		return false
	}
	wr.waiting = slices.Delete(wr.waiting, at, at+1)
	return true
}

// run writes until close, then refuses whoever still waits.
func (wr *writer) run() {
	defer wr.refuse()
	for {
		select {
		case <-wr.stop:
			return
		case <-wr.wake:
		}
		for wr.wanted() {
			wr.turn()
		}
	}
}

// close ends run, after the transaction under way.
func (wr *writer) close() {
	wr.mu.Lock()
	defer wr.mu.Unlock()
	if !wr.closed {
		wr.closed = true
		close(wr.stop)
	}
}

// ended reports whether close was called.
func (wr *writer) ended() bool {
	wr.mu.Lock()
	defer wr.mu.Unlock()
	return wr.closed
}

func (wr *writer) refuse() {
	wr.close()
	wr.mu.Lock()
	left := wr.waiting
	wr.waiting = nil
	wr.mu.Unlock()
	answer(left, ErrClosed)
}

// wanted reports whether anybody waits for a transaction.
func (wr *writer) wanted() bool {
	wr.mu.Lock()
	defer wr.mu.Unlock()
	return !wr.closed && len(wr.waiting) > 0
}

// turn is one transaction, for all who wait when it has begun: until then a
// caller whose context ends can leave.
func (wr *writer) turn() {
	err := wr.begin()
	if errors.Is(err, errUnwanted) {
		return
	}
	group := wr.take()
	if err != nil {
		answer(group, err)
		return
	}
	if err := wr.apply(group); err != nil {
		wr.tx.rollback()
		wr.again(group, err)
		return
	}
	wr.commits.Add(1)
	answerEach(group)
}

var errUnwanted = errors.New("sqlite: nobody waits any more")

// begin starts a transaction, however long other processes hold the lock, while
// somebody waits for it. The connection's own busy timeout paces the loop.
func (wr *writer) begin() error {
	for wr.wanted() {
		_, err := wr.tx.exec("BEGIN IMMEDIATE")
		if err == nil {
			return nil
		}
		if !busy(err) {
			wr.tx.rollback()
			return fmt.Errorf("sqlite: begin: %w", err)
		}
	}
	return errUnwanted
}

// take returns who takes part in the transaction that has just begun.
func (wr *writer) take() []*write {
	wr.mu.Lock()
	defer wr.mu.Unlock()
	n, rows := 0, 0
	for n < len(wr.waiting) && n < mostWrites {
		w := wr.waiting[n]
		rows += w.rows
		if n > 0 && (w.alone || rows > mostRows) {
			break
		}
		n++
		if w.alone {
			break
		}
	}
	group := slices.Clone(wr.waiting[:n])
	wr.waiting = slices.Delete(wr.waiting, 0, n)
	return group
}

// apply writes and commits a group. What fails in one caller's part is undone and
// kept as its error; an error returned is one of the transaction as a whole.
func (wr *writer) apply(group []*write) error {
	for _, w := range group {
		var whole error
		if w.err, whole = wr.tx.try(w.do); whole != nil {
			return whole
		}
	}
	if _, err := wr.tx.exec("COMMIT"); err != nil {
		return fmt.Errorf("sqlite: commit: %w", err)
	}
	return nil
}

// again gives each of a group that failed as a whole a transaction of its own, so
// that only the one whose fault it is fails. It is nobody's while another process
// is in the way.
func (wr *writer) again(group []*write, err error) {
	if len(group) == 1 && !busy(err) {
		answer(group, err)
		return
	}
	for _, w := range group {
		w.err, w.alone = nil, true
	}
	wr.mu.Lock()
	defer wr.mu.Unlock()
	wr.waiting = slices.Insert(wr.waiting, 0, group...)
}

func answer(group []*write, err error) {
	for _, w := range group {
		w.err = err
	}
	answerEach(group)
}

func answerEach(group []*write) {
	for _, w := range group {
		close(w.done)
	}
}
