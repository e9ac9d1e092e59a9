package ergontest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
)

// script is a Source in the hands of a test: each step is what it is asked, and
// what it answers.
type script struct {
	is    *is.I
	s     ergon.Source[string]
	stock *Source[string]
	got   map[string][]ergon.Transaction[string] // every hand-out of an id
}

// fetch asks for n and wants these, "id#deliveries".
func (s *script) fetch(ctx context.Context, n int, want ...string) {
	s.is.Helper()
	txs, err := s.s.Fetch(ctx, n)
	answer := make([]string, 0, len(txs)+1)
	for _, tx := range txs {
		answer = append(answer, fmt.Sprintf("%s#%d", tx.ID(), tx.Deliveries()))
		s.got[tx.ID()] = append(s.got[tx.ID()], tx)
	}
	if err != nil {
		answer = append(answer, err.Error())
	}
	s.is.Equal(strings.Join(answer, " "), strings.Join(want, " "))
}

// settle settles the last hand-out of an id.
func (s *script) settle(ctx context.Context, id string, v ergon.Verdict, delay time.Duration) error {
	return s.settleThe(ctx, id, len(s.got[id])-1, v, delay)
}

func (s *script) settleThe(ctx context.Context, id string, nth int, v ergon.Verdict, delay time.Duration) error {
	return s.stock.Settle(ctx, []ergon.Settlement[string]{{Transaction: s.got[id][nth], Verdict: v, Delay: delay}})
}

func TestASourceHandsOut(t *testing.T) {
	a, b, c := "test:0", "test:1", "test:2"
	tests := []struct {
		name  string
		lease time.Duration
		setup func(s *Source[string])
		play  func(ctx context.Context, s *script)
	}{
		{name: "in order, as much as asked for", play: func(ctx context.Context, s *script) {
			s.fetch(ctx, 2, a+"#1", b+"#1")
			s.fetch(ctx, 2, c+"#1")
			s.fetch(ctx, 2)
		}},
		{name: "the end, once all is settled for good", play: func(ctx context.Context, s *script) {
			s.fetch(ctx, 9, a+"#1", b+"#1", c+"#1")
			s.is.NoErr(s.settle(ctx, a, ergon.Acked, 0))
			s.is.NoErr(s.settle(ctx, b, ergon.DeadLettered, 0))
			s.fetch(ctx, 9)
			s.is.NoErr(s.settle(ctx, c, ergon.Acked, 0))
			s.fetch(ctx, 9, "EOF")
		}},
		{name: "no end where it is open", setup: func(s *Source[string]) { s.Open = true }, play: func(ctx context.Context, s *script) {
			s.fetch(ctx, 9, a+"#1", b+"#1", c+"#1")
			for _, id := range []string{a, b, c} {
				s.is.NoErr(s.settle(ctx, id, ergon.Acked, 0))
			}
			s.fetch(ctx, 9)
			s.stock.Add("late")
			s.fetch(ctx, 9, "test:3#1")
		}},
		{name: "what is returned, behind the others and after its delay", play: func(ctx context.Context, s *script) {
			s.fetch(ctx, 1, a+"#1")
			s.is.NoErr(s.settle(ctx, a, ergon.Returned, time.Hour))
			s.fetch(ctx, 9, b+"#1", c+"#1")
			time.Sleep(time.Hour - 1)
			s.fetch(ctx, 9)
			time.Sleep(time.Nanosecond)
			s.fetch(ctx, 9, a+"#2")
		}},
		{name: "what is returned at once", play: func(ctx context.Context, s *script) {
			s.fetch(ctx, 1, a+"#1")
			s.is.NoErr(s.settle(ctx, a, ergon.Returned, 0))
			s.fetch(ctx, 9, b+"#1", c+"#1", a+"#2")
		}},
		{name: "what is released, in the next run and not counted", play: func(ctx context.Context, s *script) {
			s.is.NoErr(s.stock.Start(ctx))
			s.fetch(ctx, 2, a+"#1", b+"#1")
			s.is.NoErr(s.settle(ctx, a, ergon.Released, 0))
			s.is.NoErr(s.settle(ctx, b, ergon.Acked, 0))
			s.fetch(ctx, 9, c+"#1")
			s.is.NoErr(s.settle(ctx, c, ergon.Acked, 0))
			s.fetch(ctx, 9, "EOF")
			s.is.NoErr(s.stock.Stop(ctx))
			s.is.NoErr(s.stock.Start(ctx))
			s.fetch(ctx, 9, a+"#1")
		}},
		{name: "what was never settled, in the next run", play: func(ctx context.Context, s *script) {
			s.is.NoErr(s.stock.Start(ctx))
			s.fetch(ctx, 2, a+"#1", b+"#1")
			s.is.NoErr(s.stock.Stop(ctx))
			s.is.NoErr(s.stock.Start(ctx))
			s.fetch(ctx, 9, a+"#2", b+"#2", c+"#1")
			s.is.NoErr(s.settleThe(ctx, a, 0, ergon.Acked, 0)) // of the run before
			s.is.True(s.stock.Settlements()[0].Stale)
			s.is.Equal(s.stock.Settled(ergon.Acked), nil)
		}},
		{name: "nothing new when started twice", play: func(ctx context.Context, s *script) {
			s.is.NoErr(s.stock.Start(ctx))
			s.fetch(ctx, 2, a+"#1", b+"#1")
			s.is.NoErr(s.stock.Start(ctx))
			s.fetch(ctx, 9, c+"#1")
			s.is.Equal(s.stock.Starts(), 2)
			s.is.Equal(s.stock.Stops(), 0)
		}},
		{name: "without counting", setup: func(s *Source[string]) { s.NoDeliveries = true }, play: func(ctx context.Context, s *script) {
			s.fetch(ctx, 1, a+"#0")
		}},
		{name: "again when the lease is over", lease: time.Minute, play: func(ctx context.Context, s *script) {
			s.fetch(ctx, 2, a+"#1", b+"#1")
			time.Sleep(time.Minute / 2)
			s.is.NoErr(s.s.(ergon.Extender[string]).Extend(ctx, s.got[b]))
			time.Sleep(time.Minute / 2)
			err := s.s.(ergon.Extender[string]).Extend(ctx, []ergon.Transaction[string]{s.got[a][0], s.got[b][0]})
			s.is.Equal(err, ergon.ItemErrors{ergon.ErrLeaseLost, nil})
			s.fetch(ctx, 9, c+"#1", a+"#2")
			s.is.NoErr(s.settleThe(ctx, a, 0, ergon.Acked, 0)) // too late
			s.is.NoErr(s.settleThe(ctx, a, 1, ergon.Returned, time.Hour))
			s.is.Equal(s.stock.Settled(ergon.Returned), []string{a})
			s.is.Equal(len(s.stock.Extends()), 2)
		}},
		{name: "what a hook says", setup: func(s *Source[string]) {
			s.OnFetch = func(_ context.Context, call, n int) (int, error) {
				return []int{0, n + 1, 1}[call-1], []error{nil, nil, errTest}[call-1]
			}
		}, play: func(ctx context.Context, s *script) {
			s.fetch(ctx, 1)
			s.fetch(ctx, 1, a+"#1", b+"#1")
			s.fetch(ctx, 1, c+"#1", "no connection")
			s.is.Equal([]int{s.stock.Fetches()[0].Got, s.stock.Fetches()[1].Got, s.stock.Fetches()[2].Got}, []int{0, 2, 1})
			s.is.Equal(s.stock.Fetches()[2].Err, errTest)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				is := is.New(t)
				stock := NewSource("a", "b", "c")
				if tt.setup != nil {
					tt.setup(stock)
				}
				s := &script{is: is, s: stock, stock: stock, got: map[string][]ergon.Transaction[string]{}}
				if tt.lease > 0 {
					s.s = stock.Leased(tt.lease)
				}
				tt.play(t.Context(), s)
				is.NoErr(stock.Violations())
			})
		})
	}
}

