package pipeline_test

import (
	"context"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/lab"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/stage"
)

// turn is what one Fetch takes, what it gets, and how long each of that takes then.
type turn struct {
	takes time.Duration
	gets  int
	work  time.Duration
}

// turnSource answers one Fetch after another as its turns say, and counts how many
// are called at once.
type turnSource struct {
	turns []turn

	mu              sync.Mutex
	next            int
	fetching, most  int
	handedOut, laps int
}

func (s *turnSource) Fetch(context.Context, int) ([]ergon.Transaction[time.Duration], error) {
	s.mu.Lock()
	at := s.turns[s.next%len(s.turns)]
	s.next++
	end := s.next == s.laps*len(s.turns)
	s.fetching++
	s.most = max(s.most, s.fetching)
	s.mu.Unlock()
	time.Sleep(at.takes)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fetching--
	var txs []ergon.Transaction[time.Duration]
	for range at.gets {
		txs = append(txs, ergon.Numbered("turn", int64(s.handedOut), at.work))
		s.handedOut++
	}
	if end {
		return txs, io.EOF
	}
	return txs, nil
}

// Where the first stage has several workers, several goroutines fetch, one after
// the other: a source is never asked by two at once, nor after one was relieved of
// what it carries on.
func TestFetchingByTurnsIsByOneAtATime(t *testing.T) {
	const us, ms = time.Microsecond, time.Millisecond
	for _, c := range []struct {
		name  string
		turns []turn
	}{
		{"all that was asked for", []turn{{ms, 2, us}}},
		{"a fetch that takes its time", []turn{{20 * ms, 2, 100 * us}, {ms, 2, 10 * ms}}},
		{"who keeps the turn is relieved", []turn{{20 * ms, 2, 100 * us}, {ms, 1, 10 * ms}, {20 * ms, 2, 100 * us}}},
		{"nobody is ever in time", []turn{{ms, 2, 5 * ms}, {ms, 1, 7 * ms}, {3 * ms, 1, 11 * ms}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				is := is.New(t)
				source := &turnSource{turns: c.turns, laps: 30}
				p := pipeline.From[time.Duration](source, pipeline.With(pipeline.Policy{FetchBatch: 2, InFlight: 64})).
					Map(func(_ context.Context, d time.Duration) (time.Duration, error) {
						time.Sleep(d)
						return d, nil
					}, stage.Workers(4)).
					To(sink.Discard[time.Duration]())
				is.NoErr(p.Run(lab.With(t.Context(), &lab.Lab{Slab: func() int { return 2 }})))
				is.Equal(source.most, 1)
				n := int64(source.handedOut)
				is.Equal(p.Ledger(), ergon.Ledger{Fetched: n, Succeeded: n})
			})
		})
	}
}
