package main

import (
	"math"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
)

// good breaks no rule.
var good = line{Number: 2, Invoice: "536365", Stock: "71053", Description: "LANTERN", Quantity: 6,
	Date: time.Date(2010, 12, 1, 8, 26, 0, 0, time.UTC), Price: 255, Customer: "17850"}

// but is a good line with a change.
func but(change func(*line)) line {
	l := good
	change(&l)
	return l
}

func TestParse(t *testing.T) {
	header := []string{"InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"}
	record := func(fields ...string) ergon.Record { return ergon.Record{Header: header, Fields: fields, Line: 2} }
	unreadable := func(name string, r ergon.Record) ergontest.Call[ergon.Record, line] {
		return ergontest.Call[ergon.Record, line]{Name: name, In: r, Err: errUnreadable, Steering: ergon.SteerBusiness, Verdict: ergon.DeadLettered}
	}
	ergontest.Func(t, parse, []ergontest.Call[ergon.Record, line]{
		{Name: "an order", In: record("536365", "71053", "LANTERN", "6", "12/1/10 8:26", "2.55", "17850", "Norway"), Want: good},
		{
			Name: "one taken back", In: record("C536365", "71053", "LANTERN", "-6", "12/1/10 8:26", "2.55", "", "Norway"),
			Want: but(func(l *line) { l.Invoice, l.Quantity, l.Customer = "C536365", -6, "" }),
		},
		{
			Name: "columns in another order",
			In: ergon.Record{Header: []string{"CustomerID", "UnitPrice", "InvoiceDate", "Quantity", "StockCode", "InvoiceNo"},
				Fields: []string{"17850", "2.55", "12/1/10 8:26", "6", "71053", "536365"}, Line: 2},
			Want: but(func(l *line) { l.Description = "" }),
		},
		unreadable("a quantity in words", record("536365", "71053", "LANTERN", "six", "12/1/10 8:26", "2.55", "17850", "Norway")),
		unreadable("half a penny", record("536365", "71053", "LANTERN", "6", "12/1/10 8:26", "2.555", "17850", "Norway")),
		unreadable("no such day", record("536365", "71053", "LANTERN", "6", "13/32/10 8:26", "2.55", "17850", "Norway")),
		unreadable("too few fields", record("536365", "71053")),
		unreadable("a record that could not be read", ergon.Record{Header: header, Err: ergon.Business(errRecord)}),
	}...)
}

func TestTheRulesAndTheirOrder(t *testing.T) {
	broken := func(name string, l line, rule error) ergontest.Call[line, line] {
		return ergontest.Call[line, line]{Name: name, In: l, Err: rule}
	}
	ergontest.Func(t, validate, []ergontest.Call[line, line]{
		{Name: "no rule is broken", In: good, Want: good},
		{Name: "a penny for one", In: but(func(l *line) { l.Price, l.Quantity = 1, 1 }), Want: but(func(l *line) { l.Price, l.Quantity = 1, 1 })},
		{Name: "a C elsewhere", In: but(func(l *line) { l.Invoice = "536365C" }), Want: but(func(l *line) { l.Invoice = "536365C" })},
		broken("cancelled", but(func(l *line) { l.Invoice = "C536365" }), errCancelled),
		broken("cancelled, and everything else", but(func(l *line) { l.Invoice, l.Customer, l.Price, l.Quantity = "C536365", "", 0, -6 }), errCancelled),
		broken("no customer", but(func(l *line) { l.Customer = "" }), errNoCustomer),
		broken("a blank customer", but(func(l *line) { l.Customer = " \t" }), errNoCustomer),
		broken("no customer, price and quantity", but(func(l *line) { l.Customer, l.Price, l.Quantity = "", 0, 0 }), errNoCustomer),
		broken("free", but(func(l *line) { l.Price = 0 }), errNoPrice),
		broken("less than free", but(func(l *line) { l.Price = -1 }), errNoPrice),
		broken("free, and none", but(func(l *line) { l.Price, l.Quantity = 0, 0 }), errNoPrice),
		broken("none", but(func(l *line) { l.Quantity = 0 }), errNoQuantity),
		broken("less than none", but(func(l *line) { l.Quantity = -6 }), errNoQuantity),
	}...)
}

func TestPrice(t *testing.T) {
	of := func(quantity int64, each pence) order {
		return order{line: but(func(l *line) { l.Quantity, l.Price = quantity, each }), Name: "Customer 17850"}
	}
	ergontest.Func(t, price, []ergontest.Call[order, invoice]{
		{Name: "six at 2.55", In: of(6, 255), Want: invoice{
			Invoice: "536365", Line: 2, Stock: "71053", Date: good.Date, Customer: "17850", Name: "Customer 17850",
			Quantity: 6, Price: 255, Amount: 1530,
		}},
		{Name: "as much as there can be", In: of(math.MaxInt64, 1)},
		{Name: "more than that", In: of(math.MaxInt64/2+1, 2), Err: errTooMuch},
		{Name: "at the highest price", In: of(2, math.MaxInt64), Err: errTooMuch},
	}...)
}
