package main

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"
)

// goods are what the generated shop sells: stock code, description, pence.
var goods = [...]struct { //nolint:gochecknoglobals // Go has no constant arrays
	stock, description string
	price              int
}{
	{"85123A", "WHITE HANGING HEART T-LIGHT HOLDER", 255},
	{"71053", "WHITE METAL LANTERN", 339},
	{"22423", "REGENCY CAKESTAND, 3 TIER", 1275},
	{"21621", `VINTAGE "UNION JACK" BUNTING`, 850},
	{"84879", "ASSORTED COLOUR BIRD ORNAMENT", 169},
	{"20725", `LUNCH BAG, RED "RETROSPOT"`, 165},
	{"22961", "JAM MAKING SET PRINTED", 145},
}

var heading = [...]string{"InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"} //nolint:gochecknoglobals // Go has no constant arrays

// generate writes an export of n lines. The same seed writes the same lines.
func generate(w io.Writer, seed uint64, n int) error {
	buffered := bufio.NewWriter(w)
	export := csv.NewWriter(buffered)
	_ = export.Write(heading[:]) // Flush says
	for fields := range generated(seed, n) {
		_ = export.Write(fields)
	}
	export.Flush()
	if err := export.Error(); err != nil {
		return fmt.Errorf("orders: generating lines: %w", err)
	}
	return buffered.Flush()
}

// generated yields the fields of n lines, in invoices of up to twelve.
func generated(seed uint64, n int) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		random := rand.New(rand.NewPCG(seed, seed))
		for number := 0; n > 0; number++ {
			for _, fields := range generatedInvoice(random, number, min(n, 1+random.IntN(12))) {
				n--
				if !yield(fields) {
					return
				}
			}
		}
	}
}

// generatedInvoice is an invoice of so many lines: cancelled now and then, often
// of nobody, with free things among the goods, and lines that are there twice.
func generatedInvoice(random *rand.Rand, number, lines int) [][]string {
	invoice, sign := strconv.Itoa(536365+number), 1
	if random.IntN(50) == 0 {
		invoice, sign = "C"+invoice, -1
	}
	customer := ""
	if random.IntN(4) > 0 {
		customer = strconv.Itoa(12346 + random.IntN(4000))
	}
	date := time.Date(2010, time.December, 1, 8, 26, 0, 0, time.UTC).Add(time.Duration(number) * time.Minute).Format("1/2/06 15:04")
	all := make([][]string, lines)
	for i := range all {
		if i > 0 && random.IntN(60) == 0 {
			all[i] = slices.Clone(all[i-1])
			continue
		}
		thing := goods[random.IntN(len(goods))]
		price := thing.price
		if random.IntN(200) == 0 {
			price = 0
		}
		all[i] = []string{
			invoice, thing.stock, thing.description, strconv.Itoa(sign * (1 + random.IntN(24))), date,
			strconv.FormatFloat(float64(price)/100, 'f', -1, 64), customer, "United Kingdom",
		}
	}
	return all
}
