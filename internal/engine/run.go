package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime/pprof"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/lab"
	"github.com/ergon-go/ergon/internal/seam"
	"github.com/ergon-go/ergon/retry"
)

// Causes with which the contexts of a run end, and a run itself.
var (
	ErrDrainTimeout             = errors.New("pipeline: the time to drain is over")
	ErrRunTimeout               = errors.New("pipeline: the time of the run is over")
	ErrTooManyFailures          = errors.New("pipeline: too many failures")
	ErrAttemptTimeout     error = timeout("pipeline: the attempt took too long")
	ErrTransactionTimeout error = timeout("pipeline: the transaction took too long")
	ErrUnbalanced               = errors.New("pipeline: the ledger does not balance; this is a bug in ergon")
)

// timeout is an error that says of itself that it is one, also where only the
// cause of a context is left of it.
type timeout string

func (t timeout) Error() string { return string(t) }
func (timeout) Timeout() bool   { return true }

// Config is the policy of a pipeline with every default filled in.
type Config struct {
	Name               string
	Streaming          bool // an empty fetch is never the end
	InFlight           int
	FetchBatch         int
	Limit              int64 // 0: none
	RunTimeout         time.Duration
	TransactionTimeout time.Duration
	Drain, Grace       time.Duration
	Redelivery         retry.Policy
	MaxDeliveries      int
	MaxFailures        int64
	MaxFailureShare    float64
	Fetch              retry.Policy
	FetchTimeout       time.Duration
	Empty              retry.Policy
	Settle             *Step
	Observers          []ergon.Observer
	Lines              int // how many late lines there are
	Control            *Control
}

// Run is the state of one run that does not depend on types: what is in flight,
// who works, when it ends.
type Run struct {
	Config
	books  books
	watch  *watch
	scope  scope
	clock  *clock
	warden warden
	lab    *lab.Lab // nil but in a test

	work       context.Context // of user code: outlives the stop, not the drain
	cancelWork context.CancelCauseFunc
	settling   context.Context // of Settle: outlives the drain
	endSettle  context.CancelFunc

	over     chan struct{} // closed when nothing is left to do, or what is left is abandoned
	wound    atomic.Bool   // over is closed, or will be at once
	finished chan struct{} // closed when nothing is in flight and nothing will be
	finish   sync.Once
	stopped  chan struct{} // closed when the run is told to stop
	stopOnce sync.Once
	cause    error // why it stops; nil: its caller said so

	began     time.Time
	spent     atomic.Bool                                          // the time to work is over
	leased    bool                                                 // what is fetched is leased
	from      ergon.Destination                                    // what it is fetched from, where that is known
	slots     atomic.Int64                                         // in flight
	extras    atomic.Int64                                         // copies for sinks nobody waits for
	freed     chan struct{}                                        // signalled when a slot becomes free
	drained   chan struct{}                                        // signalled when nothing is in flight
	moving    atomic.Int64                                         // items that could still join a batch
	fetchIdle atomic.Bool                                          // nothing can be fetched as long as nothing is settled
	final     atomic.Pointer[ergon.Ledger]                         // of the run that has ended
	ended     atomic.Pointer[time.Time]                            // when that was
	assembled atomic.Bool                                          // all pools are there
	oldest    atomic.Pointer[func() (at time.Duration, some bool)] // when the oldest was fetched that is in flight
	fetchDone atomic.Bool                                          // nothing will be fetched any more

	pools     []*core
	gatherers []*core // those that wait for batches; those higher up come first
	lines     []ender
	letters   func() (filling int, flush func()) // the dead letters that wait for their batch

	unhandled unhandled
	leftThere atomic.Int64 // what the source holds because it could not be told, or has no place for the verdict
	unsettled firstError
	failures  atomic.Int64
	made      atomic.Int64 // ids that were made up
	prefix    string

	exhausted chan struct{} // closed when only copies are left that nobody waits for
	exhaust   sync.Once
	endFetch  context.CancelCauseFunc
	desksMu   sync.Mutex
	desks     []*desk
}

type ender interface{ End(seam.Ticket) }

