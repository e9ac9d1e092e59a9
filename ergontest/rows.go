package ergontest

import (
	"context"
	"fmt"
	"testing"

	"github.com/ergon-go/ergon"
)

// Rows is the table of a table-driven test of one function for stages:
//
//	ergontest.Rows[string, int]{
//		{Name: "a number", In: "7", Want: 7},
//		{Name: "no number", In: "seven", Err: strconv.ErrSyntax, Steering: ergon.SteerBusiness},
//	}.Test(t, parse)
type Rows[In, Out any] []Row[In, Out]

// Test calls a function, as Map takes it, with each row's In, each in a subtest
// and in virtual time of its own, as Feed does.
func (rows Rows[In, Out]) Test(t *testing.T, fn func(context.Context, In) (Out, error)) {
	t.Helper()
	rows.TestTransform(t, func(ctx context.Context, tx ergon.Transaction[In]) (ergon.Transaction[Out], error) {
		out, err := fn(ctx, tx.Payload())
		return tx.With(out), err
	})
}

// TestTransform is Test for a function as Transform takes it.
func (rows Rows[In, Out]) TestTransform(t *testing.T, fn func(context.Context, ergon.Transaction[In]) (ergon.Transaction[Out], error)) {
	t.Helper()
	for i, row := range rows {
		t.Run(row.Name, func(t *testing.T) {
			t.Helper()
			tx := row.transaction(i)
			for _, call := range feed(t, failing(t), fn, []ergon.Transaction[In]{tx}) {
				failing(t)(row.faults(tx.ID(), call))
			}
		})
	}
}

// transaction returns what a row feeds to the function.
func (r Row[In, Out]) transaction(index int) ergon.Transaction[In] {
	tx := ergon.Numbered("test", int64(index), r.In)
	if r.ID != "" {
		tx = tx.WithID(r.ID)
	}
	return tx.WithMetadata(r.Metadata)
}

// faults returns what a call returned that its row does not want.
func (r Row[In, Out]) faults(id string, call fed[ergon.Transaction[Out]]) []string {
	var faults []string
	for _, d := range append(r.answer(call), r.result(call)...) {
		faults = append(faults, fmt.Sprintf("case %q, transaction %q: %s\n\twant: %s\n\tgot:  %s", r.Name, id, d.what, d.want, d.got))
	}
	return faults
}

// difference is something that is not as a row wants it.
type difference struct{ what, want, got string }
