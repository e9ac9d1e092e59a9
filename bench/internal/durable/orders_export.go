package durable

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"time"
)

// writeExport writes an order export of n lines, of the kind that examples/orders
// generates: invoices of up to twelve lines, a quarter of them of nobody, one in
// fifty cancelled, and a few free things. The same seed writes the same lines.
func writeExport(path string, seed uint64, n int) error {
	file, err := os.Create(path) //nolint:gosec // it is in a folder of our own
	if err != nil {
		return err
	}
	export := csv.NewWriter(file)
	_ = export.Write([]string{"InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"}) // Error says
	random := rand.New(rand.NewPCG(seed, 0))
	for number := 0; n > 0; number++ {
		lines := min(n, 1+random.IntN(12))
		invoice := exportInvoice(random, number)
		for range lines {
			_ = export.Write(invoice(random)) // Error says
		}
		n -= lines
	}
	export.Flush()
	return errors.Join(export.Error(), file.Close())
}

// exportInvoice returns what makes the lines of one invoice.
func exportInvoice(random *rand.Rand, number int) func(*rand.Rand) []string {
	invoice, sign, customer := strconv.Itoa(500_000+number), 1, ""
	if random.IntN(50) == 0 {
		invoice, sign = "C"+invoice, -1
	}
	if random.IntN(4) > 0 {
		customer = strconv.Itoa(10_000 + random.IntN(4000))
	}
	date := time.Date(2011, time.January, 3, 9, 0, 0, 0, time.UTC).Add(time.Duration(number) * time.Minute).Format("1/2/06 15:04")
	return func(random *rand.Rand) []string {
		thing, price := random.IntN(900), 85+random.IntN(1200)
		if random.IntN(200) == 0 {
			price = 0
		}
		return []string{
			invoice, strconv.Itoa(20_000 + thing), fmt.Sprintf("THING, NO. %d", thing), strconv.Itoa(sign * (1 + random.IntN(24))),
			date, fmt.Sprintf("%d.%02d", price/100, price%100), customer, "United Kingdom",
		}
	}
}
