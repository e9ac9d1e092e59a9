package live

import (
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
)

// chain is a graph of three stages in a row, with a sink on another way from the first.
var chain = pipeline.Topology{Name: "chain", Nodes: []pipeline.Node{
	{ID: "n0", Name: "source", Kind: "source"}, {ID: "n1", Name: "a"}, {ID: "n2", Name: "b"}, {ID: "n3", Name: "c"}, {ID: "n4", Name: "side"},
}, Edges: []pipeline.Edge{{From: "n0", To: "n1"}, {From: "n1", To: "n2"}, {From: "n2", To: "n3"}, {From: "n1", To: "n4"}}}

// What limits is what others wait for, and is itself the reason.
func TestWhichStageLimits(t *testing.T) {
	busy := func(id string, load float64, queued int) ergon.StageSnapshot {
		return ergon.StageSnapshot{Node: id, Workers: 1, Attempts: 10, Succeeded: 10, Queued: queued, Working: time.Duration(load * float64(time.Second))}
	}
	awaited := func(s ergon.StageSnapshot, d time.Duration) ergon.StageSnapshot { s.Awaited = d; return s }
	waits := func(s ergon.StageSnapshot) ergon.StageSnapshot { s.Waiting, s.Succeeded = 3, 0; return s }
	stuck := ergon.StageSnapshot{Node: "n2", Workers: 2, Busy: 2, Queued: 5}
	for name, c := range map[string]struct {
		stages []ergon.StageSnapshot
		want   string
	}{
		"nothing is queued":                       {[]ergon.StageSnapshot{busy("n1", 1, 0)}, ""},
		"nobody is busy":                          {[]ergon.StageSnapshot{busy("n1", 0.3, 9)}, ""},
		"the first":                               {[]ergon.StageSnapshot{busy("n1", 0.9, 9), busy("n2", 0.3, 9)}, "n1"},
		"the last of those on one way":            {[]ergon.StageSnapshot{busy("n1", 1, 500), busy("n2", 0.9, 20), busy("n3", 0.2, 1)}, "n2"},
		"others have waited, nothing is left":     {[]ergon.StageSnapshot{awaited(busy("n2", 0.9, 0), time.Second)}, "n2"},
		"on two ways, for whom others wait most":  {[]ergon.StageSnapshot{awaited(busy("n3", 0.9, 9), time.Second), busy("n4", 1, 90)}, "n3"},
		"on two ways, where most is queued":       {[]ergon.StageSnapshot{busy("n3", 1, 9), busy("n4", 0.9, 90)}, "n4"},
		"a call that takes longer than one looks": {[]ergon.StageSnapshot{stuck}, "n2"},
		"what fails and waits":                    {[]ergon.StageSnapshot{busy("n1", 0.9, 9), waits(busy("n3", 0.1, 9))}, "n3"},
		"what settles, if all waits for it":       {[]ergon.StageSnapshot{busy("n1", 0.9, 9), busy("", 0.9, 60)}, "settle"},
		"what settles keeps up":                   {[]ergon.StageSnapshot{busy("n1", 0.9, 9), busy("", 0.9, 40)}, "n1"},
	} {
		began := time.Unix(1000, 0)
		now := read(ergon.Snapshot{Began: began, Stages: c.stages, Ledger: ergon.Ledger{Fetched: 100, InFlight: 100}})
		now.at = began.Add(time.Second)
		t.Run(name, func(t *testing.T) {
			r := runOf(chain, now, reading{at: began})
			is.New(t).Equal(r.Limit, c.want)
			n, some := r.limiting()
			is.New(t).Equal(some, c.want != "")
			is.New(t).Equal(n.ID, c.want)
		})
	}
}

// Rates are of the time between two pictures, of the whole run in the first and the
// last, and never below 0, also where another run has begun.
func TestRates(t *testing.T) {
	is := is.New(t)
	began := time.Unix(1000, 0)
	at := func(began time.Time, secs int, settled int64) reading {
		r := read(ergon.Snapshot{Began: began, Ledger: ergon.Ledger{Fetched: settled, Succeeded: settled}})
		r.at = began.Add(time.Duration(secs) * time.Second)
		return r
	}
	rate := func(then, now reading) float64 { return runOf(chain, now, then.before(now)).Rate }
	is.Equal(rate(reading{}, at(began, 10, 100)), 10.0)
	is.Equal(rate(at(began, 10, 100), at(began, 12, 104)), 2.0)
	is.Equal(rate(at(began, 10, 100), at(began.Add(time.Minute), 2, 6)), 3.0)
	over := read(ergon.Snapshot{Began: began, Ended: began.Add(20 * time.Second), Ledger: ergon.Ledger{Fetched: 200, Succeeded: 200}})
	is.Equal(rate(at(began, 10, 100), over), 10.0)
	is.Equal(rate(at(began, 10, 100), at(began, 10, 100)), 0.0)
}
