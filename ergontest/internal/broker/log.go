package broker

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/tracker"
)

// Log has partitions, of which it remembers one number each: everything before
// this offset is done. NewLog makes one.
type Log struct {
	parts  []*partition
	at     []place // of each thing
	done   []bool
	window int
	turn   int // the partition that is read next
	fault  string
}

// partition is one of a Log, and how far its one reader is.
type partition struct {
	items     []int
	offsets   []int64
	committed int64
	tracker   *tracker.Tracker // nil: somebody else has it
	back      time.Time        // when it comes back
	read      int              // how many were read in this assignment, skipped ones included
	out       []*Delivery
	again     []again
}

// again is what was Returned and is handed out again.
type again struct {
	item int
	mark tracker.Mark
	due  time.Time
}

type place struct {
	part  int
	index int
	mark  tracker.Mark
}

var _ Broker = (*Log)(nil)

// NewLog returns a Log of things: of which partition each is stands in parts. No
// more than window of a partition are handed out and not done with.
func NewLog(parts []int, window int) *Log {
	l := &Log{done: make([]bool, len(parts)), window: window}
	for i, n := range parts {
		for len(l.parts) <= n {
			l.parts = append(l.parts, &partition{})
		}
		p := l.parts[n]
		l.at = append(l.at, place{part: n, index: len(p.items)})
		p.offsets = append(p.offsets, int64(3*len(p.items)+len(p.items)%2)) // with gaps
		p.items = append(p.items, i)
	}
	return l
}

// Take reads up to n things, of one partition after the other.
func (l *Log) Take(n int) []*Delivery {
	var taken []*Delivery
	for range l.parts {
		p := l.parts[l.turn]
		l.turn = (l.turn + 1) % len(l.parts)
		l.assign(p)
		for len(taken) < n {
			d := l.next(p)
			if d == nil {
				break
			}
			taken = append(taken, d)
		}
	}
	return taken
}

// assign gives a partition back to its reader, who goes on where it was committed.
func (l *Log) assign(p *partition) {
	if p.tracker != nil || p.back.After(time.Now()) {
		return
	}
	p.tracker = tracker.New(p.committed, l.window)
	p.read, _ = slices.BinarySearch(p.offsets, p.committed)
	p.out, p.again = nil, nil
	for _, i := range p.items[p.read:] {
		l.done[i] = false
	}
}

// next reads one thing, or what was given back.
func (l *Log) next(p *partition) *Delivery {
	if p.tracker == nil {
		return nil
	}
	now := time.Now()
	for i, a := range p.again {
		if !a.due.After(now) {
			p.again = slices.Delete(p.again, i, i+1)
			return l.hand(p, a.item, a.mark)
		}
	}
	if p.read == len(p.items) || p.tracker.Room() == 0 {
		return nil
	}
	mark, err := p.tracker.Add(p.offsets[p.read])
	if err != nil {
		l.fault = fmt.Sprintf("offset %d could not be read: %v", p.offsets[p.read], err)
		return nil
	}
	p.read++
	return l.hand(p, p.items[p.read-1], mark)
}

func (l *Log) hand(p *partition, item int, mark tracker.Mark) *Delivery {
	d := &Delivery{Item: item, place: l.at[item]}
	d.place.mark = mark
	p.out = append(p.out, d)
	return d
}

// Settle takes a verdict. Released changes nothing: the offset stays where it is.
func (l *Log) Settle(d *Delivery, v ergon.Verdict, delay time.Duration) bool {
	if d.settled {
		return false // what was Returned may be out again, with the same mark
	}
	p := l.parts[d.place.part]
	if v == ergon.Acked || v == ergon.DeadLettered {
		if !d.place.mark.Done() {
			return false
		}
		if d.Stale {
			l.fault = fmt.Sprintf("thing %d was done with a receipt of an assignment that was over", d.Item)
		}
		l.done[d.Item] = true
	}
	if d.Stale {
		return false
	}
	d.Stale, d.settled = true, true
	p.out = slices.DeleteFunc(p.out, func(o *Delivery) bool { return o == d })
	if v == ergon.Returned {
		p.again = append(p.again, again{d.Item, d.place.mark, time.Now().Add(delay)})
	}
	_ = p.tracker.Commit(context.Background(), l.store(p))
	return true
}

// store returns what tells a partition how far things are. It is where the rule is
// held: nothing before the offset may be not done.
func (l *Log) store(p *partition) tracker.Store {
	return func(_ context.Context, next int64) error {
		for i, offset := range p.offsets {
			if offset < next && !l.done[p.items[i]] {
				l.fault = fmt.Sprintf("offset %d was committed, and thing %d at %d was not done", next, p.items[i], offset)
			}
		}
		if next < p.committed {
			l.fault = fmt.Sprintf("offset %d was committed after %d", next, p.committed)
		}
		p.committed = next
		return nil
	}
}

// Extend says that there are no leases.
func (l *Log) Extend(*Delivery) bool { return true }

// Lose does nothing: single things are not taken back.
func (l *Log) Lose(*Delivery) {}

// Move gives a partition to somebody else, who does nothing with it, for a while.
func (l *Log) Move(n uint64, d time.Duration) {
	p := l.parts[n%uint64(len(l.parts))]
	l.revoke(p, true)
	p.back = time.Now().Add(d)
}

// Connect ends all assignments. Where that is not clean, what was not committed by
// then is lost to it.
func (l *Log) Connect(clean bool) {
	for _, p := range l.parts {
		l.revoke(p, clean)
		p.back = time.Time{}
	}
}

func (l *Log) revoke(p *partition, clean bool) {
	if p.tracker == nil {
		return
	}
	var store tracker.Store
	if clean {
		store = l.store(p)
	}
	_ = p.tracker.Revoke(context.Background(), store)
	for _, d := range p.out {
		d.Stale = true
	}
	p.tracker, p.out, p.again = nil, nil, nil
	for i, offset := range p.offsets {
		if offset >= p.committed {
			l.done[p.items[i]] = false
		}
	}
}

// Left returns how many things are not done with.
func (l *Log) Left() int {
	n := 0
	for _, done := range l.done {
		if !done {
			n++
		}
	}
	return n
}

// Next returns when there may be more to read.
func (l *Log) Next() time.Time {
	next := time.Now().Add(Never)
	for _, p := range l.parts {
		if p.tracker == nil && p.back.Before(next) {
			next = p.back
		}
		for _, a := range p.again {
			if a.due.Before(next) {
				next = a.due
			}
		}
	}
	return next
}

// Done reports whether a thing is done with, as far as the present assignment knows.
func (l *Log) Done(item int) bool { return l.done[item] }

// Fault returns which rule was broken.
func (l *Log) Fault() string { return l.fault }
