package engine

import (
	"runtime"
	"sync/atomic"
)

// runner is a goroutine that fetches when it has the baton, and carries on what it
// got.
type runner[In any] struct {
	fetch *fetcher[In]
	root  root
	desk  desk
	holds bool // the baton
}

// mostRunners is how many goroutines fetch by turns, at most one for each processor:
// what is worked on beside a fetch takes a few times as long as the fetch.
const mostRunners = 4

// start begins to fetch.
func (f *fetcher[In]) start() {
	f.baton.free = make(chan struct{}, 1)
	f.runners.Store(1)
	f.join()
}

// join lets a goroutine fetch that is counted already.
func (f *fetcher[In]) join() {
	t := &runner[In]{fetch: f}
	t.root = root{desk: &t.desk, warden: &f.run.warden, replace: t.replace, guest: true, patient: true}
	f.run.addDesk(&t.desk)
	f.run.warden.enter(&t.root)
	f.run.scope.loop("fetch", t.step)
}

// step takes the baton, fetches once, and hands on what it got. It returns false
// when nothing will be fetched any more, or when another goroutine has its place.
func (t *runner[In]) step() bool {
	f := t.fetch
	t.root.drive() // what came of one that has ended its goroutine
	if t.root.lost {
		t.root.leave()
		f.run.removeDesk(&t.desk)
		return false
	}
	if !f.baton.take(f.run.over) {
		return false
	}
	t.holds, f.desk = true, &t.desk
	defer t.letGo() // where what it calls ends the goroutine, too
	if len(f.last) == 0 && !f.done {
		f.once()
	}
	if f.done {
		f.end()
	}
	more := !f.done
	last := f.last
	f.last = nil
	if len(last) > 0 {
		f.pipe.entry.pass(last, nil, carrier{root: &t.root, time: carryTime, now: f.now})
		t.handed()
	}
	t.root.drive()
	return more
}

// handed is called when what was fetched is where nothing can overtake it, before
// it is carried on. Where another goroutine could fetch meanwhile, to good use, it
// may.
func (t *runner[In]) handed() {
	f := t.fetch
	if !f.full {
		return
	}
	t.letGo()
	most := int64(min(mostRunners, runtime.GOMAXPROCS(0)))
	if n := f.runners.Load(); n < most && f.runners.CompareAndSwap(n, n+1) {
		f.join()
	}
}

// replace lets another goroutine fetch in the place of one that is kept from it.
// It is called by another goroutine, when this one touches nothing of its runner.
func (t *runner[In]) replace() {
	if t.holds {
		t.fetch.baton.pass()
	}
	t.fetch.join()
}

// letGo gives the baton to the next.
func (t *runner[In]) letGo() {
	if !t.root.lost && t.holds {
		t.holds = false
		t.fetch.baton.pass()
	}
}

// baton is what one of several goroutines has. It is not handed from one to the
// other, but taken by who comes first: who has just passed it on may be back before
// another processor has woken up.
type baton struct {
	held atomic.Bool
	free chan struct{} // signalled when it is free
}

// take waits for the baton. false means that over is closed.
func (b *baton) take(over <-chan struct{}) bool {
	var l looking
	for ok := true; ok; ok = l.again() { // it is held for a moment, mostly
		if !b.held.Load() && b.held.CompareAndSwap(false, true) {
			return true
		}
	}
	for !b.held.CompareAndSwap(false, true) {
		select {
		case <-b.free:
		case <-over:
			return false
		}
	}
	return true
}

// pass lets go of the baton.
func (b *baton) pass() {
	b.held.Store(false)
	signal(b.free)
}
