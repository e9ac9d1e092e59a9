package engine

import (
	"context"
	"sync"

	"github.com/ergon-go/ergon"
)

// Pipe is a run with the type of what it fetches.
type Pipe[In any] struct {
	run     *Run
	source  ergon.Source[In]
	settler ergon.Settler[In]
	accepts ergon.Verdicts
	entry   Port[In]
	width   int // how many workers the first stage has

	handler *pool[*origin[In]]
	success *pool[*origin[In]]
	letters *pool[*origin[In]]
	settle  *pool[*origin[In]]
	leases  *leases[In]
	fetch   *fetcher[In]

	parts []Part
	open  sync.Map // of *origin[In]: those whose event has not ended; only with observers
}

// Part is a connector that is started before a run and stopped after it.
type Part struct {
	Name  string
	Value any
}

// NewPipe returns the pipe of a source, without stages.
func NewPipe[In any](r *Run, source ergon.Source[In]) *Pipe[In] {
	p := &Pipe[In]{run: r, source: source}
	r.from = destinationOf(source)
	p.settler, _ = source.(ergon.Settler[In])
	p.accepts = Accepts(source)
	if p.settler != nil {
		p.settle = newSettle(p, r.Settle)
	}
	if e, ok := source.(ergon.Extender[In]); ok && p.settler != nil {
		p.leases = newLeases(p, e)
		r.leased = true
	}
	return p
}

// Accepts returns the verdicts a source can be told.
func Accepts[In any](source ergon.Source[In]) ergon.Verdicts {
	if _, ok := source.(ergon.Settler[In]); !ok {
		return 0
	}
	if a, ok := source.(ergon.Accepter); ok {
		return a.Accepts()
	}
	return ergon.VerdictSet(ergon.Acked, ergon.Released, ergon.Returned)
}

// Run returns the run of the pipe.
func (p *Pipe[In]) Run() *Run { return p.run }

// Enter sets where fetched transactions go.
func (p *Pipe[In]) Enter(entry Port[In]) {
	p.entry = entry
	if wide, ok := entry.(interface{ width() int }); ok {
		p.width = wide.width()
	}
}

// Parts sets what is started and stopped, the source first.
func (p *Pipe[In]) Parts(parts []Part) { p.parts = parts }

// OnError sets the handler of failures.
func (p *Pipe[In]) OnError(s *Step, handle func(context.Context, ergon.Failure[In]) error) {
	p.handler = newHandler(p, s, handle)
}

// OnSuccess sets what is called for transactions whose output is stored.
func (p *Pipe[In]) OnSuccess(s *Step, do func(context.Context, ergon.Transaction[In]) error) {
	p.success = newSuccess(p, s, do)
}

// closeEvents ends the events of transactions that the run had to leave behind.
func (p *Pipe[In]) closeEvents() {
	p.open.Range(func(key, _ any) bool {
		o := key.(*origin[In])
		o.event.Verdict, o.event.Err = ergon.Released, ErrDrainTimeout
		p.run.watch.end(o.outer, o.event)
		o.batch.end(p.run)
		return true
	})
}
