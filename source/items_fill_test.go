package source_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/source"
)

var (
	_ ergon.Filler[int] = (*source.Items[int])(nil)
	_ ergon.Counter     = (*source.Items[int])(nil)
)

func ExampleItems_Fill() {
	names := source.Slice([]string{"Ada", "Grace", "Emmy"}, source.Named("names"))
	memory := make([]ergon.Transaction[string], 2) // used again and again
	for {
		n, err := names.Fill(context.Background(), names, memory)
		for _, tx := range memory[:n] {
			fmt.Println(tx.ID(), tx.Payload())
		}
		if err != nil {
			fmt.Println(err)
			return
		}
	}
	// Output:
	// names:0 Ada
	// names:1 Grace
	// names:2 Emmy
	// EOF
}

// itemsOf returns sources of n items in memory.
func itemsOf(n int) map[string]func() *source.Items[int] {
	items, txs := make([]int, n), make([]ergon.Transaction[int], n)
	for i := range n {
		items[i] = 10 * i
		txs[i] = ergon.NewTransaction(fmt.Sprint("tx-", i), 10*i).WithMeta("n", i).WithReceipt(i).WithDeliveries(i)
	}
	return map[string]func() *source.Items[int]{
		"Slice":        func() *source.Items[int] { return source.Slice(items) },
		"a named one":  func() *source.Items[int] { return source.Slice(items, source.Named("orders")) },
		"Transactions": func() *source.Items[int] { return source.Transactions(txs...) },
	}
}

// got is what one call got: what it returned, and whether it said that this was
// the end.
type got struct {
	txs []ergon.Transaction[int]
	end bool
}

// asking are the ways to ask, each in memory of its own.
func asking() map[string]func(*testing.T, *source.Items[int], int) got {
	fetch := func(t *testing.T, s *source.Items[int], most int) got {
		t.Helper()
		txs, err := s.Fetch(t.Context(), most)
		is.New(t).True(err == nil || err == io.EOF)
		return got{append([]ergon.Transaction[int]{}, txs...), err == io.EOF}
	}
	used := ergon.Numbered("used before", 9, -1).WithMeta("k", "old").WithReceipt("old").WithDeliveries(9)
	memory := slices.Repeat([]ergon.Transaction[int]{used}, 100)
	fill := func(t *testing.T, s *source.Items[int], most int) got {
		t.Helper()
		is := is.New(t)
		n, err := s.Fill(t.Context(), s, memory[:most])
		is.True(err == nil || err == io.EOF)
		is.True(n >= 0 && n <= most)
		is.Equal(memory[99], used) // behind what it was given
		return got{append([]ergon.Transaction[int]{}, memory[:n]...), err == io.EOF}
	}
	turn := 0
	return map[string]func(*testing.T, *source.Items[int], int) got{
		"Fetch": fetch, "Fill": fill,
		"both in turn": func(t *testing.T, s *source.Items[int], most int) got {
			t.Helper()
			if turn++; turn%2 == 0 {
				return fetch(t, s, most)
			}
			return fill(t, s, most)
		},
	}
}

func TestFillGetsWhatFetchGetsAndEndsWhenItDoes(t *testing.T) {
	for _, n := range []int{0, 1, 2, 7, 90} {
		for _, sizes := range [][]int{{1}, {2}, {3, 1}, {7}, {90}, {0, 5}, {99}} {
			for name, open := range itemsOf(n) {
				want := asked(t, open(), asking()["Fetch"], sizes)
				for how, ask := range asking() {
					t.Run(fmt.Sprint(how, " ", n, " of ", name, " by ", sizes), func(t *testing.T) {
						is.New(t).Equal(asked(t, open(), ask, sizes), want)
					})
				}
			}
		}
	}
}

// asked asks for as many as sizes say, over and over, and three times more after
// the end.
func asked(t *testing.T, s *source.Items[int], ask func(*testing.T, *source.Items[int], int) got, sizes []int) []got {
	t.Helper()
	var all []got
	for call, ends := 0, 0; ends < 4 && call < 1000; call++ {
		one := ask(t, s, sizes[call%len(sizes)])
		if all = append(all, one); one.end {
			ends++
		}
	}
	return all
}

// inAnother is a source with a Fetch of its own.
type inAnother struct{ *source.Items[int] }

func (s inAnother) Fetch(ctx context.Context, most int) ([]ergon.Transaction[int], error) {
	return s.Items.Fetch(ctx, most)
}

func TestFillDeclinesForAnotherSource(t *testing.T) {
	for name, open := range itemsOf(3) {
		s := open()
		for other, given := range map[string]ergon.Source[int]{
			"that it is embedded in": inAnother{s}, "that points to that": &inAnother{s},
			"of its kind": open(), "of another kind": source.Merge[int](s), "that there is not": nil,
		} {
			t.Run(name+" given one "+other, func(t *testing.T) {
				is := is.New(t)
				before := ergon.NewTransaction("before", 1)
				memory := []ergon.Transaction[int]{before, before}
				n, err := s.Fill(t.Context(), given, memory)
				is.Equal(n, 0)
				is.True(errors.Is(err, errors.ErrUnsupported))
				is.Equal(memory, []ergon.Transaction[int]{before, before})
				is.Equal(count(t, s), 3) // nothing was taken
			})
		}
	}
}

// Nothing that was handed out changes when the memory is used again, and nothing of
// the source's is in it.
func TestFillSharesNoMemory(t *testing.T) {
	for name, open := range itemsOf(4) {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			s := open()
			want, _ := open().Fetch(t.Context(), 4)
			memory := make([]ergon.Transaction[int], 2)
			var all []ergon.Transaction[int]
			for range 2 {
				n, _ := s.Fill(t.Context(), s, memory)
				all = append(all, memory[:n]...)
				clear(memory)
			}
			is.Equal(all, want)
			is.NoErr(s.Stop(t.Context()))
			is.NoErr(s.Start(t.Context()))
			again, _ := s.Fetch(t.Context(), 4)
			is.Equal(again, want) // though what it gave was overwritten
		})
	}
}

func TestFillAllocatesNothing(t *testing.T) {
	for name, open := range itemsOf(100_000) {
		t.Run(name, func(t *testing.T) {
			s, memory := open(), make([]ergon.Transaction[int], 10)
			is.New(t).Equal(testing.AllocsPerRun(1000, func() { _, _ = s.Fill(context.Background(), s, memory) }), 0.0)
		})
	}
}

func TestFillOfASourceWithFaultsSaysSo(t *testing.T) {
	is := is.New(t)
	s := source.Slice([]int{1}, source.Named(""))
	n, err := s.Fill(t.Context(), s, make([]ergon.Transaction[int], 1))
	is.Equal(n, 0)
	steering, _ := ergon.SteeringOf(err)
	is.Equal(steering, ergon.SteerPermanent)
	is.Equal(faultsOf(err), []string{"source.Slice: name: is empty"})
}
