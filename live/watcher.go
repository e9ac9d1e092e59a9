package live

import (
	"cmp"
	"slices"
	"time"

	"github.com/ergon-go/ergon"
)

// watcher looks at a view again and again: what it saw before is what rates are made
// of. It belongs to one goroutine.
type watcher struct {
	view *View
	last map[int]reading // by the place of the pipeline in the view
}

// reading is a snapshot and when it was taken.
type reading struct {
	at    time.Time
	of    ergon.Snapshot
	nodes map[string]ergon.StageSnapshot
}

func (v *View) watcher() *watcher { return &watcher{view: v, last: map[int]reading{}} }

// look returns the picture of now.
func (w *watcher) look() picture {
	p := picture{At: time.Now(), Runs: []run{}, pages: w.view.where()}
	for i, s := range w.view.all() {
		now := read(s.pipeline.Snapshot())
		p.Runs = append(p.Runs, runOf(s.graph, now, w.last[i].before(now)))
		w.last[i] = now
	}
	slices.SortStableFunc(p.Runs, func(a, b run) int { return cmp.Compare(turn(a.State), turn(b.State)) })
	return p
}

// turn returns which pipelines come first: those that do something, then those that
// have done it.
func turn(state string) int {
	switch state {
	case notBegun:
		return 2
	case ended:
		return 1
	}
	return 0
}

func read(s ergon.Snapshot) reading {
	r := reading{at: time.Now(), of: s, nodes: map[string]ergon.StageSnapshot{}}
	if !s.Ended.IsZero() {
		r.at = s.Ended
	}
	for _, one := range s.Stages {
		if same, twice := r.nodes[one.Node]; twice { // dead letters are written, then stored
			one.Queued, one.Waiting = one.Queued+same.Queued, one.Waiting+same.Waiting
			one.Failed, one.Retried = one.Failed+same.Failed, one.Retried+same.Retried
			if same.LastErrorAt.After(one.LastErrorAt) {
				one.LastError, one.LastErrorAt = same.LastError, same.LastErrorAt
			}
		}
		r.nodes[one.Node] = one
	}
	return r
}

// before returns what another reading is compared with: this one, or the beginning of
// its run where this one is of another run, or the other is the last.
func (r reading) before(other reading) reading {
	if !r.of.Began.Equal(other.of.Began) || !other.of.Ended.IsZero() {
		return reading{at: other.of.Began}
	}
	return r
}

// mishapsOf returns the last errors, the latest first.
func mishapsOf(nodes []node, r reading) []mishap {
	all := []mishap{}
	for _, n := range nodes {
		id := n.ID
		if n.Kind == settle {
			id = ""
		}
		if s := r.nodes[id]; s.LastError != nil {
			all = append(all, mishap{n.ID, n.Name, errorText(s.LastError), time.Since(s.LastErrorAt).Seconds()})
		}
	}
	slices.SortStableFunc(all, func(a, b mishap) int { return cmp.Compare(a.Ago, b.Ago) })
	return all
}
