package plain

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/matryer/is"
)

func TestAnExportIsReadByTheNamesOfItsColumns(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "export.csv")
	text := "\ufeffCustomerID,UnitPrice,InvoiceNo,StockCode,Quantity,InvoiceDate\n7,1.5,1001,A,2,1/2/11 10:00\n\"8\n\",2,1002,B,3,1/2/11 10:01\nonly one\n"
	is.NoErr(os.WriteFile(path, []byte(text), 0o600))
	e, err := openExport(path)
	is.NoErr(err)
	var all []record
	for batch := range e.batches(2) {
		all = append(all, batch...)
	}
	is.NoErr(e.err)
	is.Equal(len(all), 3)
	is.Equal(all[0].fields, [...]string{"1001", "A", "2", "1/2/11 10:00", "1.5", "7"})
	is.Equal(all[1].line, 3)
	is.Equal(all[1].raw, "\"8\n\",2,1002,B,3,1/2/11 10:01")
	is.True(all[2].fault != "")
	is.Equal(all[2].raw, "only one")
}

func TestMoneyIsPenceWithoutRounding(t *testing.T) {
	for text, want := range map[string]int64{"2.55": 255, "0": 0, "-1.5": -150, "3": 300, ".5": 50, "4.": 400, "1.200": 120} {
		got, err := pence(text)
		is.New(t).NoErr(err)
		is.New(t).Equal(got, want)
	}
	for _, text := range []string{"", ".", "-", "1.234", "one", "1,5", "+1", "1.-5", "99999999999999999999"} {
		if _, err := pence(text); err == nil {
			t.Errorf("%q is no amount", text)
		}
	}
}

func TestTheFirstRuleThatALineBreaksIsTheReason(t *testing.T) {
	fine := line{invoice: "1", customer: "2", price: 3, quantity: 4}
	for _, c := range []struct {
		name   string
		change func(*line)
		want   error
	}{
		{"none", func(*line) {}, nil},
		{"cancelled", func(l *line) { l.invoice, l.customer = "C1", "" }, errCancelled},
		{"nobody's", func(l *line) { l.customer, l.price = " ", 0 }, errNoCustomer},
		{"free", func(l *line) { l.price, l.quantity = 0, 0 }, errNoPrice},
		{"of nothing", func(l *line) { l.quantity = -1 }, errNoQuantity},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := fine
			c.change(&l)
			is.New(t).Equal(check(l), c.want)
		})
	}
}
