package ergonotel

import (
	"maps"
	"time"

	"github.com/ergon-go/ergon"
)

// totals is what the runs of one pipeline have come to.
type totals struct {
	fetched    int64
	bestEffort int64
	inFlight   int64
	outcomes   map[string]int64
	stages     map[stageKey]stageTotals
}

type stageKey struct {
	stage string
	kind  ergon.Kind
}

type stageTotals struct {
	attempts, fine, failed, retried int64
	working, awaited                time.Duration
	queued, busy, workers           int // of runs that go on
}

func newTotals() *totals {
	return &totals{outcomes: map[string]int64{}, stages: map[stageKey]stageTotals{}}
}

func (t *totals) clone() *totals {
	c := *t
	c.outcomes, c.stages = maps.Clone(t.outcomes), maps.Clone(t.stages)
	return &c
}

func (t *totals) add(s ergon.Snapshot) {
	t.fetched += s.Ledger.Fetched
	t.bestEffort += s.Ledger.BestEffort
	t.inFlight += s.Ledger.InFlight
	for _, row := range rowsOf(s.Ledger) {
		t.outcomes[row.outcome] += row.n
	}
	for _, one := range s.Stages {
		k := stageKey{one.Name, one.Kind}
		of := t.stages[k]
		of.attempts += one.Attempts
		of.failed += one.Failed
		of.fine += one.Succeeded
		of.retried += one.Retried
		of.working += one.Working
		of.awaited += one.Awaited
		of.queued += one.Queued
		of.busy += one.Busy
		of.workers += one.Workers
		t.stages[k] = of
	}
}

// stand notes that nothing goes on any more.
func (t *totals) stand() {
	t.inFlight = 0
	for k, of := range t.stages {
		of.queued, of.busy, of.workers = 0, 0, 0
		t.stages[k] = of
	}
}
