package pipeline_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

// everything is a pipeline with a step of each kind, and names that need care.
func everything() pipeline.Pipeline {
	flow := pipeline.From(source.Slice([]int{1}), pipeline.Named(`say "all"`)).
		Map(unchanged, stage.Named(`a "quoted" <name>`), stage.Workers(4)).
		Ordered().
		Transform(func(_ context.Context, tx ergon.Transaction[int]) (ergon.Transaction[int], error) { return tx, nil }).
		MapBatch(10, time.Second, identity).
		Filter(func(int) bool { return true }).
		KeyBy(func(ergon.Transaction[int]) string { return "" }).
		FlatMap(func(_ context.Context, v int) iter.Seq2[int, error] {
			return func(yield func(int, error) bool) { yield(v, nil) }
		}).
		OnError(func(context.Context, ergon.Failure[int]) error { return nil }, stage.Workers(2)).
		OnSuccess(func(context.Context, ergon.Transaction[int]) error { return nil }).
		DeadLetter(sink.Discard[int](), stage.Batch(5, 0))
	return flow.Fork(
		func(f pipeline.Flow[int, int]) pipeline.Pipeline {
			return f.Route(func(int) int { return 0 },
				func(f pipeline.Flow[int, int]) pipeline.Pipeline {
					return f.To(sink.Discard[int](), stage.Batch(100, 0))
				},
				func(f pipeline.Flow[int, int]) pipeline.Pipeline { return f.Map(unchanged).To(sink.Discard[int]()) },
			)
		},
		func(f pipeline.Flow[int, int]) pipeline.Pipeline {
			return f.To(sink.Discard[int](), stage.BestEffort(), stage.Named("live"))
		},
	)
}

func unchanged(_ context.Context, v int) (int, error) { return v, nil }

const wantText = `pipeline "say \"all\""
  source -> a "quoted" <name>, on-error (failures)
  a "quoted" <name> [map] ×4 -> transform
  transform ordered -> map-batch
  map-batch batch 10 ordered -> filter
  filter ordered -> key-by
  key-by ordered -> flat-map
  flat-map keyed -> fork
  fork -> route, live (best effort)
  route keyed -> sink (0), map (1)
  sink batch 100 ordered keyed -> success (success)
  map keyed -> sink-2
  sink-2 [sink] ordered keyed -> success (success)
  live [sink] keyed
  on-error ×2 -> dead-letter (dead letters)
  dead-letter batch 5
  success
`

const wantMermaid = `flowchart LR
    n0[("source")]
    n1["a #quot;quoted#quot; #lt;name#gt;<br/>[map]<br/>×4"]
    n2["transform<br/>ordered"]
    n3["map-batch<br/>batch 10<br/>ordered"]
    n4["filter<br/>ordered"]
    n5["key-by<br/>ordered"]
    n6["flat-map<br/>keyed"]
    n7["fork"]
    n8["route<br/>keyed"]
    n9[("sink<br/>batch 100<br/>ordered<br/>keyed")]
    n10["map<br/>keyed"]
    n11[("sink-2<br/>[sink]<br/>ordered<br/>keyed")]
    n12[("live<br/>[sink]<br/>keyed")]
    n13["on-error<br/>×2"]
    n14[("dead-letter<br/>batch 5")]
    n15["success"]
    n0 --> n1
    n1 --> n2
    n2 --> n3
    n3 --> n4
    n4 --> n5
    n5 --> n6
    n6 --> n7
    n7 --> n8
    n8 -. "0" .-> n9
    n8 -. "1" .-> n10
    n10 --> n11
    n7 -. "best effort" .-> n12
    n0 -. "failures" .-> n13
    n13 -. "dead letters" .-> n14
    n9 -. "success" .-> n15
    n11 -. "success" .-> n15
`

const wantDOT = `digraph "say \"all\"" {
  rankdir=LR;
  n0 [label="source" shape=cylinder];
  n1 [label="a \"quoted\" <name>\n[map]\n×4" shape=box];
  n2 [label="transform\nordered" shape=box];
  n3 [label="map-batch\nbatch 10\nordered" shape=box];
  n4 [label="filter\nordered" shape=box];
  n5 [label="key-by\nordered" shape=box];
  n6 [label="flat-map\nkeyed" shape=box];
  n7 [label="fork" shape=box];
  n8 [label="route\nkeyed" shape=box];
  n9 [label="sink\nbatch 100\nordered\nkeyed" shape=cylinder];
  n10 [label="map\nkeyed" shape=box];
  n11 [label="sink-2\n[sink]\nordered\nkeyed" shape=cylinder];
  n12 [label="live\n[sink]\nkeyed" shape=cylinder];
  n13 [label="on-error\n×2" shape=box];
  n14 [label="dead-letter\nbatch 5" shape=cylinder];
  n15 [label="success" shape=box];
  n0 -> n1;
  n1 -> n2;
  n2 -> n3;
  n3 -> n4;
  n4 -> n5;
  n5 -> n6;
  n6 -> n7;
  n7 -> n8;
  n8 -> n9 [label="0" style=dashed];
  n8 -> n10 [label="1" style=dashed];
  n10 -> n11;
  n7 -> n12 [label="best effort" style=dashed];
  n0 -> n13 [label="failures" style=dashed];
  n13 -> n14 [label="dead letters" style=dashed];
  n9 -> n15 [label="success" style=dashed];
  n11 -> n15 [label="success" style=dashed];
}
`

// Whatever a name holds, it neither ends its quotes nor its line.
func TestTopologyShowsEverything(t *testing.T) {
	p := everything()
	is.New(t).NoErr(p.Validate())
	graph := p.Topology()
	for name, c := range map[string]struct{ got, want string }{
		"text":    {graph.String(), wantText},
		"mermaid": {graph.Mermaid(), wantMermaid},
		"dot":     {graph.DOT(), wantDOT},
	} {
		t.Run(name, func(t *testing.T) {
			if c.got != c.want {
				t.Errorf("got:\n%s\nwant:\n%s", c.got, c.want)
			}
		})
	}
}

// A Topology may be asked of anything, also of what Validate refuses.
func TestTopologyOfWhatIsNoPipeline(t *testing.T) {
	is := is.New(t)
	is.Equal(pipeline.Pipeline{}.Topology(), pipeline.Topology{})
	broken := pipeline.From[int](nil).Map(unchanged, stage.Named("two\nlines"), stage.Workers(0)).To(nil)
	is.Equal(broken.Topology().String(), "pipeline \"pipeline\"\n  source -> two lines\n  two lines [map] -> sink\n  sink\n")
}