// NewRun returns a Run that has not begun.
func NewRun(ctx context.Context, c Config) *Run {
	l := lab.From(ctx)
	if l != nil {
		c.Observers = slices.Concat(l.Observers, c.Observers)
	}
	r := &Run{
		Config: c, began: time.Now(), lab: l, clock: newClock(l),
		over: make(chan struct{}), finished: make(chan struct{}), stopped: make(chan struct{}),
		freed: make(chan struct{}, 1), drained: make(chan struct{}, 1),
		lines: make([]ender, c.Lines), exhausted: make(chan struct{}),
	}
	r.scope.bug, r.scope.named = r.stop, func(stage string) context.Context {
		return pprof.WithLabels(ctx, pprof.Labels("pipeline", c.Name, "stage", stage))
	}
	r.warden.run = r
	r.watch = newWatch(c.Name, c.Observers, r.stop)
	r.prefix = fmt.Sprintf("%s-%012x-%08x-", c.Name, time.Now().UnixMilli(), l.Draw(1<<32))
	base := context.WithoutCancel(ctx)
	r.work, r.cancelWork = context.WithCancelCause(base)
	r.settling, r.endSettle = context.WithCancel(base)
	l.Begin(lab.Limits{InFlight: c.InFlight, Transaction: c.TransactionTimeout, Drain: c.Drain, Grace: c.Grace})
	return r
}

// stop tells the run to stop, with why; the first reason counts.
func (r *Run) stop(cause error) {
	r.stopOnce.Do(func() {
		r.cause = cause
		close(r.stopped)
	})
}

// expired reports whether the time to work is over: nothing may be attempted.
func (r *Run) expired() bool { return r.spent.Load() }

// isStopped reports whether the run was told to stop.
func (r *Run) isStopped() bool {
	select {
	case <-r.stopped:
		return true
	default:
		return false
	}
}

// isOver reports whether the run has been wound up: results come too late.
func (r *Run) isOver() bool { return r.wound.Load() }

// until waits until a channel is closed, or the run is over. A nil channel is.
func (r *Run) until(closed <-chan struct{}) {
	if closed == nil {
		return
	}
	select {
	case <-closed:
	case <-r.over:
	}
}

// take takes n slots.
func (r *Run) take(n int) {
	r.slots.Add(int64(n))
	r.books.fetched.Add(int64(n))
}

// free gives a slot back after its transaction has been entered in a row.
func (r *Run) free(row bucket) { r.freeAll(row, 1) }

// freeAll is free for n transactions.
func (r *Run) freeAll(row bucket, n int64) {
	r.books.rows[row].Add(n)
	if r.slots.Add(-n) == 0 {
		signal(r.drained)
		r.settled()
	}
	signal(r.freed)
	r.quietLetters()
}

// settled closes finished if nothing is left and nothing more will come.
func (r *Run) settled() {
	if !r.fetchDone.Load() || r.slots.Load() != 0 {
		return
	}
	if r.extras.Load() == 0 {
		r.finish.Do(func() { close(r.finished) })
		return
	}
	r.exhaust.Do(func() { close(r.exhausted) })
}

// madeUpID returns an id for a transaction whose source gave it none: unique, and
// later ones sort behind earlier ones.
func (r *Run) madeUpID() string {
	return fmt.Sprintf("%s%08x", r.prefix, r.made.Add(1))
}

// move changes the number of items that could still join a batch.
func (r *Run) move(n int64) {
	if r.moving.Add(n) == 0 {
		r.quiet()
	}
}

// quiet lets partial batches go once nothing in flight could join them and no
// more can be fetched: those highest up first, since what comes of them may join
// others. It is called whenever one of the two has become true.
func (r *Run) quiet() {
	if !r.fetchIdle.Load() || r.moving.Load() != 0 {
		return
	}
	for _, g := range r.gatherers {
		if g.belt.Flush() > 0 && !g.body.final {
			return
		}
	}
	r.quietLetters()
}

// quietLetters does the same for dead letters, which everything in flight could join.
func (r *Run) quietLetters() {
	if r.letters == nil || !r.fetchIdle.Load() {
		return
	}
	if filling, flush := r.letters(); filling > 0 && r.slots.Load() <= int64(filling) {
		flush()
	}
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
