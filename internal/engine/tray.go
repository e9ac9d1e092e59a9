package engine

import (
	"slices"

	"github.com/ergon-go/ergon/internal/seam"
)

// outlet is where a pool hands on what has come of its items, whatever that is.
type outlet interface {
	tray() tray
	carries() bool // what is handed on may be carried on
	// order lets what leaves do so in the order of tickets.
	order(passed func(slabs int))
}

// tray holds results until they are handed on.
type tray interface {
	room(n int)                   // sees to it that n results fit
	clear(n int)                  // forgets the first n
	take(i int, from tray, j int) // the i-th becomes what the j-th of another is
	part(from, to int) tray       // a copy of some of them
	put(from, to int)             // hands some of them on, waiting for room
	// pass is put by who may carry them on itself. Where they do not stay as they are
	// until all of them have ended, the tray has other memory then.
	pass(from, to int, stay bool, by carrier)
	// leave hands on those that are done, in the order of tickets. It may move them.
	leave(t seam.Ticket, done []bool)
}

// place is where the results of an attempt belong: in a tray, from an index on.
type place struct {
	tray tray
	at   int
}

// way is the outlet of a pool whose results are items of R.
type way[R any] struct {
	put  func([]Item[R])
	pass func([]Item[R], *[]Item[R], carrier) // nil: nothing is carried on
	line *seam.Line[Item[R]]                  // not nil: results leave in the order of the input
}

// onto returns the way to a port on which what is handed on may be carried on.
func onto[R any](out Port[R]) *way[R] { return &way[R]{put: out.put, pass: out.pass} }

func (w *way[R]) tray() tray { return &rows[R]{way: w} }

func (w *way[R]) carries() bool { return w.pass != nil }

func (w *way[R]) order(passed func(slabs int)) { w.line = seam.NewLine(w.put, passed) }

// rows is a tray of items of R.
type rows[R any] struct {
	way *way[R]
	all []Item[R]
}

// resultAt returns a result where it stands in its tray.
func resultAt[R any](p place, i int) *Item[R] { return &p.tray.(*rows[R]).all[p.at+i] }

func (r *rows[R]) room(n int) {
	if more := n - len(r.all); more > 0 {
		r.all = append(r.all, make([]Item[R], more)...)
	}
}

func (r *rows[R]) clear(n int) { clear(r.all[:min(n, len(r.all))]) }

func (r *rows[R]) take(i int, from tray, j int) { r.all[i] = from.(*rows[R]).all[j] }

func (r *rows[R]) part(from, to int) tray {
	return &rows[R]{way: r.way, all: slices.Clone(r.all[from:to])}
}

func (r *rows[R]) put(from, to int) { r.way.put(r.all[from:to]) }

func (r *rows[R]) pass(from, to int, stay bool, by carrier) {
	own := &r.all
	if stay {
		own = nil
	}
	r.way.pass(r.all[from:to], own, by)
}

func (r *rows[R]) leave(t seam.Ticket, done []bool) {
	slab := r.all[:len(done)]
	if first := slices.Index(done, false); first >= 0 {
		slab = slab[:first]
		for i, is := range done[first:] {
			if is {
				slab = append(slab, r.all[first+i])
			}
		}
	}
	r.way.line.Leave(t, slab)
}
