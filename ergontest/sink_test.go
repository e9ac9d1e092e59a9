package ergontest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
)

func numbered(payloads ...int) []ergon.Transaction[int] {
	txs := make([]ergon.Transaction[int], len(payloads))
	for i, p := range payloads {
		txs[i] = ergon.Numbered("test", int64(p), p)
	}
	return txs
}

func TestASinkStores(t *testing.T) {
	tests := []struct {
		name       string
		errs       []error
		batches    [][]int
		want       []int
		stored     []int
		duplicates []string
	}{
		{name: "in order", batches: [][]int{{1, 2}, {3}}, want: []int{1, 2, 3}, stored: []int{2, 1}},
		{name: "nothing of a call that fails", errs: []error{errTest}, batches: [][]int{{1, 2}, {3}}, want: []int{3}, stored: []int{0, 1}},
		{name: "what an error of items leaves", errs: []error{ergon.ItemErrors{errTest, nil}}, batches: [][]int{{1, 2}}, want: []int{2}, stored: []int{1}},
		{name: "nothing of a wrong report", errs: []error{ergon.ItemErrors{errTest}}, batches: [][]int{{1, 2}}, want: []int{}, stored: []int{0}},
		{name: "all, though it says otherwise", errs: []error{StoredBut(errTest)}, batches: [][]int{{1, 2}}, want: []int{1, 2}, stored: []int{2}},
		{name: "all, though its report is wrong", errs: []error{StoredBut(ergon.ItemErrors{nil})}, batches: [][]int{{1, 2}}, want: []int{1, 2}, stored: []int{2}},
		{name: "an id once", batches: [][]int{{1, 2}, {2, 1}, {3}, {1}}, want: []int{1, 2, 3}, stored: []int{2, 2, 1, 1}, duplicates: []string{"test:2", "test:1", "test:1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			var s Sink[int]
			s.DispatchErrors(tt.errs...)
			var stored []int
			for i, batch := range tt.batches {
				err := s.Dispatch(t.Context(), numbered(batch...))
				is.Equal(err != nil, nth(tt.errs, i+1) != nil)
				is.Equal(err, s.Batches()[i].Err)
				is.Equal(len(s.Batches()[i].Transactions), len(batch))
				stored = append(stored, s.Batches()[i].Stored)
			}
			is.Equal(s.Payloads(), tt.want)
			is.Equal(stored, tt.stored)
			is.Equal(s.Duplicates(), tt.duplicates)
			is.Equal(s.Concurrency(), 1)
			is.NoErr(s.Violations())
		})
	}
}

func TestStoredButNothingIsNoError(t *testing.T) {
	is := is.New(t)
	is.NoErr(StoredBut(nil))
	is.True(errors.Is(StoredBut(errTest), errTest))
	is.Equal(StoredBut(errTest).Error(), errTest.Error())
}

func TestASinkDoesNotKeepTheSlice(t *testing.T) {
	is := is.New(t)
	var s Sink[int]
	txs := numbered(1)
	is.NoErr(s.Dispatch(t.Context(), txs))
	txs[0] = numbered(2)[0]
	is.Equal(s.Batches()[0].Transactions[0].Payload(), 1)
	is.Equal(s.Payloads(), []int{1})
}

func TestASinkSaysHowManyCallsThereWereAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var s Sink[int]
		s.OnDispatch = func(context.Context, int, []ergon.Transaction[int]) error { time.Sleep(time.Second); return nil }
		var all sync.WaitGroup
		for i := range 3 {
			all.Go(func() { _ = s.Dispatch(t.Context(), numbered(i)) })
		}
		all.Wait()
		is.Equal(s.Concurrency(), 3)
		is.Equal(s.Batches()[0].Took, time.Second)
		is.NoErr(s.Dispatch(t.Context(), numbered(7)))
		is.Equal(s.Concurrency(), 3)
	})
}

func TestASinkFindsViolations(t *testing.T) {
	is := is.New(t)
	var s Sink[int]
	is.NoErr(s.Start(t.Context()))
	is.NoErr(s.Dispatch(t.Context(), nil))
	is.NoErr(s.Stop(t.Context()))
	is.NoErr(s.Dispatch(t.Context(), numbered(1)))
	is.NoErr(s.Start(t.Context()))
	is.NoErr(s.Dispatch(t.Context(), numbered(2)))
	is.Equal(s.Violations().Error(), "ergontest: Dispatch was called with nothing\nergontest: Dispatch was called after Stop")
	is.Equal([]int{s.Starts(), s.Stops()}, []int{2, 1})
}
