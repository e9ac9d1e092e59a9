package source_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/source"
)

// push brings a transaction from a goroutine of its own.
func push(ctx context.Context, p *source.Pusher[int], id string) <-chan error {
	answer := make(chan error, 1)
	go func() { answer <- p.Push(ctx, ergon.NewTransaction(id, 1)) }()
	synctest.Wait()
	return answer
}

func pending(answer <-chan error) bool {
	synctest.Wait()
	return len(answer) == 0
}

func TestEveryVerdictIsToldToTheCaller(t *testing.T) {
	why := errors.New("why")
	tests := []struct {
		verdict ergon.Verdict
		delay   time.Duration
		cause   error
		want    error
	}{
		{ergon.Acked, 0, nil, nil},
		{ergon.DeadLettered, 0, why, &source.VerdictError{Verdict: ergon.DeadLettered, Cause: why}},
		{ergon.Returned, time.Minute, why, &source.VerdictError{Verdict: ergon.Returned, Delay: time.Minute, Cause: why}},
		{ergon.Released, 0, nil, &source.VerdictError{Verdict: ergon.Released}},
	}
	for _, tt := range tests {
		t.Run(tt.verdict.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				is := is.New(t)
				p := source.Push[int]()
				is.True(p.Accepts().Has(tt.verdict))
				answer := push(t.Context(), p, "a")
				txs, err := p.Fetch(t.Context(), 5)
				is.NoErr(err)
				is.Equal(ids(txs), []string{"a"})
				is.True(pending(answer))
				is.Equal(count(t, p), 1)
				s := ergon.Settlement[int]{Transaction: txs[0], Verdict: tt.verdict, Delay: tt.delay, Cause: tt.cause}
				is.NoErr(p.Settle(t.Context(), []ergon.Settlement[int]{s, s}))
				is.NoErr(p.Settle(t.Context(), []ergon.Settlement[int]{s})) // once more does no harm
				got := <-answer
				is.Equal(got, tt.want)
				is.True(tt.cause == nil || errors.Is(got, tt.cause))
				is.Equal(count(t, p), 0)
			})
		})
	}
}

func TestFetchTakesThoseWhoWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		p := source.Push[int]()
		for i := range 5 {
			push(t.Context(), p, fmt.Sprint(i))
		}
		for _, want := range []int{3, 2} {
			txs, err := p.Fetch(t.Context(), 3)
			is.NoErr(err)
			is.Equal(len(txs), want)
		}
		is.NoErr(p.Stop(t.Context()))
	})
}

func TestEveryCallerIsAnsweredAtStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		p := source.Push[int]()
		is.NoErr(p.Start(t.Context()))
		taken := push(t.Context(), p, "taken")
		_, err := p.Fetch(t.Context(), 1)
		is.NoErr(err)
		waiting := push(t.Context(), p, "waiting")
		is.NoErr(p.Stop(t.Context()))
		is.NoErr(p.Stop(t.Context()))
		err = <-taken
		var verdict *source.VerdictError
		is.True(errors.As(err, &verdict))
		is.Equal(verdict.Verdict, ergon.Released)
		is.True(errors.Is(err, source.ErrNoVerdict))
		is.Equal(<-waiting, source.ErrNotRunning)
		is.Equal(<-push(t.Context(), p, "late"), source.ErrNotRunning)
	})
}

func TestAVerdictOfAnEarlierRunIsHarmless(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		p := source.Push[int]()
		push(t.Context(), p, "old")
		old, _ := p.Fetch(t.Context(), 1)
		is.NoErr(p.Stop(t.Context()))
		is.NoErr(p.Start(t.Context()))
		answer := push(t.Context(), p, "new")
		_, err := p.Fetch(t.Context(), 1)
		is.NoErr(err)
		is.NoErr(p.Settle(t.Context(), []ergon.Settlement[int]{settlement(old[0], ergon.Acked)}))
		is.True(pending(answer))
		is.NoErr(p.Stop(t.Context()))
	})
}

func TestAFetchThatEndsAfterStopStillAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		p := source.Push[int]()
		go func() { _, _ = p.Fetch(t.Context(), 1) }() // a run that was given up
		synctest.Wait()
		is.NoErr(p.Stop(t.Context()))
		is.NoErr(p.Start(t.Context()))
		answer := push(t.Context(), p, "a")
		is.True(pending(answer)) // it belongs to the new run
		is.NoErr(p.Stop(t.Context()))
		is.True(errors.Is(<-answer, source.ErrNoVerdict))
	})
}

