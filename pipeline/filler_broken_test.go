package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
)

func TestAFillerThatBreaksItsPromisesLosesNothing(t *testing.T) {
	const tooMany, tooFew = "pipeline: Fill returned 14 when it was given room for 4 transactions",
		"pipeline: Fill returned -1 when it was given room for 4 transactions"
	for _, tc := range []struct {
		name  string
		first func(s *filler, txs []ergon.Transaction[int]) (int, error) // what the first Fill does
		err   error
		want  int      // transactions that are settled
		told  []string // violations
	}{
		{"says that it got more than there was room for", func(s *filler, txs []ergon.Transaction[int]) (int, error) {
			n, err := s.fill(txs)
			return n + 10, err
		}, nil, 10, []string{tooMany}},
		{"says so, and fails", func(s *filler, txs []ergon.Transaction[int]) (int, error) {
			n, _ := s.fill(txs)
			return n + 10, errBoom
		}, nil, 10, []string{tooMany}},
		{"returns less than nothing", func(*filler, []ergon.Transaction[int]) (int, error) { return -1, nil }, nil, 10, []string{tooFew}},
		{"returns less than nothing, and fails", func(*filler, []ergon.Transaction[int]) (int, error) { return -1, errBoom }, nil, 10, []string{tooFew}},
		{"gets nothing", func(*filler, []ergon.Transaction[int]) (int, error) { return 0, nil }, nil, 10, nil},
		{"fails", func(*filler, []ergon.Transaction[int]) (int, error) { return 0, errBoom }, nil, 10, nil},
		{"fails for good", func(*filler, []ergon.Transaction[int]) (int, error) { return 0, ergon.Permanent(errBoom) }, errBoom, 0, nil},
		{"is at its end", func(*filler, []ergon.Transaction[int]) (int, error) { return 0, io.EOF }, nil, 0, nil},
		{"is at its end with the last", func(s *filler, txs []ergon.Transaction[int]) (int, error) {
			n, _ := s.fill(txs)
			return n, fmt.Errorf("file: %w", io.EOF)
		}, nil, 4, nil},
		{"gets some and fails", func(s *filler, txs []ergon.Transaction[int]) (int, error) {
			n, _ := s.fill(txs)
			return n, errBoom
		}, nil, 10, nil},
		{"gets some and declines", func(s *filler, txs []ergon.Transaction[int]) (int, error) {
			n, _ := s.fill(txs)
			return n, errors.ErrUnsupported
		}, nil, 10, nil},
		{"gets some and fails for good", func(s *filler, txs []ergon.Transaction[int]) (int, error) {
			n, _ := s.fill(txs)
			return n, ergon.Permanent(errBoom)
		}, errBoom, 4, nil},
		{"gets less than there was room for", func(s *filler, txs []ergon.Transaction[int]) (int, error) { return s.fill(txs[:1]) }, nil, 10, nil},
		{"panics", func(*filler, []ergon.Transaction[int]) (int, error) { panic("a bug") }, nil, 10, nil},
		{"panics in the middle", func(_ *filler, txs []ergon.Transaction[int]) (int, error) {
			txs[0] = ergon.NewTransaction("half made", -1)
			panic("a bug")
		}, nil, 10, nil},
		{"ends its goroutine", func(*filler, []ergon.Transaction[int]) (int, error) { misdeeds[2].do(); return 0, nil }, nil, 10, nil},
		{"has one receipt twice", func(s *filler, txs []ergon.Transaction[int]) (int, error) {
			n, err := s.fill(txs[:3])
			copy(txs[1:4], slices.Clone(txs[:3])) // the first two are the same
			return n + 1, err
		}, nil, 10, []string{"pipeline: the source handed out the same receipt twice in one fetch; the second was dropped"}},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			source, store, seen := fills(10), &shelf[int]{}, &violations{}
			source.onFill = func(_ context.Context, call int, txs []ergon.Transaction[int]) (int, error) {
				if call == 1 {
					return tc.first(source, txs)
				}
				return source.fill(txs)
			}
			p := pipeline.From(source, pipeline.With(pipeline.Policy{FetchBatch: 4}), pipeline.Observe(seen)).Map(same).To(store)
			is.True(errors.Is(p.Stream(t.Context()), tc.err))
			var lines []string
			for i := range tc.want {
				lines = append(lines, fmt.Sprintf("t:%d acked", i))
			}
			is.Equal(fmt.Sprint(source.lines()), fmt.Sprint(lines)) // each once
			is.Equal(len(store.txs), tc.want)
			is.Equal(len(source.waiting), 10-tc.want) // nothing was taken and lost
			is.Equal(p.Ledger(), ergon.Ledger{Fetched: int64(tc.want), Succeeded: int64(tc.want)})
			var told []string
			for _, err := range seen.errs {
				told = append(told, err.Error())
			}
			is.Equal(told, tc.told)
		})
	}
}

func TestAFillThatReturnsAfterTheStopLosesNothing(t *testing.T) {
	for _, tc := range []struct {
		name string
		late time.Duration // after the stop
		told string
	}{{"within the drain", 5 * time.Second, "t:0 acked"}, {"after the drain", 15 * time.Second, "t:0 released"}} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			source := fills(1)
			source.onFill = func(ctx context.Context, _ int, txs []ergon.Transaction[int]) (int, error) {
				<-ctx.Done()
				time.Sleep(tc.late)
				return source.fill(txs)
			}
			ctx, stop := context.WithTimeout(t.Context(), time.Minute)
			defer stop()
			p := pipeline.From(source, pipeline.With(pipeline.Policy{Drain: 10 * time.Second, Grace: 10 * time.Second})).Map(same).To(&shelf[int]{})
			_ = p.Stream(ctx)
			is.Equal(source.lines(), []string{tc.told})
		})
	}
}
