package sqlite

import (
	"strings"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/stage"
)

// killShape is a pipeline to be killed, and where what comes of it is stored.
type killShape struct {
	name    string
	build   func(w *killWorld) pipeline.Pipeline
	stores  []killStore // each holds every part
	dead    string      // lists the dead letters, by when
	apart   bool        // sinks are in another file than the source
	grouped bool        // a part may be in several groups, if it comes again
}

// killStore lists the ids in a store, with a number that grows.
type killStore string

const (
	killRows    killStore = "SELECT rowid, id FROM rows WHERE rowid > ?"
	killCopies  killStore = "SELECT rowid, id FROM copies WHERE rowid > ?"
	killQueued  killStore = "SELECT position, id FROM ergon_messages WHERE queue = 'out' AND position > ?"
	killGroups  killStore = "SELECT rowid, members FROM groups WHERE rowid > ?"
	killLetters           = "SELECT rowid, id FROM letters WHERE rowid > ?"
	killBuried            = "SELECT position, id FROM ergon_dead WHERE queue = 'in' AND position > ?"
)

func killShapes() []killShape {
	return []killShape{
		{
			name: "one file", stores: []killStore{killRows}, dead: killBuried,
			build: func(w *killWorld) pipeline.Pipeline {
				return w.parts().To(w.rows("rows"), killBatch, stage.Workers(2))
			},
		},
		{
			name: "two files and a sink of dead letters", apart: true, stores: []killStore{killRows}, dead: killLetters,
			build: func(w *killWorld) pipeline.Pipeline {
				return w.parts().DeadLetter(w.letters(), killBatch).To(w.rows("rows"), killBatch, stage.Workers(2))
			},
		},
		{
			name: "in order", stores: []killStore{killRows}, dead: killLetters,
			build: func(w *killWorld) pipeline.Pipeline {
				return w.parts().Ordered().DeadLetter(w.letters(), killBatch).To(w.rows("rows"), killBatch)
			},
		},
		{
			name: "in order of each key", apart: true, stores: []killStore{killRows}, dead: killBuried,
			build: func(w *killWorld) pipeline.Pipeline {
				return w.split(w.from().KeyBy(killKey)).To(w.rows("rows"), killBatch)
			},
		},
		{
			name: "forked", apart: true, stores: []killStore{killRows, killCopies}, dead: killLetters,
			build: func(w *killWorld) pipeline.Pipeline {
				return w.parts().DeadLetter(w.letters(), killBatch).Fork(
					func(f pipeline.Flow[int, killPart]) pipeline.Pipeline {
						return f.To(w.rows("rows"), killBatch)
					},
					func(f pipeline.Flow[int, killPart]) pipeline.Pipeline {
						return f.To(w.rows("copies"), stage.Batch(3, time.Millisecond), stage.Workers(2))
					})
			},
		},
		{
			name: "in groups", stores: []killStore{killGroups}, dead: killBuried, grouped: true,
			build: func(w *killWorld) pipeline.Pipeline {
				return w.parts().Group(4, time.Millisecond).To(w.groups(), killBatch)
			},
		},
		{
			name: "from queue to queue", apart: true, stores: []killStore{killQueued}, dead: killBuried,
			build: func(w *killWorld) pipeline.Pipeline {
				return w.parts().To(killTold(w, Queue(w.to, "out", JSON[killPart]())), killBatch, stage.Workers(2))
			},
		},
	}
}

var killBatch = stage.Batch(16, 2*time.Millisecond)

func killKey(t ergon.Transaction[int]) string { return killID(t.Payload() % 8) }

// killPolicy bounds what a kill can find, and lets nothing wait or be given up.
func killPolicy() pipeline.Policy {
	return pipeline.Policy{
		InFlight: killInFlight, FetchBatch: 24, MaxDeliveries: retry.Unlimited,
		Redelivery: retry.Policy{Backoff: time.Millisecond, BackoffCap: time.Millisecond},
	}
}

func (w *killWorld) from() pipeline.Flow[int, int] {
	return pipeline.From(w.source, pipeline.Named("killed"), pipeline.With(killPolicy()))
}

// split is the stages of every shape.
func (w *killWorld) split(f pipeline.Flow[int, int]) pipeline.Flow[int, killPart] {
	return f.Transform(killCheck, stage.Workers(4)).
		Filter(killWanted).
		FlatMap(killSplit, stage.Workers(2)).
		Map(killPrice, stage.Workers(3))
}

func (w *killWorld) parts() pipeline.Flow[int, killPart] { return w.split(w.from()) }

func (w *killWorld) rows(table string) ergon.Sink[killPart] {
	return killTold(w, Table(w.to, table, Columns(func(p killPart) []any { return []any{p.N, p.Part} }, "n", "part"), Create()))
}

func (w *killWorld) letters() ergon.Sink[int] {
	return killPlanted(w.bug, Table(w.to, "letters", Columns(func(n int) []any { return []any{n} }, "n"), Create()))
}

func (w *killWorld) groups() ergon.Sink[[]killPart] {
	members := func(parts []killPart) []any {
		var ids []string
		for _, part := range parts {
			ids = append(ids, part.id())
		}
		return []any{strings.Join(ids, " ")}
	}
	return killPlanted(w.bug, Table(w.to, "groups", Columns(members, "members"), Create()))
}
