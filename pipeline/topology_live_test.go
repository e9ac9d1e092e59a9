package pipeline_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

const wantLive = `pipeline "till"
  source (4 fetched, 0 in flight, 4 settled) -> price, dead-letter (dead letters)
  price [map] ×2 (0/2 busy, 3 succeeded, 1 failed) -> sink
  sink batch 2 (0/1 busy, 3 succeeded)
  dead-letter (0/1 busy, 1 succeeded)
`

const wantLiveMermaid = `flowchart LR
    n0[("source<br/>(4 fetched, 0 in flight, 4 settled)")]
    n1["price<br/>[map]<br/>×2<br/>(0/2 busy, 3 succeeded, 1 failed)"]
    n2[("sink<br/>batch 2<br/>(0/1 busy, 3 succeeded)")]
    n3[("dead-letter<br/>(0/1 busy, 1 succeeded)")]
    n0 --> n1
    n1 --> n2
    n0 -. "dead letters" .-> n3
`

const wantLiveDOT = `digraph "till" {
  rankdir=LR;
  n0 [label="source\n(4 fetched, 0 in flight, 4 settled)" shape=cylinder];
  n1 [label="price\n[map]\n×2\n(0/2 busy, 3 succeeded, 1 failed)" shape=box];
  n2 [label="sink\nbatch 2\n(0/1 busy, 3 succeeded)" shape=cylinder];
  n3 [label="dead-letter\n(0/1 busy, 1 succeeded)" shape=cylinder];
  n0 -> n1;
  n1 -> n2;
  n0 -> n3 [label="dead letters" style=dashed];
}
`

// The graph of a run shows its figures; the graph it was made from does not change.
func TestTopologyWithFigures(t *testing.T) {
	is := is.New(t)
	p := pipeline.From(source.Slice([]int{1, 2, 3, 4}), pipeline.Named("till")).
		Map(func(_ context.Context, v int) (int, error) {
			if v == 3 {
				return 0, ergon.Business(errors.New("three is not sold"))
			}
			return v, nil
		}, stage.Named("price"), stage.Workers(2)).
		DeadLetter(sink.Discard[int]()).
		To(sink.Discard[int](), stage.Batch(2, time.Second))
	plain := p.Topology()
	is.Equal(plain.With(p.Snapshot()), plain) // nothing has run yet
	is.NoErr(p.Run(t.Context()))

	live := plain.With(p.Snapshot())
	is.Equal(live.String(), wantLive)
	is.Equal(live.Mermaid(), wantLiveMermaid)
	is.Equal(live.DOT(), wantLiveDOT)
	is.Equal(plain, p.Topology())
	is.Equal(live.With(ergon.Snapshot{}), plain)
}

// What is not 0 is shown, whatever it is.
func TestTopologyShowsEveryFigure(t *testing.T) {
	is := is.New(t)
	p := pipeline.From(source.Slice([]int{1})).To(sink.Discard[int]())
	s := ergon.Snapshot{Stages: []ergon.StageSnapshot{{Node: "n1", Workers: 4, Busy: 3, Queued: 9, Waiting: 2, Succeeded: 5, Failed: 6, Retried: 7}}}
	is.Equal(p.Topology().With(s).Nodes[1].Figures, "3/4 busy, 9 queued, 2 waiting, 5 succeeded, 6 failed, 7 retried")
}
