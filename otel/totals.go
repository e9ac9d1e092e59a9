package ergonotel

import (
	"maps"
	"time"

	"github.com/ergon-go/ergon"
)

// totals is what the runs of one pipeline have come to.
type totals struct {
	fetched    map[ergon.Destination]int64
	bestEffort int64
	inFlight   int64
	oldest     time.Duration // of the runs that go on
	running    int64         // of them, how many
	draining   int64         // and how many more that come to their end
	outcomes   map[string]int64
	sent       map[sentKey]int64
	stages     map[stageKey]stageTotals
}

type stageKey struct {
	stage string
	kind  ergon.Kind
}

// sentKey is which sink it was and where it stores.
type sentKey struct {
	stage string
	to    ergon.Destination
}

type stageTotals struct {
	attempts, failed, retried int64
	working, awaited          time.Duration
	blocked, starved          time.Duration
	queued, waiting           int // of runs that go on
	busy, workers             int // of them, too
}

// times are those that ergon.stage.time has, by what they are for.
func (s stageTotals) times() map[string]time.Duration {
	return map[string]time.Duration{"working": s.working, "blocked": s.blocked, "starved": s.starved, "awaited": s.awaited}
}

func newTotals() *totals {
	return &totals{fetched: map[ergon.Destination]int64{}, outcomes: map[string]int64{}, sent: map[sentKey]int64{}, stages: map[stageKey]stageTotals{}}
}

func (t *totals) clone() *totals {
	c := *t
	c.fetched, c.sent, c.outcomes, c.stages = maps.Clone(t.fetched), maps.Clone(t.sent), maps.Clone(t.outcomes), maps.Clone(t.stages)
	return &c
}

// add adds a run as it stands, with the time that its stages were starved.
func (t *totals) add(s ergon.Snapshot, starved map[stageKey]*starved) {
	t.oldest = max(t.oldest, s.Oldest)
	if s.Draining {
		t.draining++
	} else {
		t.running++
	}
	if len(s.Stages) > 0 { // before, nobody knows the source, and nothing is fetched
		t.fetched[s.Source] += s.Ledger.Fetched
	}
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
		of.retried += one.Retried
		of.working += one.Working
		of.awaited += one.Awaited
		of.blocked += one.Blocked
		of.starved += starved[k].total
		of.queued += one.Queued
		of.waiting += one.Waiting
		of.busy += one.Busy
		of.workers += one.Workers
		t.stages[k] = of
		if one.Kind == ergon.KindDispatch {
			t.sent[sentKey{one.Name, one.Destination}] += one.Succeeded
		}
	}
}

// stand notes that nothing goes on any more.
func (t *totals) stand() {
	t.inFlight, t.oldest, t.running, t.draining = 0, 0, 0, 0
	for k, of := range t.stages {
		of.queued, of.waiting, of.busy, of.workers = 0, 0, 0, 0
		t.stages[k] = of
	}
}
