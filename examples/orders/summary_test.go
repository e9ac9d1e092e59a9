package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/connector/sqlite"
	"github.com/matryer/is"
)

func TestTheSummary(t *testing.T) {
	is := is.New(t)
	var b strings.Builder
	err := summary{
		figures: figures{
			Invoiced: 13116, Invoices: 707, Total: 28835091, Queue: sqlite.Stats{Ready: 2, Delayed: 1, Leased: 1200},
			Rejected: []reasonCount{{"no customer", 6622}, {"cancelled", 261}},
		},
		produced: ergon.Ledger{Fetched: 5, Succeeded: 5}, consumed: ergon.Ledger{Fetched: 4, Succeeded: 3, Returned: 1, Retries: 1722},
		timeouts: 44, returned: 1, why: errDirectory, elapsed: 2041 * time.Millisecond,
	}.write(&b)
	is.NoErr(err)
	is.Equal("\n"+trimmed(b.String()), `
              lines  21,202
           invoiced  13,116  £288,350.91 over 707 invoices
           rejected   6,883
        no customer   6,622
          cancelled     261
  left in the queue   1,203  2 ready, 1 delayed, 1,200 leased
            retries   1,722  in this run, 44 of them after a timeout
         given back       1  in this run, to be tried later; first orders: directory

elapsed  2.04s
produce  fetched 5 = succeeded 5 + dropped 0 + handled 0 + dead-lettered 0 + returned 0 + released 0 + unsettled 0 + in flight 0
consume  fetched 4 = succeeded 3 + dropped 0 + handled 0 + dead-lettered 0 + returned 1 + released 0 + unsettled 0 + in flight 0
`)
}

func TestFiguresAreCountedInTheDatabase(t *testing.T) {
	is := is.New(t)
	s := shopAt(t, t.TempDir()+"/shop.db")
	empty, err := s.figures(t.Context())
	is.NoErr(err)
	is.Equal(empty, figures{})

	tx := func(id string) ergon.Transaction[int] { return ergon.NewTransaction(id, 0) }
	is.NoErr(s.invoices.Dispatch(t.Context(), []ergon.Transaction[invoice]{
		tx("a").With(invoice{Invoice: "1", Amount: 150}), tx("b").With(invoice{Invoice: "1", Amount: 150}),
		tx("c").With(invoice{Invoice: "2", Amount: 5}), tx("c").With(invoice{Invoice: "3", Amount: 7}), // c is there already
	}))
	is.NoErr(s.rejected.Dispatch(t.Context(), []ergon.Transaction[rejection]{
		tx("d").With(rejection{Reason: "no price"}), tx("e").With(rejection{Reason: "cancelled"}), tx("f").With(rejection{Reason: "cancelled"}),
	}))
	is.NoErr(s.queue.Dispatch(t.Context(), []ergon.Transaction[ergon.Record]{tx("g").With(ergon.Record{}), tx("h").With(ergon.Record{})}))
	_, err = s.queue.Fetch(t.Context(), 1)
	is.NoErr(err)
	f, err := s.figures(t.Context())
	is.NoErr(err)
	is.Equal(f, figures{
		Invoiced: 3, Invoices: 2, Total: 305, Rejected: []reasonCount{{"cancelled", 2}, {"no price", 1}},
		Queue: sqlite.Stats{Ready: 1, Leased: 1},
	})
	is.Equal(f.lines(), 8)
}

func TestLinesThatTheQueueSetAsideAreAnError(t *testing.T) {
	is := is.New(t)
	db := t.TempDir() + "/shop.db"
	s := shopAt(t, db)
	is.NoErr(sqlite.Queue(s.db, "orders", sqlite.Bytes()).Dispatch(t.Context(), []ergon.Transaction[[]byte]{ergon.NewTransaction("a", []byte("torn"))}))
	is.NoErr(s.begun(t.Context(), export{name: "a", label: "a"}))
	is.NoErr(s.queued(t.Context(), export{name: "a"}))
	o := ran("-db", db, "-quiet")
	is.Equal(o.code, failed)
	is.True(strings.Contains(o.err, errUndecodable.Error()))
}

func TestAReasonIsFoundThroughAnyWrapping(t *testing.T) {
	is := is.New(t)
	is.Equal(reasonOf(errors.Join(context.Canceled, ergon.Business(errNoPrice))), errNoPrice)
	is.Equal(reasonOf(context.Canceled), errOther)
}
