package live

import (
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
)

// span is what happened between two readings.
type span struct {
	then, now reading
	seconds   float64
}

// of returns how much of something there was in a second.
func (s span) of(amount float64) float64 {
	if s.seconds <= 0 {
		return 0
	}
	return max(0, amount) / s.seconds
}

// runOf returns a pipeline as it stands in a picture.
func runOf(graph pipeline.Topology, now, then reading) run {
	of := now.of
	s := span{then, now, now.at.Sub(then.at).Seconds()}
	r := run{
		Name: text(graph.Name), State: stateOf(of), Over: s.seconds, Oldest: of.Oldest.Seconds(), Ledger: ledgerOf(of.Ledger),
		Rate: s.of(float64(of.Ledger.Settled() - then.of.Ledger.Settled())), Nodes: []node{}, Edges: []edge{},
	}
	if of.Began.IsZero() {
		r.Over = 0
	} else {
		r.Seconds = now.at.Sub(of.Began).Seconds()
	}
	for _, e := range graph.Edges {
		r.Edges = append(r.Edges, edge{e.From, e.To, text(e.Label)})
	}
	for _, n := range graph.Nodes {
		r.Nodes = append(r.Nodes, s.node(n))
	}
	if settles, some := now.nodes[""]; some {
		r.Nodes = append(r.Nodes, s.settling(settles))
	}
	r.Mishaps = mishapsOf(r.Nodes, now)
	for _, n := range r.Nodes {
		r.Failures += n.Failed
		r.Waiting += n.Waiting
	}
	s.mark(&r)
	return r
}

func stateOf(s ergon.Snapshot) string {
	switch {
	case s.Began.IsZero():
		return notBegun
	case !s.Ended.IsZero():
		return ended
	case s.Draining:
		return draining
	}
	return running
}

func ledgerOf(l ergon.Ledger) ledger {
	return ledger{
		Fetched: l.Fetched, Acked: l.Succeeded + l.Dropped + l.Handled, DeadLettered: l.DeadLettered,
		Returned: l.Returned, Released: l.Released, Unsettled: l.Unsettled, InFlight: l.InFlight,
	}
}

// node returns a node with its figures.
func (s span) node(n pipeline.Node) node {
	shown := node{ID: n.ID, Name: text(n.Name), Kind: n.Kind, Workers: n.Workers, Batch: n.Batch, Ordered: n.Ordered, Keyed: n.Keyed}
	if n.Kind == "source" {
		shown.Works = !s.now.of.Began.IsZero()
		shown.Done = s.now.of.Ledger.Fetched
		shown.Rate = s.of(float64(shown.Done - s.then.of.Ledger.Fetched))
		return shown
	}
	if now, works := s.now.nodes[n.ID]; works {
		s.fill(&shown, now, s.then.nodes[n.ID])
	}
	return shown
}

// settling returns what tells the source, which is no node of the graph.
func (s span) settling(now ergon.StageSnapshot) node {
	shown := node{ID: settle, Name: now.Name, Kind: settle}
	s.fill(&shown, now, s.then.nodes[""])
	return shown
}

// fill enters the figures of a stage.
func (s span) fill(shown *node, now, then ergon.StageSnapshot) {
	workers := float64(max(now.Workers, 1))
	shown.Works, shown.Workers = true, now.Workers
	shown.Busy, shown.Queued, shown.Waiting = now.Busy, now.Queued, now.Waiting
	shown.Done, shown.Failed, shown.Retried = now.Succeeded, now.Failed, now.Retried
	shown.Rate = s.of(float64(now.Succeeded - then.Succeeded))
	shown.Failing = s.of(float64(now.Failed - then.Failed))
	shown.Load = s.load(now, then)
	shown.Blocked = min(1, s.of((now.Blocked-then.Blocked).Seconds())/workers)
}

// load returns how busy the workers of a stage were, of 1. Time is entered when a call
// ends: where none has ended, or those that have took longer than there was, it is how
// many are in one now.
func (s span) load(now, then ergon.StageSnapshot) float64 {
	workers := float64(max(now.Workers, 1))
	worked := s.of((now.Working - then.Working).Seconds()) / workers
	if s.now.of.Ended.IsZero() && (now.Attempts == then.Attempts || worked > 1) {
		worked = float64(now.Busy) / workers
	}
	return min(1, worked)
}

// awaited returns how many waited for room in front of a stage, on the average.
func (s span) awaited(id string) float64 {
	return s.of((s.now.nodes[id].Awaited - s.then.nodes[id].Awaited).Seconds())
}

// seconds returns a number of seconds as a duration.
func seconds(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }
