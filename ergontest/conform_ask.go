package ergontest

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/ergon-go/ergon"
)

// conformAsks says how a source is asked that is an ergon.Filler. The zero value is
// by Fill and by Fetch in turn, so that whatever is promised of Fetch is tested of
// both, and of the two together.
type conformAsks struct {
	only string // conformByFetch or conformByFill; empty: in turn
	turn int
}

const conformByFetch, conformByFill = "Fetch", "Fill"

// filler returns the Filler that is to be called next, nil for Fetch.
func (p *conformProbe[T]) filler(source ergon.Source[T], most int) ergon.Filler[T] {
	filler, ok := source.(ergon.Filler[T])
	if !ok || most < 0 || p.asks.only == conformByFetch {
		return nil
	}
	if p.asks.turn++; p.asks.only == "" && p.asks.turn%2 == 0 {
		return nil
	}
	return filler
}

// conformFetch is a call of Fetch, or of Fill, that goes on.
type conformFetch[T any] struct {
	conformCall
	max int
	got *conformGot[T]
}

// conformGot is what a Fetch got: n is how many it says that it got.
type conformGot[T any] struct {
	txs []ergon.Transaction[T]
	n   int
}

func (p *conformProbe[T]) beginFetch(ctx context.Context, source ergon.Source[T], max int) conformFetch[T] {
	got := &conformGot[T]{}
	filler, what := p.filler(source, max), conformByFetch
	fetch := func() (err error) {
		got.txs, err = source.Fetch(ctx, max)
		got.n = len(got.txs)
		return err
	}
	call := fetch
	if filler != nil {
		what, call = conformByFill, func() error {
			err := got.fill(ctx, filler, source, conformBlanks[T](max))
			if got.n == 0 && errors.Is(err, errors.ErrUnsupported) {
				return fetch() // as a run does
			}
			return err
		}
	}
	return conformFetch[T]{p.begin(what+"("+strconv.Itoa(max)+")", call), max, got}
}

// fill calls Fill and takes out of the memory what it got, of which nothing is left
// in it.
func (g *conformGot[T]) fill(ctx context.Context, filler ergon.Filler[T], source ergon.Source[T], txs []ergon.Transaction[T]) (err error) {
	g.n, err = filler.Fill(ctx, source, txs)
	if g.n >= 0 && g.n <= len(txs) {
		g.txs = slices.Clone(txs[:g.n])
	}
	conformBlank(txs)
	return err
}

// conformBlankID is the id of what stands in memory before it is filled.
const conformBlankID = "conform: what was there before"

// conformBlanks returns memory for n transactions.
func conformBlanks[T any](n int) []ergon.Transaction[T] {
	txs := make([]ergon.Transaction[T], n)
	conformBlank(txs)
	return txs
}

// conformBlank wipes memory.
func conformBlank[T any](txs []ergon.Transaction[T]) {
	for i := range txs {
		txs[i] = ergon.Transaction[T]{}.WithID(conformBlankID)
	}
}

func conformIsBlank[T any](tx ergon.Transaction[T]) bool { return tx.ID() == conformBlankID }

// conformAnyBlank reports whether anything is left of what was there before.
func conformAnyBlank[T any](txs []ergon.Transaction[T]) bool {
	return slices.ContainsFunc(txs, conformIsBlank)
}

// conformAllBlank reports whether nothing was written.
func conformAllBlank[T any](txs []ergon.Transaction[T]) bool {
	return !slices.ContainsFunc(txs, func(tx ergon.Transaction[T]) bool { return !conformIsBlank(tx) })
}
