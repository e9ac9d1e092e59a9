package broker

import (
	"slices"
	"time"

	"github.com/ergon-go/ergon"
)

// Queue hands things out under a lease, in order, and again where they are not
// settled in time. NewQueue makes one.
type Queue struct {
	lease   time.Duration // 0: for ever, as long as the connection lasts
	counted bool
	items   []queued
	waiting []int // in the order in which they are handed out
	out     []*Delivery
}

type queued struct {
	due   time.Time
	count int
	done  bool
}

var _ Broker = (*Queue)(nil)

// NewQueue returns a Queue of n things. counted says whether it tells how often
// it has handed something out.
func NewQueue(n int, lease time.Duration, counted bool) *Queue {
	q := &Queue{lease: lease, counted: counted, items: make([]queued, n)}
	for i := range n {
		q.waiting = append(q.waiting, i)
	}
	return q
}

// Take hands out up to n things that are due.
func (q *Queue) Take(n int) []*Delivery {
	q.expire()
	now := time.Now()
	var taken []*Delivery
	q.waiting = slices.DeleteFunc(q.waiting, func(i int) bool {
		item := &q.items[i]
		if len(taken) >= n || item.due.After(now) {
			return false
		}
		item.count++
		d := &Delivery{Item: i, until: now.Add(q.lease)}
		if q.counted {
			d.Count = item.count
		}
		taken = append(taken, d)
		return true
	})
	q.out = append(q.out, taken...)
	return taken
}

// Settle takes a verdict.
func (q *Queue) Settle(d *Delivery, v ergon.Verdict, delay time.Duration) bool {
	q.expire()
	if d.Stale {
		return false
	}
	q.drop(d)
	item := &q.items[d.Item]
	switch v {
	case ergon.Acked, ergon.DeadLettered:
		item.done = true
		return true
	case ergon.Released:
		item.count--
		delay = 0
	case ergon.Returned:
	}
	q.wait(d.Item, delay)
	return true
}

// Extend prolongs a lease.
func (q *Queue) Extend(d *Delivery) bool {
	q.expire()
	if d.Stale {
		return q.items[d.Item].done
	}
	d.until = time.Now().Add(q.lease)
	return true
}

// Lose ends a lease early.
func (q *Queue) Lose(d *Delivery) {
	if !d.Stale {
		q.drop(d)
		q.wait(d.Item, 0)
	}
}

// Move does nothing: a queue has no parts.
func (q *Queue) Move(uint64, time.Duration) {}

// Connect makes everything that was handed out ready again.
func (q *Queue) Connect(bool) {
	for _, d := range slices.Clone(q.out) {
		q.Lose(d)
	}
}

func (q *Queue) drop(d *Delivery) {
	d.Stale = true
	q.out = slices.DeleteFunc(q.out, func(o *Delivery) bool { return o == d })
}

func (q *Queue) wait(i int, delay time.Duration) {
	q.items[i].due = time.Now().Add(delay)
	q.waiting = append(q.waiting, i)
}

// expire takes back what was not extended in time.
func (q *Queue) expire() {
	if q.lease <= 0 {
		return
	}
	now := time.Now()
	for _, d := range slices.Clone(q.out) {
		if !d.until.After(now) {
			q.Lose(d)
		}
	}
}

// Left returns how many things are not settled for good.
func (q *Queue) Left() int {
	n := 0
	for i := range q.items {
		if !q.items[i].done {
			n++
		}
	}
	return n
}

// Next returns when the first of what waits is due.
func (q *Queue) Next() time.Time {
	next := time.Now().Add(Never)
	for _, i := range q.waiting {
		if due := q.items[i].due; due.Before(next) {
			next = due
		}
	}
	for _, d := range q.out {
		if q.lease > 0 && d.until.Before(next) {
			next = d.until
		}
	}
	return next
}

// Done reports whether a thing is settled for good.
func (q *Queue) Done(item int) bool { return q.items[item].done }

// Fault returns nothing: a queue has no rules that a source could break.
func (q *Queue) Fault() string { return "" }
