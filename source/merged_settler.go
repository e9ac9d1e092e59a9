package source

import (
	"context"

	"github.com/ergon-go/ergon"
)

// mergedReceipt leads back to the source of a transaction.
type mergedReceipt[T any] struct {
	child *child[T]
	inner any
}

// mergedSettler is a Merge of sources of which some settle.
type mergedSettler[T any] struct{ m *merged[T] }

// Settle settles each transaction with the source it came from.
func (s mergedSettler[T]) Settle(ctx context.Context, settlements []ergon.Settlement[T]) error {
	at := func(i int) ergon.Transaction[T] { return settlements[i].Transaction }
	return s.m.each(len(settlements), at, nil, func(c *child[T], places []int) error {
		settler, ok := c.source.(ergon.Settler[T])
		if !ok {
			return nil // needs nothing done
		}
		theirs := make([]ergon.Settlement[T], len(places))
		for i, place := range places {
			theirs[i] = settlements[place]
			theirs[i].Transaction = original(theirs[i].Transaction)
		}
		return settler.Settle(ctx, theirs)
	})
}

// Accepts returns the verdicts that all sources can carry out.
func (s mergedSettler[T]) Accepts() ergon.Verdicts {
	all := ergon.VerdictSet(ergon.Acked, ergon.DeadLettered, ergon.Released, ergon.Returned)
	for _, c := range s.m.children {
		all &= accepts[T](c.source)
	}
	return all
}

func accepts[T any](source ergon.Source[T]) ergon.Verdicts {
	if accepter, ok := source.(ergon.Accepter); ok {
		return accepter.Accepts()
	}
	if _, ok := source.(ergon.Settler[T]); ok {
		return ergon.VerdictSet(ergon.Acked, ergon.Released, ergon.Returned)
	}
	return ergon.VerdictSet(ergon.Acked, ergon.Released)
}

// original is a transaction as its source handed it out.
func original[T any](tx ergon.Transaction[T]) ergon.Transaction[T] {
	receipt, _ := tx.Receipt().(mergedReceipt[T])
	return tx.WithReceipt(receipt.inner)
}

// each calls once for every source that any of n transactions came from, with
// their places, and joins the reports. Of a receipt of somebody else it reports
// foreign.
func (m *merged[T]) each(n int, at func(int) ergon.Transaction[T], foreign error, call func(*child[T], []int) error) error {
	places := make([][]int, len(m.children))
	all, failed := make(ergon.ItemErrors, n), false
	for i := range n {
		receipt, ours := at(i).Receipt().(mergedReceipt[T])
		if !ours || !m.has(receipt.child) {
			all[i], failed = foreign, failed || foreign != nil
			continue
		}
		index := receipt.child.number - 1
		places[index] = append(places[index], i)
	}
	for i, theirs := range places {
		if len(theirs) == 0 {
			continue
		}
		for j, err := range ergon.ItemErrorsOf(call(m.children[i], theirs), len(theirs)) {
			all[theirs[j]] = m.children[i].wrap(err)
			failed = failed || err != nil
		}
	}
	if !failed {
		return nil
	}
	return all
}

func (m *merged[T]) has(c *child[T]) bool {
	return c.number <= len(m.children) && m.children[c.number-1] == c
}
