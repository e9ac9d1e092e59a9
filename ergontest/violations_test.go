package ergontest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
)

func TestASourceFindsViolations(t *testing.T) {
	type settlement = ergon.Settlement[string]
	tests := []struct {
		name string
		play func(ctx context.Context, s *Source[string], tx ergon.Transaction[string])
		want string
	}{
		{"settled twice in one call", func(ctx context.Context, s *Source[string], tx ergon.Transaction[string]) {
			_ = s.Settle(ctx, []settlement{{Transaction: tx}, {Transaction: tx}})
		}, `"test:0" was settled twice: acked, then acked`},
		{"another verdict after a reply was lost", func(ctx context.Context, s *Source[string], tx ergon.Transaction[string]) {
			s.SettleErrors(StoredBut(errTest))
			_ = s.Settle(ctx, []settlement{{Transaction: tx}})
			_ = s.Settle(ctx, []settlement{{Transaction: tx, Verdict: ergon.DeadLettered}})
		}, `"test:0" was settled acked, and when told that this had failed, dead-lettered`},
		{"a receipt of somebody else", func(ctx context.Context, s *Source[string], tx ergon.Transaction[string]) {
			_ = s.Settle(ctx, []settlement{{Transaction: tx.WithReceipt("7")}})
		}, `"test:0" was settled with a receipt that is not its own`},
		{"a verdict that is not accepted", func(ctx context.Context, s *Source[string], tx ergon.Transaction[string]) {
			s.Verdicts = ergon.VerdictSet(ergon.Acked)
			_ = s.Settle(ctx, []settlement{{Transaction: tx, Verdict: ergon.DeadLettered}})
		}, `"test:0" was settled dead-lettered, which the source does not accept`},
		{"an ack with a delay", func(ctx context.Context, s *Source[string], tx ergon.Transaction[string]) {
			_ = s.Settle(ctx, []settlement{{Transaction: tx, Delay: 1}})
		}, `"test:0" was settled acked with a delay`},
		{"a negative delay", func(ctx context.Context, s *Source[string], tx ergon.Transaction[string]) {
			_ = s.Settle(ctx, []settlement{{Transaction: tx, Verdict: ergon.Returned, Delay: -1}})
		}, `"test:0" was settled with a negative delay`},
		{"an ack with a cause", func(ctx context.Context, s *Source[string], tx ergon.Transaction[string]) {
			_ = s.Settle(ctx, []settlement{{Transaction: tx, Cause: errTest}})
		}, `"test:0" was settled acked with a cause`},
		{"no settlements", func(ctx context.Context, s *Source[string], _ ergon.Transaction[string]) {
			_ = s.Settle(ctx, nil)
		}, "Settle was called with nothing"},
		{"a fetch of nothing", func(ctx context.Context, s *Source[string], _ ergon.Transaction[string]) {
			_, _ = s.Fetch(ctx, 0)
		}, "Fetch was asked for 0 transactions"},
		{"a fetch inside a fetch", func(ctx context.Context, s *Source[string], _ ergon.Transaction[string]) {
			s.OnFetch = func(ctx context.Context, call, n int) (int, error) {
				if call == 2 {
					_, _ = s.Fetch(ctx, n)
				}
				return n, nil
			}
			_, _ = s.Fetch(ctx, 1)
		}, "Fetch was called while another call of it went on"},
		{"a settle inside a settle", func(ctx context.Context, s *Source[string], tx ergon.Transaction[string]) {
			s.OnSettle = func(ctx context.Context, call int, settlements []settlement) error {
				if call == 1 {
					return s.Settle(ctx, settlements[:1])
				}
				return errTest
			}
			_ = s.Settle(ctx, []settlement{{Transaction: tx}})
		}, "Settle was called while another call of it went on"},
		{"calls after the stop", func(ctx context.Context, s *Source[string], tx ergon.Transaction[string]) {
			_ = s.Stop(ctx)
			_, _ = s.Fetch(ctx, 1)
		}, "Fetch was called after Stop"},
		{"a settle after the stop", func(ctx context.Context, s *Source[string], tx ergon.Transaction[string]) {
			_ = s.Stop(ctx)
			_ = s.Settle(ctx, []settlement{{Transaction: tx}})
		}, "Settle was called after Stop"},
		{"a loop without a wait", func(ctx context.Context, s *Source[string], _ ergon.Transaction[string]) {
			began := time.Now()
			for time.Now().Equal(began) {
				_, _ = s.Fetch(ctx, 1)
			}
		}, "1000 fetches in a row at one instant got nothing: a loop without a wait"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				is := is.New(t)
				s := NewSource("a")
				txs, err := s.Fetch(t.Context(), 1)
				is.NoErr(err)
				tt.play(t.Context(), s, txs[0])
				is.Equal(fmt.Sprint(s.Violations()), "ergontest: "+tt.want)
			})
		})
	}
}

func TestManyViolationsAreCounted(t *testing.T) {
	is := is.New(t)
	s := NewSource[int]()
	for range mostViolations + 3 {
		_ = s.Settle(t.Context(), nil)
	}
	lines := strings.Split(s.Violations().Error(), "\n")
	is.Equal(len(lines), mostViolations+1)
	is.Equal(lines[mostViolations], "ergontest: and 3 violations more")
}
