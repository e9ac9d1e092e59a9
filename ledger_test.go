package ergon_test

import (
	"reflect"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

func TestLedgerBalancesEveryRow(t *testing.T) {
	is := is.New(t)
	is.True(ergon.Ledger{}.Balanced())
	rows := reflect.TypeFor[ergon.Ledger]()
	for i := range rows.NumField() {
		row := rows.Field(i).Name
		var l ergon.Ledger
		reflect.ValueOf(&l).Elem().Field(i).SetInt(3)
		switch row {
		case "Fetched":
			is.True(!l.Balanced()) // and nothing became of them
			continue
		case "Retries", "BestEffort":
			is.True(l.Balanced()) // which count nothing that was fetched
		default:
			is.True(!l.Balanced()) // out of nothing
			l.Fetched = 3
			is.True(l.Balanced())
			l.Fetched = 4
			is.True(!l.Balanced()) // one is missing
		}
		settled := map[string]int64{"Succeeded": 3, "Dropped": 3, "Handled": 3, "DeadLettered": 3, "Returned": 3, "Released": 3}
		is.Equal(l.Settled(), settled[row])
	}
}

func TestLedgerString(t *testing.T) {
	l := ergon.Ledger{
		Fetched: 36, Succeeded: 1, Dropped: 2, Handled: 3, DeadLettered: 4, Returned: 5, Released: 6, Unsettled: 7, InFlight: 8,
		Retries: 9, BestEffort: 10,
	}
	is := is.New(t)
	is.True(l.Balanced())
	is.Equal(l.String(), "fetched 36 = succeeded 1 + dropped 2 + handled 3 + dead-lettered 4 + returned 5 + released 6 + unsettled 7 + in flight 8")
}
