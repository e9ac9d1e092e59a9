package ergontest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
)

// meddler is a Source behind which somebody has put a hand.
type meddler struct {
	*Source[int]
	fetched func(ctx context.Context, txs []ergon.Transaction[int])
	settle  func(ctx context.Context, settlements []ergon.Settlement[int]) error
}

func (m meddler) Fetch(ctx context.Context, n int) ([]ergon.Transaction[int], error) {
	txs, err := m.Source.Fetch(ctx, n)
	if m.fetched != nil {
		m.fetched(ctx, txs)
	}
	return txs, err
}

func (m meddler) Settle(ctx context.Context, settlements []ergon.Settlement[int]) error {
	if m.settle != nil {
		return m.settle(ctx, settlements)
	}
	return m.Source.Settle(ctx, settlements)
}

func acks(txs []ergon.Transaction[int]) []ergon.Settlement[int] {
	settlements := make([]ergon.Settlement[int], len(txs))
	for i, tx := range txs {
		settlements[i] = ergon.Settlement[int]{Transaction: tx, Verdict: ergon.Acked}
	}
	return settlements
}

func TestTheKitFails(t *testing.T) {
	same := func(_ context.Context, n int) (int, error) { return n, nil }
	tests := []struct {
		name  string
		build func(t *testing.T) pipeline.Pipeline
		opts  []Option
		want  []string
	}{
		{"an ack before the sink has it", func(*testing.T) pipeline.Pipeline {
			s := NewSource(1)
			m := meddler{Source: s}
			m.fetched = func(ctx context.Context, txs []ergon.Transaction[int]) {
				if len(txs) > 0 {
					_ = s.Settle(ctx, acks(txs))
				}
			}
			m.settle = func(context.Context, []ergon.Settlement[int]) error { return nil }
			return pipeline.From(m).To(&Sink[int]{})
		}, nil, []string{`acked before everything that came of it was stored: ["test:0"]`, `neither stored nor dropped, set aside or dealt with: ["test:0"]`}},
		{"an ack of what never reached the sink", func(*testing.T) pipeline.Pipeline {
			s := NewSource(1, 2)
			m := meddler{Source: s}
			m.settle = func(ctx context.Context, settlements []ergon.Settlement[int]) error {
				for i := range settlements {
					settlements[i].Verdict, settlements[i].Delay, settlements[i].Cause = ergon.Acked, 0, nil
				}
				return s.Settle(ctx, settlements)
			}
			return pipeline.From(m).To(sinkOf(ergon.Business(errTest)))
		}, nil, []string{`neither stored nor dropped, set aside or dealt with: ["test:0"]`}},
		{"an ack when one child of two is stored", func(*testing.T) pipeline.Pipeline {
			s := NewSource(1)
			m := meddler{Source: s}
			var fetched []ergon.Transaction[int]
			m.fetched = func(_ context.Context, txs []ergon.Transaction[int]) {
				if len(txs) > 0 {
					fetched = txs
				}
			}
			m.settle = func(context.Context, []ergon.Settlement[int]) error { return nil }
			var got Sink[int]
			got.OnDispatch = func(ctx context.Context, call int, _ []ergon.Transaction[int]) error {
				if call == 2 {
					return s.Settle(ctx, acks(fetched))
				}
				return nil
			}
			return pipeline.From(m).FlatMap(twice).To(&got)
		}, nil, []string{`acked before everything that came of it was stored: ["test:0"]`, `neither stored nor dropped, set aside or dealt with: ["test:0/1"]`}},
		{"a transaction that is lost", func(*testing.T) pipeline.Pipeline {
			m := meddler{Source: NewSource(1, 2)}
			m.settle = func(context.Context, []ergon.Settlement[int]) error { return nil }
			return pipeline.From(m, pipeline.With(pipeline.Policy{Limit: 2})).To(&Sink[int]{})
		}, nil, []string{`2 transactions were handed out and never settled, the ledger says 0: ["test:0" "test:1"]`}},
		{"a transaction that is settled twice", func(*testing.T) pipeline.Pipeline {
			m := meddler{Source: NewSource(1)}
			m.settle = func(ctx context.Context, settlements []ergon.Settlement[int]) error {
				return errors.Join(m.Source.Settle(ctx, settlements), m.Source.Settle(ctx, settlements))
			}
			return pipeline.From(m).To(&Sink[int]{})
		}, nil, []string{`"test:0" was settled twice: acked, then acked`}},
		{"a goroutine that is left blocked", func(*testing.T) pipeline.Pipeline {
			leak := func(_ context.Context, n int) (int, error) {
				go func() { select {} }()
				return n, nil
			}
			return pipeline.From(NewSource(1)).Map(leak).To(&Sink[int]{})
		}, nil, []string{"a goroutine is left:\n\tgoroutine"}},
		{"a goroutine that is left asleep", func(*testing.T) pipeline.Pipeline {
			go time.Sleep(time.Hour)
			return pipeline.From(NewSource(1)).To(&Sink[int]{})
		}, nil, []string{"a goroutine is left:\n\tgoroutine"}},
		{"a build that is deadlocked", func(*testing.T) pipeline.Pipeline {
			<-make(chan int)
			return pipeline.Pipeline{}
		}, nil, []string{"deadlock: all goroutines in bubble are blocked"}},
		{"a pipeline that is not one", func(*testing.T) pipeline.Pipeline {
			return pipeline.Pipeline{}
		}, nil, []string{"the run returned an error: "}},
		{"a run that fails", func(*testing.T) pipeline.Pipeline {
			return pipeline.From(NewSource(1)).To(sinkOf(ergon.Fatal(errTest)))
		}, nil, []string{"the run returned an error: no connection"}},
		{"a run that should fail", func(*testing.T) pipeline.Pipeline {
			return pipeline.From(NewSource(1)).To(&Sink[int]{})
		}, []Option{Fails()}, []string{"the run returned no error"}},
		{"a run that does not end", func(*testing.T) pipeline.Pipeline {
			s := NewSource(1)
			s.Open = true
			return pipeline.From(s).Map(same).To(&Sink[int]{})
		}, []Option{Streaming()}, []string{"the run has not ended within 24h0m0s and was stopped"}},
		{"a sink that is down for longer than allowed", func(*testing.T) pipeline.Pipeline {
			var got Sink[int]
			got.OnDispatch = func(context.Context, int, []ergon.Transaction[int]) error { return errTest }
			return pipeline.From(NewSource(1)).To(&got)
		}, []Option{Within(time.Hour)}, []string{"the run has not ended within 1h0m0s and was stopped"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			_, faults := watched(t, tt.build, tt.opts...)
			if !found(faults, tt.want...) {
				t.Logf("%q", faults)
				is.Fail() // other faults than wanted
			}
		})
	}
}
