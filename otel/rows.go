package ergonotel

import "github.com/ergon-go/ergon"

// row is a row of a ledger.
type row struct {
	outcome string
	n       int64
}

// rowsOf returns what became of the transactions of a ledger that have ended.
func rowsOf(l ergon.Ledger) []row {
	return []row{
		{"succeeded", l.Succeeded}, {"dropped", l.Dropped}, {"handled", l.Handled}, {"dead_lettered", l.DeadLettered},
		{"returned", l.Returned}, {"released", l.Released}, {"unsettled", l.Unsettled},
	}
}
