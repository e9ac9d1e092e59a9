package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/ergon-go/ergon"
)

// Branch is one way on from a Fork or a Route.
type Branch[T any] struct {
	Port  Port[T]
	Below []int // the lines in it
	Calm  bool  // nobody waits for it
}

// Fork returns a port that hands every item to every branch.
func Fork[T any](r *Run, branches []Branch[T]) Port[T] { return &fork[T]{r, branches} }

type fork[T any] struct {
	run      *Run
	branches []Branch[T]
}

func (f *fork[T]) put(slab []Item[T]) {
	for _, item := range slab {
		f.copy(item)
	}
}

func (f *fork[T]) pass(slab []Item[T], _ *[]Item[T], _ carrier) { f.put(slab) }

// offer is how items come to a Fork on a branch that nobody waits for: there,
// each way gets a copy if it has room for it.
func (f *fork[T]) offer(item Item[T]) bool {
	more := int64(len(f.branches) - 1)
	item.node.add(more)
	f.run.move(more)
	for _, b := range f.branches {
		if !b.Port.offer(item) {
			item.node.fail(fault{err: ErrNoRoom})
			f.run.move(-1)
			item.node.end()
		}
	}
	return true
}

// copy hands one item to all branches. It is counted for all of them before the
// first gets it. Branches that nobody waits for come first: they take no time.
func (f *fork[T]) copy(item Item[T]) {
	waited := 0
	for _, b := range f.branches {
		if !b.Calm {
			waited++
		}
	}
	item.node.add(int64(waited - 1))
	f.run.move(int64(waited - 1))
	for _, b := range f.branches {
		if b.Calm {
			f.spare(b, item)
		}
	}
	for _, b := range f.branches {
		if !b.Calm {
			b.Port.put([]Item[T]{item})
		}
	}
}

// spare hands a copy of an item to a branch that nobody waits for: it has an
// account of its own, and is lost where there is no room.
func (f *fork[T]) spare(b Branch[T], item Item[T]) {
	s := newSpare(f.run, item.node, *headOf(&item))
	item.node.left(b.Below)
	own := ownOf(&item)
	item.node, item.own = &s.node, &own
	f.run.move(1)
	if b.Port.offer(item) {
		return
	}
	s.fail(fault{err: ErrNoRoom})
	f.run.move(-1)
	s.end()
}

// ErrNoRoom says that a best-effort branch was full.
var ErrNoRoom = errors.New("pipeline: best effort: no room")

// spare owns the account of a copy that nobody waits for.
type spare struct {
	node
	own head
}

func newSpare(r *Run, of *node, head head) *spare {
	s := &spare{own: head}
	s.run, s.owner, s.seq, s.deadline, s.head = r, s, of.seq, of.deadline, &s.own
	r.extras.Add(1)
	return s
}

func (s *spare) leaveWith(*exit) bool { return false }

func (s *spare) ended() {
	all := s.failed()
	if len(all) > 0 || s.has(released) {
		s.run.books.bestEffort.Add(1)
		s.tell(all)
	}
	if s.run.extras.Add(-1) == 0 {
		s.run.settled()
	}
}

func (s *spare) tell(all []fault) {
	if !s.run.watch.sees(ergon.KindViolation) {
		return
	}
	e := &ergon.Event{Kind: ergon.KindViolation, ID: s.id(), N: 1, Err: errReleased}
	if len(all) > 0 {
		e.Stage, e.Err = all[0].stage, all[0].err
	}
	s.run.watch.moment(s.run.work, e)
}

// Route returns the port of a stage that hands each item to the branch that pick
// returns the index of.
func Route[T any](r *Run, s *Step, pick func(T) int, branches []Branch[T]) Port[T] {
	out := &way[routed[T]]{put: func(slab []Item[routed[T]]) {
		for _, item := range slab {
			to := item.payload.to
			for i, branch := range branches {
				if i != to {
					item.node.left(branch.Below)
				}
			}
			branches[to].Port.put([]Item[T]{become(item, item.payload.payload)})
		}
	}}
	return newPool(r, s, stageBody(r, s, out), calls[T]{attempt: func(_ context.Context, _ *call, items []Item[T], into place) error {
		item := items[0]
		to := pick(item.payload)
		if to < 0 || to >= len(branches) {
			return ergon.Permanent(fmt.Errorf("pipeline: Route: there is no branch %d of %d", to, len(branches)))
		}
		*resultAt[routed[T]](into, 0) = become(item, routed[T]{item.payload, to})
		return nil
	}})
}

// routed is what is on its way to one of several branches.
type routed[T any] struct {
	payload T
	to      int
}
