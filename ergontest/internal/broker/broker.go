// Package broker simulates what a source is connected to: a queue with leases,
// and a log of partitions. They hold no payloads, only the numbers of things.
// Nothing in it blocks or is safe for concurrent use; time is time.Now.
package broker

import (
	"time"

	"github.com/ergon-go/ergon"
)

// Delivery is one time that something was handed out.
type Delivery struct {
	Item  int
	Count int  // how often it was handed out, this time included; 0: nobody counts
	Stale bool // what is said of it changes nothing any more

	until   time.Time // the end of its lease
	place   place     // where a log has it
	settled bool      // a verdict was taken
}

// Broker is a queue or a log.
type Broker interface {
	// Take hands out up to n things.
	Take(n int) []*Delivery
	// Settle takes a verdict, and reports whether it changed anything.
	Settle(d *Delivery, v ergon.Verdict, delay time.Duration) bool
	// Extend prolongs a lease, and reports whether there was one.
	Extend(d *Delivery) bool
	// Lose takes back what was handed out, though nobody has said so.
	Lose(d *Delivery)
	// Move takes the nth part of everything away for a while; a queue has no parts.
	Move(n uint64, d time.Duration)
	// Connect begins a connection: what an old one got is stale. A clean end of
	// that is one after which it could say how far it was.
	Connect(clean bool)
	// Left returns how many things are not done with.
	Left() int
	// Next returns when there may be more to hand out.
	Next() time.Time
	// Done reports whether a thing is done with.
	Done(item int) bool
	// Fault returns how the rules of the broker were broken, or nothing.
	Fault() string
}

// Never is how far away Next is where nothing will be handed out before the next
// connection.
const Never = time.Hour
