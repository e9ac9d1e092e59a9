package source_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/source"
)

func ExampleSeq() {
	prices := map[string]int{"lamp": 12, "chair": 80}
	names := source.Seq(slices.Values(slices.Sorted(maps.Keys(prices))), source.Named("articles"))
	txs, err := names.Fetch(context.Background(), 10)
	fmt.Println(txs[0].ID(), txs[0].Payload(), txs[1].Payload(), err)
	// Output: articles:0 chair lamp EOF
}

func ExampleSeq2() {
	pages := func(yield func(int, error) bool) {
		_ = yield(1, nil) && yield(0, errors.New("page 2: timeout")) && yield(3, nil)
	}
	s := source.Seq2(pages)
	for range 2 {
		txs, err := s.Fetch(context.Background(), 10)
		fmt.Println(txs[0].ID(), txs[0].Payload(), err)
	}
	// Output:
	// seq:0 1 page 2: timeout
	// seq:1 3 EOF
}

// counting yields 0 to n-1 and notes how often it ran and ended.
func counting(n int, runs, ends *int) iter.Seq[int] {
	return func(yield func(int) bool) {
		*runs++
		defer func() { *ends++ }()
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func TestSeqEndsItsIteratorAtStopAndBeginsAgain(t *testing.T) {
	is := is.New(t)
	var runs, ends int
	s := source.Seq(counting(5, &runs, &ends))
	is.NoErr(s.Start(t.Context()))
	is.NoErr(s.Start(t.Context()))
	txs, err := s.Fetch(t.Context(), 2)
	is.NoErr(err)
	is.Equal(payloads(txs), []int{0, 1})
	is.Equal([]int{runs, ends}, []int{1, 0})
	is.NoErr(s.Stop(t.Context()))
	is.NoErr(s.Stop(t.Context()))
	is.Equal([]int{runs, ends}, []int{1, 1})
	is.NoErr(s.Start(t.Context()))
	is.Equal(ids(drain(t, s, 2)), []string{"seq:0", "seq:1", "seq:2", "seq:3", "seq:4"})
	_, err = s.Fetch(t.Context(), 2)
	is.True(eof(err))
	is.Equal([]int{runs, ends}, []int{2, 2})
}

func TestSeqStopsBetweenItemsWhenTheContextEnds(t *testing.T) {
	is := is.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	s := source.Seq(func(yield func(int) bool) {
		for i := 0; ; i++ {
			if i == 3 {
				cancel()
			}
			if !yield(i) {
				return
			}
		}
	})
	txs, err := s.Fetch(ctx, 1000)
	is.True(errors.Is(err, context.Canceled))
	is.Equal(payloads(txs), []int{0, 1, 2, 3}) // all it has taken
	is.NoErr(s.Stop(t.Context()))
}

func TestASlowSequenceIsHandedOutAsItComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		s := source.Seq(func(yield func(int) bool) {
			for i := range 10 {
				time.Sleep(2 * time.Millisecond)
				if !yield(i) {
					return
				}
			}
		})
		txs, err := s.Fetch(t.Context(), 1000)
		is.NoErr(err)
		is.Equal(payloads(txs), []int{0, 1, 2})
		is.NoErr(s.Stop(t.Context()))
	})
}

func TestASequenceThatBreaksOffIsNeverTakenForItsEnd(t *testing.T) {
	tests := []struct {
		name  string
		how   func()
		first []int // of the Fetch in which it happens, where that returns
		want  error
	}{
		{"a panic", func() { panic(errBroken) }, []int{0, 1}, errBroken},
		{"a panic of nothing", func() { panic(nil) }, []int{0, 1}, nil}, //nolint:govet // that is the point
		{"runtime.Goexit", runtime.Goexit, nil, ergon.ErrGoexit},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			s := source.Seq(func(yield func(int) bool) {
				_ = yield(0) && yield(1)
				tt.how()
			})
			var first []int
			done := make(chan struct{})
			go func() {
				defer close(done)
				txs, _ := s.Fetch(t.Context(), 10)
				first = payloads(txs)
			}()
			<-done
			is.Equal(first, tt.first)
			txs, err := s.Fetch(t.Context(), 10)
			is.Equal(len(txs), 0)
			is.True(err != nil && !eof(err))
			is.True(tt.want == nil || errors.Is(err, tt.want))
			steering, _ := ergon.SteeringOf(err)
			is.Equal(steering, ergon.SteerPermanent)
			is.NoErr(s.Stop(t.Context()))
		})
	}
}

var errBroken = errors.New("broken")

func TestANilSequenceIsAFault(t *testing.T) {
	checkFaults(t, source.Seq[int](nil, source.Named("")), "source.Seq: name: is empty", "source.Seq: sequence: is nil")
	checkFaults(t, source.Seq2[int](nil), "source.Seq2: sequence: is nil")
}