func TestASourceRecordsSettlements(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		ctx := t.Context()
		s := NewSource("a", "b")
		txs, err := s.Fetch(ctx, 2)
		is.NoErr(err)
		time.Sleep(time.Second)
		both := []ergon.Settlement[string]{
			{Transaction: txs[0], Verdict: ergon.Returned, Delay: time.Minute, Cause: errTest},
			{Transaction: txs[1], Verdict: ergon.Acked},
		}
		s.SettleErrors(ergon.ItemErrors{nil, errTest})
		is.Equal(s.Settle(ctx, both), ergon.ItemErrors{nil, errTest})
		is.NoErr(s.Settle(ctx, both[1:]))
		got := s.Settlements()
		is.Equal(len(got), 2)
		is.Equal(got[0].Verdict, ergon.Returned)
		is.Equal(got[0].Delay, time.Minute)
		is.Equal(got[0].Cause, errTest)
		is.Equal(got[0].Transaction.Payload(), "a")
		is.Equal(time.Since(got[0].At), time.Duration(0))
		is.Equal([]int{got[0].Call, got[1].Call}, []int{1, 2})
		is.Equal(s.Settled(ergon.Acked), []string{"test:1"})
		is.NoErr(s.Violations())
	})
}

func TestAnEmptySourceIsAtItsEnd(t *testing.T) {
	is := is.New(t)
	var s Source[int]
	txs, err := s.Fetch(t.Context(), 1)
	is.Equal(len(txs), 0)
	is.Equal(err, io.EOF)
	n, err := s.Count(t.Context())
	is.NoErr(err)
	is.Equal(n, 0)
}

func TestWhatHooksDoWithoutReturningIsRecorded(t *testing.T) {
	is := is.New(t)
	s := NewSource(1)
	s.OnFetch = func(context.Context, int, int) (int, error) { panic("no") }
	err := <-async(func() error { _, err := s.Fetch(t.Context(), 1); return err })
	var p *ergon.PanicError
	is.True(errors.As(err, &p))
	is.Equal(s.Fetches()[0].Err, ergon.ErrGoexit)
	s.OnFetch = nil
	txs, err := s.Fetch(t.Context(), 1) // nothing was taken, and nothing is called at once
	is.NoErr(err)
	is.Equal(len(txs), 1)
	is.NoErr(s.Violations())
}

func TestHooksOfStartAndStop(t *testing.T) {
	is := is.New(t)
	fails := func(context.Context) error { return errTest }
	s, k := Source[int]{OnStart: fails, OnStop: fails}, Sink[int]{OnStart: fails, OnStop: fails}
	is.Equal(s.Start(t.Context()), errTest)
	is.Equal(s.Stop(t.Context()), errTest)
	is.Equal(k.Start(t.Context()), errTest)
	is.Equal(k.Stop(t.Context()), errTest)
}
