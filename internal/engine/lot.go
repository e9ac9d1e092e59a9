package engine

import (
	"sync"
	"sync/atomic"

	"github.com/ergon-go/ergon"
)

// lot is the memory of what one fetch got. When all of it has been accounted for,
// another fetch uses it again: memory that was used just now is quicker by far
// than memory that is new.
type lot[In any] struct {
	origins []origin[In]
	txs     []ergon.Transaction[In] // as they were fetched
	heads   []head                  // the same without what they carry
	items   []Item[In]              // as they enter the first stage
	left    atomic.Int64            // how many have not been accounted for
	fetched atomic.Int64            // when, in nanoseconds from the beginning of the run
	kept    *lots[In]               // nil: it is not used again
	home    *lots[In]               // where it is known
	desk    *desk                   // of who has fetched into it last
}

// lots are those of a fetcher: all that transactions may be in, and those that none is in.
type lots[In any] struct {
	pipe *Pipe[In]
	size int // of each
	mu   sync.Mutex
	free []*lot[In]
	ones []*lot[In] // of one transaction each
	open map[*lot[In]]struct{}
}

// get returns a lot for n transactions that somebody fetches.
func (l *lots[In]) get(n int, by *desk) *lot[In] {
	if n > l.size || 4*n < l.size && n > 1 { // what is in between is not worth being kept
		return l.pipe.newLot(n, nil) // known once something is in it
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	free, size := l.of(n)
	if last := len(*free) - 1; last >= 0 {
		for i := last; i >= 0 && i > last-mostRunners; i-- { // the memory is near where it was used last
			if (*free)[i].desk == by {
				(*free)[i], (*free)[last] = (*free)[last], (*free)[i]
				break
			}
		}
		again := (*free)[last]
		again.desk = by
		*free = (*free)[:last]
		return again
	}
	fresh := l.pipe.newLot(size, l)
	l.know(fresh)
	return fresh
}

// of returns where lots for n transactions are kept, and how large they are.
func (l *lots[In]) of(n int) (*[]*lot[In], int) {
	if n == 1 {
		return &l.ones, 1
	}
	return &l.free, l.size
}

// put takes back a lot that nothing was fetched into.
func (l *lots[In]) put(of *lot[In]) {
	if of.kept == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	free, _ := l.of(len(of.origins))
	*free = append(*free, of)
}

// newLot returns a lot of n transactions. What never changes of an account is
// entered here, so that a fetch need not do so again.
func (p *Pipe[In]) newLot(n int, kept *lots[In]) *lot[In] {
	l := &lot[In]{kept: kept}
	if n == 1 { // as single as what it is for
		one := &struct {
			origin [1]origin[In]
			tx     [1]ergon.Transaction[In]
			head   [1]head
			item   [1]Item[In]
		}{}
		l.origins, l.txs, l.heads, l.items = one.origin[:], one.tx[:], one.head[:], one.item[:]
	} else {
		l.origins, l.txs, l.heads, l.items = make([]origin[In], n), make([]ergon.Transaction[In], n), make([]head, n), make([]Item[In], n)
	}
	for i := range l.origins {
		o := &l.origins[i]
		o.run, o.pipe, o.owner, o.lot, o.tx, o.head = p.run, p, o, l, &l.txs[i], &l.heads[i]
		l.items[i].node = &o.node
	}
	return l
}

// gone says that n more transactions of the lot have been accounted for, after
// which nobody may touch them.
func (l *lot[In]) gone(n int) {
	switch {
	case l == nil || l.left.Add(-int64(n)) > 0:
	case l.kept != nil:
		l.kept.put(l)
	case l.home != nil:
		l.home.forget(l)
	}
}