func TestACallerWhoseContextEndsGoesItsWay(t *testing.T) {
	t.Run("before it was fetched, and nothing is", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			is := is.New(t)
			p := source.Push[int]()
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			is.Equal(<-push(ctx, p, "a"), context.DeadlineExceeded)
			is.Equal(p.Push(ctx, ergon.NewTransaction("a", 1)), context.DeadlineExceeded)
			short, stop := context.WithTimeout(t.Context(), time.Second)
			defer stop()
			txs, err := p.Fetch(short, 1)
			is.Equal(err, context.DeadlineExceeded)
			is.Equal(len(txs), 0)
		})
	})
	t.Run("in flight, and its settlement is harmless", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			is := is.New(t)
			p := source.Push[int]()
			ctx, cancel := context.WithCancel(t.Context())
			answer := push(ctx, p, "a")
			txs, err := p.Fetch(t.Context(), 1)
			is.NoErr(err)
			cancel()
			is.Equal(<-answer, context.Canceled)
			is.NoErr(p.Settle(t.Context(), []ergon.Settlement[int]{settlement(txs[0], ergon.Acked)}))
			is.Equal(count(t, p), 0)
		})
	})
}

func TestPushBeforeStartWaitsForARun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		p := source.Push[int]()
		answer := push(t.Context(), p, "a")
		time.Sleep(time.Hour)
		is.True(pending(answer))
		is.NoErr(p.Start(t.Context()))
		txs, err := p.Fetch(t.Context(), 1)
		is.NoErr(err)
		is.NoErr(p.Settle(t.Context(), []ergon.Settlement[int]{settlement(txs[0], ergon.Acked)}))
		is.NoErr(<-answer)
	})
}

func TestCloseEndsFetchAndWhoeverWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		p := source.Push[int]()
		taken := push(t.Context(), p, "taken")
		txs, err := p.Fetch(t.Context(), 1)
		is.NoErr(err)
		waiting := push(t.Context(), p, "waiting")
		p.Close()
		p.Close()
		is.Equal(<-waiting, source.ErrClosed)
		_, err = p.Fetch(t.Context(), 1)
		is.True(eof(err))
		is.NoErr(p.Settle(t.Context(), []ergon.Settlement[int]{settlement(txs[0], ergon.Acked)}))
		is.NoErr(<-taken) // what was taken is still answered
		is.NoErr(p.Stop(t.Context()))
		is.NoErr(p.Start(t.Context()))
		is.Equal(<-push(t.Context(), p, "late"), source.ErrClosed)
	})
}

func TestClosedWinsOverNotRunning(t *testing.T) {
	for name, end := range map[string]func(context.Context, *source.Pusher[int]) error{
		"closed, then stopped": func(ctx context.Context, p *source.Pusher[int]) error { p.Close(); return p.Stop(ctx) },
		"stopped, then closed": func(ctx context.Context, p *source.Pusher[int]) error {
			defer p.Close()
			return p.Stop(ctx)
		},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			p := source.Push[int]()
			is.NoErr(end(t.Context(), p))
			for range 100 { // a choice at random would be seen
				is.Equal(p.Push(t.Context(), ergon.NewTransaction("late", 1)), source.ErrClosed)
			}
		})
	}
}

func TestPushWithoutAContextIsAFault(t *testing.T) {
	is := is.New(t)
	var none context.Context
	err := source.Push[int]().Push(none, ergon.NewTransaction("a", 1))
	is.True(errors.Is(err, ergon.ErrConfig))
}

func TestManyCallersEachGetTheirOwnVerdict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		p := source.Push[int]()
		const callers = 200
		go func() {
			for {
				txs, err := p.Fetch(t.Context(), 7)
				if err != nil {
					return
				}
				for _, tx := range txs {
					v := ergon.Verdict(tx.Payload() % 4)
					_ = p.Settle(t.Context(), []ergon.Settlement[int]{settlement(tx, v)})
				}
			}
		}()
		answers := make(chan bool, callers)
		for i := range callers {
			go func() {
				err := p.Push(t.Context(), ergon.NewTransaction("", i))
				var verdict *source.VerdictError
				got := ergon.Acked
				if errors.As(err, &verdict) {
					got = verdict.Verdict
				}
				answers <- got == ergon.Verdict(i%4)
			}()
		}
		for range callers {
			is.True(<-answers)
		}
		p.Close()
	})
}
