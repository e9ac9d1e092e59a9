package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/source"
)

// filler is a teller that fills the memory it is given, and keeps which it was. Its
// hook takes the place of what it would do.
type filler struct {
	*teller
	onFill func(ctx context.Context, call int, txs []ergon.Transaction[int]) (int, error)

	rooms  []int                           // of each Fill: for how many there was room
	memory map[*ergon.Transaction[int]]int // how often each was given
	given  map[ergon.Source[int]]struct{}  // what it was told the source was
}

// fills returns a filler of n transactions, as tell does.
func fills(n int) *filler {
	return &filler{
		teller: tell(n), memory: map[*ergon.Transaction[int]]int{}, given: map[ergon.Source[int]]struct{}{},
	}
}

func (s *filler) Fill(ctx context.Context, source ergon.Source[int], txs []ergon.Transaction[int]) (int, error) {
	s.rooms = append(s.rooms, len(txs))
	s.memory[&txs[0]]++
	s.given[source] = struct{}{}
	if s.onFill != nil {
		return s.onFill(ctx, len(s.rooms), txs)
	}
	return s.fill(txs)
}

// fill fills with what waits.
func (s *filler) fill(txs []ergon.Transaction[int]) (int, error) {
	got, err := s.hand(len(txs))
	return copy(txs, got), err
}

func TestAFillerIsAskedToFillAndNotToFetch(t *testing.T) {
	for _, tc := range []struct {
		name  string
		limit int64
		rooms []int
	}{{"all there is", 0, []int{20, 20, 20}}, {"up to a limit", 25, []int{20, 5}}} {
		for _, stream := range []bool{false, true} {
			inBubble(t, fmt.Sprint(tc.name, " stream ", stream), func(t *testing.T) {
				is := is.New(t)
				source, store := fills(50), &shelf[int]{}
				p := pipeline.From(source, pipeline.With(pipeline.Policy{FetchBatch: 20, Limit: tc.limit})).Map(same).To(store)
				run := p.Run
				if stream {
					run = p.Stream
				}
				is.NoErr(run(t.Context()))
				is.Equal(source.rooms, tc.rooms)
				is.Equal(len(source.asked), 0) // by Fetch
				is.Equal(source.given, map[ergon.Source[int]]struct{}{source: {}})
				want := 50
				if tc.limit > 0 {
					want = int(tc.limit)
				}
				is.Equal(len(slices.Compact(store.ids())), want)
				is.Equal(len(source.told), want)
				is.Equal(p.Ledger(), ergon.Ledger{Fetched: int64(want), Succeeded: int64(want)})
			})
		}
	}
}

// plusAThousand embeds a Filler and has a Fetch of its own.
type plusAThousand struct {
	*source.Items[int]
	fetches *int
}

func (s plusAThousand) Fetch(ctx context.Context, most int) ([]ergon.Transaction[int], error) {
	*s.fetches++
	txs, err := s.Items.Fetch(ctx, most)
	for i, tx := range txs {
		txs[i] = tx.With(tx.Payload() + 1000)
	}
	return txs, err
}

// plainly embeds a Filler and has nothing of its own but what makes it another.
type plainly struct{ *source.Items[int] }

// knowingly embeds a Filler, and has a Fetch and a Fill of its own.
type knowingly struct{ plusAThousand }

func (s knowingly) Fill(ctx context.Context, given ergon.Source[int], txs []ergon.Transaction[int]) (int, error) {
	if given != ergon.Source[int](s) {
		return 0, errors.ErrUnsupported
	}
	n, err := s.Items.Fill(ctx, s.Items, txs)
	for i, tx := range txs[:n] {
		txs[i] = tx.With(tx.Payload() + 2000)
	}
	return n, err
}

func TestASourceThatEmbedsAFillerHasItsOwnFetchCalled(t *testing.T) {
	values := make([]int, 250)
	for i := range values {
		values[i] = i
	}
	for _, tc := range []struct {
		name    string
		of      func(items *source.Items[int], fetches *int) ergon.Source[int]
		plus    int
		fetches int
	}{
		{"the Filler itself", func(items *source.Items[int], _ *int) ergon.Source[int] { return items }, 0, 0},
		{"a Fetch of its own", func(items *source.Items[int], n *int) ergon.Source[int] { return plusAThousand{items, n} }, 1000, 3},
		{"a Fetch of its own, by a pointer", func(items *source.Items[int], n *int) ergon.Source[int] { return &plusAThousand{items, n} }, 1000, 3},
		{"nothing of its own", func(items *source.Items[int], _ *int) ergon.Source[int] { return plainly{items} }, 0, 0},
		{"a Fill of its own", func(items *source.Items[int], n *int) ergon.Source[int] { return knowingly{plusAThousand{items, n}} }, 2000, 0},
		{"only the methods of a Source", func(items *source.Items[int], _ *int) ergon.Source[int] {
			return struct{ ergon.Source[int] }{items}
		}, 0, 0},
	} {
		inBubble(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			fetches, store := 0, &shelf[int]{}
			p := pipeline.From(tc.of(source.Slice(values), &fetches)).To(store)
			is.NoErr(p.Run(t.Context()))
			is.Equal(fetches, tc.fetches)
			is.Equal(len(store.txs), 250)
			for _, tx := range store.txs {
				is.Equal(tx.ID(), fmt.Sprint("slice:", tx.Payload()-tc.plus)) // each as its source made it
			}
			is.Equal(len(slices.Compact(store.ids())), 250)
			is.Equal(p.Ledger(), ergon.Ledger{Fetched: 250, Succeeded: 250})
		})
	}
}

// One that declines later is not asked to fill any more.
func TestAFillerThatDeclinesIsAskedToFetchFromThereOn(t *testing.T) {
	inBubble(t, "at its third call", func(t *testing.T) {
		is := is.New(t)
		source, store, seen := fills(50), &shelf[int]{}, &violations{}
		source.onFill = func(_ context.Context, call int, txs []ergon.Transaction[int]) (int, error) {
			if call == 3 {
				return 0, fmt.Errorf("no more: %w", errors.ErrUnsupported)
			}
			return source.fill(txs)
		}
		p := pipeline.From(source, pipeline.With(pipeline.Policy{FetchBatch: 10}), pipeline.Observe(seen)).To(store)
		is.NoErr(p.Run(t.Context()))
		is.Equal(source.rooms, []int{10, 10, 10})
		is.Equal(source.asked, []int{10, 10, 10}) // at once: it was no failure
		is.Equal(len(slices.Compact(store.ids())), 50)
		is.Equal(p.Ledger(), ergon.Ledger{Fetched: 50, Succeeded: 50})
		is.Equal(len(seen.errs), 0)
	})
}
