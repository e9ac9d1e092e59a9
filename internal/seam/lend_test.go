package seam

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"
)

// lending is a Queue with a worker that has nothing to do.
type lending struct {
	queue *Queue[int, int]
	hand  *Hand[int]
	got   []int
	over  chan struct{}
	stops int
}

// idleWorker returns a Queue with one worker, which waits.
func idleWorker() *lending {
	l := &lending{hand: &Hand[int]{}, over: make(chan struct{})}
	l.queue = New[int, int](Config[int]{Over: l.over, Bound: 8})
	go func() {
		for {
			if _, ok := l.queue.Take(l.hand, 8); !ok {
				l.stops++
				return
			}
			if l.hand.Left() == 0 {
				l.queue.Open(l.hand, true)
			}
			for i, ok := l.hand.Begin(0); ok; i, ok = l.hand.Begin(0) {
				l.got = append(l.got, l.hand.Items()[i])
			}
		}
	}()
	synctest.Wait()
	return l
}

// What is lent is the hand of a worker that waits: it goes on waiting meanwhile,
// and afterwards does what comes.
func TestAWorkerThatLendsItsHandGoesOnWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		l := idleWorker()
		lent, ok := l.queue.Lend([]int{1, 2}, nil, nil, false)
		is.True(ok)
		is.Equal(lent.Hand, l.hand)
		is.Equal(l.taken(lent), []int{1, 2})
		again, ok := l.queue.Lend([]int{3}, nil, nil, false)
		is.True(ok)
		is.True(again.Hand == nil) // nobody waits now, so it was put
		synctest.Wait()
		is.Equal(len(l.got), 0) // its worker is not at work
		l.queue.GiveBack(lent)
		synctest.Wait()
		is.Equal(l.got, []int{3})
		close(l.over)
		synctest.Wait()
		is.Equal(l.stops, 1)
	})
}

// taken returns what TakeNow finds for who has borrowed a hand, all of it begun.
func (l *lending) taken(lent Lent[int]) (got []int) {
	if _, some := l.queue.TakeNow(lent.Hand, 8); !some {
		return nil
	}
	l.queue.Open(lent.Hand, true)
	for i, ok := lent.Hand.Begin(0); ok; i, ok = lent.Hand.Begin(0) {
		got = append(got, lent.Hand.Items()[i])
	}
	return got
}

// What is left in a hand that comes back is done by its own worker, though the
// slab that was lent is used for something else by then.
func TestAWorkerDoesWhatIsLeftInTheHandItLent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		l := idleWorker()
		slab := []int{1, 2, 3}
		lent, ok := l.queue.Lend(slab, nil, nil, false)
		is.True(ok)
		_, some := l.queue.TakeNow(lent.Hand, 8)
		is.True(some)
		l.queue.Open(lent.Hand, true)
		_, ok = lent.Hand.Begin(0)
		is.True(ok)
		l.queue.Shut(1) // it must not lie there until something else comes
		l.queue.GiveBack(lent)
		clear(slab)
		synctest.Wait()
		is.Equal(l.got, []int{2, 3})
		l.queue.Rush()
		l.queue.Put([]int{4})
		synctest.Wait()
		is.Equal(l.got, []int{2, 3, 4})
		close(l.over)
	})
}

// What is lent never overtakes: what was there before is taken first, and where
// nothing may be taken no hand is lent.
func TestNothingOvertakesByBeingLent(t *testing.T) {
	for name, c := range map[string]struct {
		first  func(*Queue[int, int])
		lent   bool
		wanted []int
	}{
		"something is to be taken up again": {func(q *Queue[int, int]) { q.again.push(1) }, true, nil},
		"something waits":                   {func(q *Queue[int, int]) { q.items.push(1); q.ready++ }, true, []int{1, 2}},
		"it is held":                        {func(q *Queue[int, int]) { q.Shut(1) }, false, nil},
		"nothing will be worked on":         {func(q *Queue[int, int]) { q.rushed = true }, true, []int{2}},
	} {
		synctest.Test(t, func(t *testing.T) {
			is := is.New(t)
			l := idleWorker()
			defer close(l.over)
			c.first(l.queue)
			lent, ok := l.queue.Lend([]int{2}, nil, nil, false)
			is.True(ok)
			if is.Equal(lent.Hand != nil, c.lent); lent.Hand == nil {
				return
			}
			if c.wanted == nil {
				work, _ := l.queue.TakeNow(lent.Hand, 8)
				is.True(work.Old)
				return
			}
			if got := l.taken(lent); !slices.Equal(got, c.wanted) {
				t.Errorf("%s: got %v, wanted %v", name, got, c.wanted)
			}
		})
	}
}

// What there is no room for is not put, not even in part.
func TestNothingIsLentWithoutRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		l := idleWorker()
		defer close(l.over)
		_, ok := l.queue.Lend(make([]int, 9), nil, nil, false)
		is.True(!ok)
		is.Equal(l.queue.Len(), 0)
	})
}

// A batch is lent when it is full: what is beyond it waits for the next.
func TestABatchIsLentWhenItIsFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		q := New[int, int](Config[int]{
			Over: make(chan struct{}), Bound: 16, Batch: 4, Within: 1,
			After: func(time.Duration, func()) {},
		})
		h := &Hand[int]{}
		q.takers.enter(h, false)
		lent, ok := q.Lend([]int{1, 2, 3}, nil, nil, false)
		is.True(ok)
		is.True(lent.Hand == nil)
		lent, ok = q.Lend([]int{4, 5}, nil, nil, false) // behind what waits
		is.True(ok)
		_, some := q.TakeNow(lent.Hand, 1)
		is.True(some)
		is.Equal(h.Items(), []int{1, 2, 3, 4})
		q.GiveBack(lent)
		q.Flush() // 5, for which it is woken
		_, some = q.TakeNow(h, 1)
		is.True(some)
		q.takers.enter(h, false)
		lent, ok = q.Lend([]int{6, 7, 8, 9, 10}, nil, nil, false) // straight into the hand
		is.True(ok)
		is.Equal(q.Len(), 1)
		_, some = q.TakeNow(lent.Hand, 1)
		is.True(some)
		is.Equal(h.Items(), []int{6, 7, 8, 9})
	})
}

// Nudge wakes who waits for what is stuck in the hand of another, and for nothing
// that goes on.
func TestANudgeIsForWhatIsStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		l := idleWorker()
		defer close(l.over)
		l.queue.config.Help = true
		slow := &Hand[int]{}
		slow.fill([]int{1, 2, 3, 4}, 0, 0, 4)
		is.True(l.queue.Open(slow, false)) // somebody has to look after it
		_, _ = slow.Begin(0)
		is.True(l.queue.Nudge()) // it has just begun one
		synctest.Wait()
		is.Equal(len(l.got), 0)
		_, _ = slow.Begin(0)
		is.True(l.queue.Nudge()) // it goes on
		is.True(!l.queue.Nudge())
		synctest.Wait()
		is.Equal(l.got, []int{4, 3})
		is.True(!l.queue.Nudge()) // nothing is left
	})
}
