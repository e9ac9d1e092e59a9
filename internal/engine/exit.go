package engine

import "github.com/ergon-go/ergon"

// exit gathers what comes to its end in one go, so that the source is told, and
// slots are given back, once for all of it.
type exit struct{ ends ends }

// ends is a list of origins, whatever they were fetched as.
type ends interface{ leave(by carrier) }

// leave ends what was gathered. by may carry on what follows.
func (x *exit) leave(by carrier) {
	if x.ends != nil {
		x.ends.leave(by)
	}
}

// leaving are the origins of one pipe that end well and at once.
type leaving[In any] struct {
	pipe    *Pipe[In]
	origins []Item[*origin[In]]
}

// passed says that a sink has stored one of the things that came of a node. Where
// it was the last and all is well, the rest of the way is taken together with
// others.
func (n *node) passed(x *exit) {
	if n.others.Load() == 0 && n.faults.Load() == nil && n.marks.Load()&^stored == 0 {
		if n.owner.leaveWith(x) {
			return
		}
	}
	n.mark(stored)
	n.end()
}

// leaveWith gathers an origin of which everything is stored.
func (o *origin[In]) leaveWith(x *exit) bool {
	if o.pipe.success != nil || o.run.watch.seesEach() || o.life != nil {
		return false
	}
	l, some := x.ends.(*leaving[In])
	if !some {
		l = &leaving[In]{pipe: o.pipe}
		x.ends = l
	}
	o.row, o.verdict = succeeded, ergon.Acked
	l.origins = append(l.origins, o.item())
	return true
}

// leave tells the source, or gives the slots back where there is nobody to tell.
func (l *leaving[In]) leave(by carrier) {
	n := len(l.origins)
	switch r := l.pipe.run; {
	case n == 0 || r.isOver():
	case l.pipe.accepts.Has(ergon.Acked):
		l.pipe.settle.pass(l.origins, &l.origins, by)
	default:
		goneAll(l.origins)
		r.freeAll(succeeded, int64(n))
	}
	clear(l.origins[:min(n, len(l.origins))])
	l.origins = l.origins[:0]
}

// goneAll gives the memory of many back.
func goneAll[In any](origins []Item[*origin[In]]) {
	for len(origins) > 0 {
		of, n := origins[0].payload.lot, 1
		for n < len(origins) && origins[n].payload.lot == of {
			n++
		}
		of.gone(n)
		origins = origins[n:]
	}
}

// accountAll is account for many that were settled together.
func accountAll[In any](r *Run, origins []Item[*origin[In]], x *exit) {
	l, some := x.ends.(*accounted)
	if !some {
		l = &accounted{run: r}
		x.ends = l
	}
	var of *lot[In] // in which the last n stand
	n := 0
	for i := range origins {
		o := origins[i].payload
		if r.watch.seesEach() || o.fate != nil || o.life != nil {
			o.account(o.row, o.why())
			continue
		}
		l.rows[o.row]++
		if o.lot != of {
			of.gone(n)
			of, n = o.lot, 0
		}
		n++
	}
	of.gone(n)
}

// accounted counts transactions that the source has been told of.
type accounted struct {
	run  *Run
	rows [buckets]int64
}

func (a *accounted) leave(carrier) {
	for row, n := range a.rows {
		if n > 0 && !a.run.isOver() {
			a.run.freeAll(bucket(row), n)
		}
	}
	clear(a.rows[:])
}
