package source_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/source"
)

func ExampleMerge() {
	ctx := context.Background()
	orders := source.Merge(
		source.Slice([]string{"lamp", "chair"}, source.Named("web")),
		source.Slice([]string{"table"}, source.Named("shop")),
	)
	_ = orders.(ergon.Starter).Start(ctx)
	defer orders.(ergon.Stopper).Stop(ctx)
	left, _ := orders.(ergon.Counter).Count(ctx)
	fmt.Println(left)
	txs, _ := orders.Fetch(ctx, 1)
	fmt.Println(len(txs))
	// Output:
	// 3
	// 1
}

// stop ends a source that a test has used.
func stop(t *testing.T, s any) {
	t.Helper()
	if err := s.(ergon.Stopper).Stop(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestMergeHandsOutEverythingOnce(t *testing.T) {
	for _, n := range []int{1, 2, 3, 7, 100} {
		synctest.Test(t, func(t *testing.T) {
			is := is.New(t)
			s := source.Merge[int](
				source.Slice([]int{1, 2, 3, 4, 5}, source.Named("a")),
				source.Slice([]int{6}, source.Named("b")),
				source.Slice[int](nil, source.Named("c")),
				source.Merge[int](source.Slice([]int{7, 8, 9}, source.Named("d"))),
			)
			is.NoErr(s.(ergon.Starter).Start(t.Context()))
			got := payloads(drain(t, s, n))
			slices.Sort(got)
			is.Equal(got, []int{1, 2, 3, 4, 5, 6, 7, 8, 9})
			_, err := s.Fetch(t.Context(), n)
			is.True(eof(err))
			stop(t, s)
		})
	}
}

func TestMergeTakesTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		many := make([]int, 1000)
		s := source.Merge[int](source.Slice(many, source.Named("a")), source.Slice(many, source.Named("b")))
		from := map[byte]int{}
		for range 50 {
			txs, err := s.Fetch(t.Context(), 4)
			is.NoErr(err)
			for _, tx := range txs {
				from[tx.ID()[0]]++
			}
			synctest.Wait()
		}
		is.True(from['a'] >= 50 && from['b'] >= 50)
		stop(t, s)
	})
}

func TestASourceThatBlocksHoldsUpNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		blocked := make(chan string)
		q := newQueue("a", "b", "c")
		s := source.Merge[string](source.Chan(blocked), q)
		var got []string
		for len(got) < 3 {
			txs, err := s.Fetch(t.Context(), 1)
			is.NoErr(err)
			got = append(got, ids(txs)...)
		}
		is.Equal(got, []string{"a", "b", "c"})
		begun := time.Now() // the queue is empty now, and asked again and again
		time.AfterFunc(time.Hour, func() { q.add("d") })
		txs, err := s.Fetch(t.Context(), 1)
		is.NoErr(err)
		is.Equal(ids(txs), []string{"d"})
		is.True(time.Since(begun) <= time.Hour+time.Second)
		is.True(q.fetches < 4000) // but not too often
		go func() { blocked <- "e" }()
		txs, err = s.Fetch(t.Context(), 1)
		is.NoErr(err)
		is.Equal(payloads(txs), []string{"e"})
		stop(t, s)
	})
}

func TestMergeHasNothingWhenAllHaveNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		a, b := newQueue(), newQueue("x")
		s := source.Merge[string](a, b, source.Slice[string](nil))
		for _, want := range []int{1, 0, 0} {
			txs, err := s.Fetch(t.Context(), 5)
			is.NoErr(err)
			is.Equal(len(txs), want)
		}
		is.Equal(count(t, s), 1) // is not settled
		stop(t, s)
	})
}

func TestASourceThatFailsIsReportedAndHoldsUpNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		calls := 0
		s := source.Merge[int](
			source.Func(func(context.Context) (int, error) { calls++; return 0, ergon.Business(errBroken) }),
			source.Func(func(ctx context.Context) (int, error) {
				select {
				case <-time.After(10 * time.Millisecond):
					return 1, nil
				case <-ctx.Done():
					return 0, ctx.Err()
				}
			}),
		)
		items, failures := 0, 0
		for begun := time.Now(); time.Since(begun) < 10*time.Minute; {
			txs, err := s.Fetch(t.Context(), 10)
			items += len(txs)
			if err != nil {
				failures++
				is.True(errors.Is(err, errBroken))
				is.Equal(err.Error(), "source: merge: source 1: broken")
				steering, _ := ergon.SteeringOf(err)
				is.Equal(steering, ergon.SteerBusiness)
			}
		}
		is.True(items > 59_000)
		is.True(failures > 20 && failures < 40) // 100 ms doubled up to 30 s
		is.True(calls-failures <= 1)
		stop(t, s)
	})
}

func TestWhatASourceReturnsBesideAnErrorIsHandedOutByMerge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		calls := 0
		s := source.Merge[int](source.FetchFunc[int](func(context.Context, int) ([]ergon.Transaction[int], error) {
			if calls++; calls > 1 {
				return nil, io.EOF
			}
			return []ergon.Transaction[int]{ergon.NewTransaction("a", 1), ergon.NewTransaction("b", 2)}, errBroken
		}))
		txs, err := s.Fetch(t.Context(), 10)
		is.True(errors.Is(err, errBroken))
		is.Equal(payloads(txs), []int{1, 2})
		stop(t, s)
	})
}

func TestASourceThatBreaksOffIsAnErrorOfMerge(t *testing.T) {
	tests := []struct {
		name string
		how  func()
		want string
	}{
		{"a panic", func() { panic(errBroken) }, "source: merge: source 1: panic: broken"},
		{"runtime.Goexit", runtime.Goexit, "source: merge: source 1: ergon: the function called runtime.Goexit"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				is := is.New(t)
				calls := 0
				s := source.Merge[int](source.Func(func(context.Context) (int, error) {
					if calls++; calls == 1 {
						tt.how()
					}
					return 7, nil
				}))
				_, err := s.Fetch(t.Context(), 1)
				text, _, _ := strings.Cut(err.Error(), " (merge_test.go:") // where it panicked
				is.Equal(text, tt.want)
				txs, err := s.Fetch(t.Context(), 1)
				is.NoErr(err)
				is.Equal(payloads(txs), []int{7})
				stop(t, s)
			})
		})
	}
}
