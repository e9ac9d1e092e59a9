package seam

import (
	"testing"
	"testing/synctest"

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
			if l.hand.left() == 0 {
				l.queue.Open(l.hand)
			}
			for i, ok := l.hand.Begin(); ok; i, ok = l.hand.Begin() {
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
		lent, ok := l.queue.Lend([]int{1, 2})
		is.True(ok)
		is.Equal(lent.Hand, l.hand)
		is.Equal(lent.Hand.Items(), []int{1, 2})
		l.queue.Open(lent.Hand)
		for range 2 {
			_, ok = lent.Hand.Begin()
			is.True(ok)
		}
		_, again := l.queue.Lend([]int{3})
		is.True(!again) // nobody waits now
		l.queue.Put([]int{3})
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

// What is left in a hand that comes back is done by its own worker.
func TestAWorkerDoesWhatIsLeftInTheHandItLent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		l := idleWorker()
		lent, ok := l.queue.Lend([]int{1, 2, 3})
		is.True(ok)
		l.queue.Open(lent.Hand)
		_, ok = lent.Hand.Begin()
		is.True(ok)
		l.queue.Shut(1) // it must not lie there until something else comes
		l.queue.GiveBack(lent)
		synctest.Wait()
		is.Equal(l.got, []int{2, 3})
		l.queue.Rush()
		l.queue.Put([]int{4})
		synctest.Wait()
		is.Equal(l.got, []int{2, 3, 4})
		close(l.over)
	})
}

// Nothing is lent where something else comes first.
func TestNothingOvertakesByBeingLent(t *testing.T) {
	for name, first := range map[string]func(*Queue[int, int]){
		"something is to be taken up again": func(q *Queue[int, int]) { q.again.push(1) },
		"something waits":                   func(q *Queue[int, int]) { q.items.push(1) },
		"it is held":                        func(q *Queue[int, int]) { q.Shut(1) },
		"nothing will be worked on":         func(q *Queue[int, int]) { q.rushed = true },
	} {
		synctest.Test(t, func(t *testing.T) {
			l := idleWorker()
			defer close(l.over)
			first(l.queue)
			if _, ok := l.queue.Lend([]int{2}); ok {
				t.Errorf("%s, and yet a hand was lent", name)
			}
		})
	}
}
