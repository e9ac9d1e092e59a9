package seam

import (
	"testing"
	"testing/synctest"

	"github.com/matryer/is"
)

// aside returns a Queue of which the only worker is Away with an empty hand.
func aside() (*Queue[int, int], *Hand[int]) {
	q, h := New[int, int](Config[int]{Over: make(chan struct{}), Bound: 8}), &Hand[int]{}
	q.Away(h)
	return q, h
}

// begunNow returns what a hand takes now, all of it begun.
func begunNow(q *Queue[int, int], h *Hand[int]) (got []int) {
	if _, some := q.TakeNow(h, 8); !some {
		return nil
	}
	if h.Left() == 0 {
		q.Open(h, false)
	}
	for i, ok := h.Begin(0); ok; i, ok = h.Begin(0) {
		got = append(got, h.Items()[i])
	}
	return got
}

// What is put while a worker is away is there when it is back: nobody counts on
// somebody who will not look.
func TestNobodyIsWokenWhoIsAway(t *testing.T) {
	is := is.New(t)
	idle := 0
	q, away, waits := New[int, int](Config[int]{Over: make(chan struct{}), Bound: 8, Idle: func() { idle++ }}), &Hand[int]{}, &Hand[int]{}
	q.Away(away)
	spot := q.takers.enter(waits, false)
	is.True(q.Put([]int{1}))
	is.Equal(len(spot), 1) // the one who waits, though the other has been there for longer
	is.Equal(idle, 0)
	is.True(q.Put([]int{2}))
	is.Equal(idle, 1)
	is.True(q.Back(away))
	is.Equal(begunNow(q, away), []int{1, 2})
}

// The hand of who is away is lent like any other; who comes back meanwhile waits
// for it, and does what came of that.
func TestAHandIsLentWhileItsWorkerIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		q, h := aside()
		lent, ok := q.Lend([]int{1}, nil, nil, false)
		is.True(ok)
		is.Equal(lent.Hand, h)
		back := false
		go func() { back = q.Back(h) }()
		synctest.Wait()
		is.True(!back)
		is.Equal(begunNow(q, h), []int{1})
		is.True(q.Put([]int{2}))
		is.True(!q.GiveBack(lent))
		synctest.Wait()
		is.True(back)
		is.Equal(begunNow(q, h), []int{2})
	})
}

// What is left in a hand whose worker is away is there for everybody, in its turn.
func TestWhatIsLeftWhileAWorkerIsAwayIsForOthers(t *testing.T) {
	is := is.New(t)
	q, h := aside()
	lent, ok := q.Lend([]int{1, 2, 3}, nil, nil, false)
	is.True(ok)
	_, some := q.TakeNow(h, 8)
	is.True(some)
	q.Open(h, false)
	_, ok = h.Begin(0)
	is.True(ok)
	is.True(q.Put([]int{4}))
	q.GiveBack(lent)
	is.Equal(begunNow(q, &Hand[int]{}), []int{2, 3, 4})
	is.Equal(h.Left(), 0)
}

// A guest works with a hand of its own in the place of a worker. What it leaves is
// for others, and the worker waits as before.
func TestAGuestTakesThePlaceOfAWorker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		l := idleWorker()
		defer close(l.over)
		guest := &Hand[int]{}
		slab := []int{1, 2, 3}
		lent, ok := l.queue.Lend(slab, nil, guest, false)
		is.True(ok)
		is.Equal(lent.Hand, guest)
		_, some := l.queue.TakeNow(guest, 8)
		is.True(some)
		l.queue.Open(guest, false)
		_, ok = guest.Begin(0)
		is.True(ok)
		other, ok := l.queue.Lend([]int{4}, nil, &Hand[int]{}, false)
		is.True(ok)
		is.True(other.Hand == nil) // there is one place, and it is taken
		l.queue.GiveBack(lent)
		clear(slab) // it is the caller's again
		synctest.Wait()
		is.Equal(l.got, []int{2, 3, 4})
	})
}

// Who will have a place in a moment may wait for it, and nothing is put then.
func TestWhoWaitsForAPlacePutsNothing(t *testing.T) {
	is := is.New(t)
	q, _ := aside()
	lent, ok := q.Lend([]int{1}, nil, nil, true)
	is.True(ok)
	_, ok = q.Lend([]int{2}, nil, nil, true)
	is.True(!ok)
	is.Equal(q.Len(), 0)
	q.GiveBack(lent) // who has done nothing
	_, ok = q.Lend([]int{2}, nil, nil, true)
	is.True(ok)
}

// Memory that is the caller's own changes hands with what is in it.
func TestWhatIsLentBringsItsMemory(t *testing.T) {
	is := is.New(t)
	q, h := aside()
	h.room = make([]int, 0, 5)
	slab := []int{1, 2, 3}
	own := slab
	_, ok := q.Lend(own[1:3], &own, nil, false)
	is.True(ok)
	is.Equal(len(own), 5)          // what the hand had
	is.Equal(&h.room[0], &slab[0]) // and the other way round
	clear(own)
	is.Equal(begunNow(q, h), []int{2, 3})
}

// Who is away for too long loses its place: at once, or, where somebody works there,
// when that is over. Coming back in time undoes it.
func TestWhoIsAwayForTooLongLosesItsPlace(t *testing.T) {
	is := is.New(t)
	q, h := aside()
	away, lent := q.Withdraw(h)
	is.True(away && !lent)
	is.True(!q.Regain(h)) // it is gone
	is.True(q.Back(h))    // it does not wait for it
	away, _ = q.Withdraw(h)
	is.True(!away)

	q, h = aside()
	loan, _ := q.Lend([]int{1}, nil, nil, false)
	away, lent = q.Withdraw(h)
	is.True(away && lent)
	is.Equal(begunNow(q, h), []int{1})
	is.True(q.GiveBack(loan)) // now it is free
	is.True(!q.Regain(h))
	is.Equal(q.takers.waiting.length, 0)

	q, h = aside()
	loan, _ = q.Lend([]int{1}, nil, nil, false)
	_, _ = q.Withdraw(h)
	is.True(q.Regain(h))
	is.True(!q.GiveBack(loan))
}

// Nothing keeps a hand that will not be used any more.
func TestAHandIsForgotten(t *testing.T) {
	is := is.New(t)
	q, h := New[int, int](Config[int]{Over: make(chan struct{}), Bound: 8, Help: true}), &Hand[int]{}
	h.fill([]int{1, 2}, 0, 0, 2)
	q.Open(h, false)
	for _, ok := h.Begin(0); ok; _, ok = h.Begin(0) {
	}
	is.Equal(len(q.helped), 1)
	q.Forget(h)
	is.Equal(len(q.helped), 0)
	is.True(!q.helpable())
}
