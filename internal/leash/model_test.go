package leash

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

type valueKey struct{}

var (
	errTime   = errors.New("the attempt took too long")
	errParent = errors.New("the parent is done for")
)

// world is a run of random attempts under one parent, and what is known of them.
type world struct {
	t       *testing.T
	draw    *rand.Rand
	limit   time.Duration
	peg     Peg
	parent  context.Context
	cancel  context.CancelCauseFunc
	ending  *ending // of the parent; nil: not yet
	bound   time.Time
	steps   []string
	moments int
	reused  int
}

// ending is why a context has ended, and when.
type ending struct {
	at         time.Time
	err, cause error
}

// attempt is one attempt, and what may be said of its context.
type attempt struct {
	l       *Leash
	moment  *moment
	begun   time.Time
	asked   bool
	fixed   bool      // somebody has its channel from before it ended
	up      time.Time // when its time is up, once it was asked
	ended   time.Time // zero: it runs
	told    *ending   // why it has ended, once it was said
	derived []context.Context
	after   []*atomic.Bool // whether what is to happen after the end has happened
}

// TestALeashIsAsAContextOfTheStandardLibrary has random things happen to attempts
// one after the other, asks their contexts at any time, also when they are over,
// and compares the answers with those of a context that has had its timer from the
// beginning.
func TestALeashIsAsAContextOfTheStandardLibrary(t *testing.T) {
	moments, reused := 0, 0
	for seed := range uint64(5000) {
		synctest.Test(t, func(t *testing.T) {
			w := &world{t: t, draw: rand.New(rand.NewPCG(seed, 4)), peg: Peg{Cause: errTime}}
			w.run()
			if t.Failed() {
				t.Fatalf("seed %d: %v", seed, w.steps)
			}
			moments, reused = moments+w.moments, reused+w.reused
		})
		if t.Failed() {
			return
		}
	}
	if moments < 1000 || reused < 1000 {
		t.Errorf("%d attempts began in a moment, and %d with the Leash of another: too few to say anything", moments, reused)
	}
}

func (w *world) run() {
	w.limit = time.Duration(1 + w.draw.Int64N(int64(4*span)))
	ctx, cancel := context.WithCancelCause(context.WithValue(w.t.Context(), valueKey{}, w))
	defer cancel(nil)
	w.parent, w.cancel = ctx, cancel
	if w.draw.IntN(4) == 0 {
		w.bound = time.Now().Add(time.Duration(w.draw.Int64N(int64(5 * span))))
		bounded, stop := context.WithDeadline(ctx, w.bound)
		defer stop()
		w.parent = bounded
	}
	var past []*attempt
	for range 5 {
		a := w.begin()
		if n := len(past); n > 0 && past[n-1].l == a.l {
			w.reused++
		}
		for range w.draw.IntN(5) {
			w.something(a, past)
		}
		w.end(a)
		past = append(past, a)
		if w.t.Failed() {
			return
		}
	}
	for range 5 {
		w.something(past[len(past)-1], past)
	}
}

func (w *world) notef(format string, args ...any) {
	w.steps = append(w.steps, time.Now().Format("05.000000000 ")+fmt.Sprintf(format, args...))
}

// begin begins an attempt, often in a moment: none would open by itself, in a bubble.
func (w *world) begin() *attempt {
	if w.peg.now.Load() == nil && w.draw.IntN(2) == 0 {
		w.peg.open(&moment{parent: w.parent, limit: w.limit, cause: errTime, began: time.Now()})
	}
	a := &attempt{begun: time.Now(), moment: w.peg.now.Load(), l: w.peg.Begin(w.parent, w.limit)}
	if a.moment != nil {
		w.moments++
	}
	w.notef("begin %p, limit %v, in a moment %v", a.l, w.limit, a.moment != nil)
	return a
}

// end ends an attempt. What ended earlier than the attempt, if anybody had asked,
// remains the reason.
func (w *world) end(a *attempt) {
	w.notef("end %p", a.l)
	a.l.End()
	a.ended = time.Now()
	synctest.Wait()
	if a.asked {
		w.check(a, true)
	}
}

// something lets something happen, then asks one of the attempts, the running one
// as a rule.
func (w *world) something(now *attempt, past []*attempt) {
	time.Sleep(time.Duration(w.draw.Int64N(int64(span))))
	if w.ending == nil && !w.bound.IsZero() && !time.Now().Before(w.bound) {
		w.ending = &ending{w.bound, context.DeadlineExceeded, context.DeadlineExceeded}
	}
	synctest.Wait()
	if w.ending == nil && w.draw.IntN(15) == 0 {
		w.notef("the parent ends")
		w.cancel(errParent)
		w.ending = &ending{time.Now(), context.Canceled, errParent}
		synctest.Wait()
	}
	if len(past) > 0 && w.draw.IntN(4) == 0 {
		i := w.draw.IntN(len(past))
		w.askLate(past[i], append(past[i:len(past):len(past)], now))
		return
	}
	if w.draw.IntN(3) > 0 {
		w.ask(now)
	}
}
