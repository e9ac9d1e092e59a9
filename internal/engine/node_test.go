package engine

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
)

// Of more faults than are kept, the one that decides what becomes of the
// transaction is among them: one of many children that asks to come back, by
// ergon.Return, is not forgotten because sixteen others failed before it and have
// been delivered too often.
func TestTheGravestOfManyFaultsIsKept(t *testing.T) {
	deadly := fault{verdict: ergon.DeadLettered, delay: unset, err: errors.New("deadly")}
	again := fault{verdict: ergon.Returned, delay: unset, err: errors.New("again")}
	later := fault{verdict: ergon.Returned, delay: time.Second, err: errors.New("later")}
	for _, c := range []struct {
		name          string
		many, last    fault
		deliveries    int
		wantedVerdict ergon.Verdict
	}{
		{"all alike", again, again, 1, ergon.Returned},
		{"all too often", again, again, 10, ergon.DeadLettered},
		{"the last is graver", deadly, again, 1, ergon.Returned},
		{"the first are graver", again, deadly, 1, ergon.Returned},
		{"the last asks to come back, and the others were there too often", again, later, 10, ergon.Returned},
		{"the last asks to come back, and the others cannot succeed", deadly, later, 10, ergon.Returned},
	} {
		t.Run(c.name, func(t *testing.T) {
			for before := range 2 * ergon.MostFailures {
				is := is.New(t)
				o := &(&Pipe[int]{run: &Run{Config: Config{MaxDeliveries: 10}}}).newLot(1, nil).origins[0]
				*o.head = ergon.NewTransaction(fmt.Sprint(before), struct{}{}).WithDeliveries(c.deliveries)
				for range before {
					o.fail(c.many)
				}
				o.fail(c.last)
				for range 3 {
					o.fail(c.many)
				}
				is.Equal(o.describe().Verdict, c.wantedVerdict)
				is.Equal(o.faults.Load().count, before+4)
				is.True(len(o.failed()) <= ergon.MostFailures)
			}
		})
	}
}
