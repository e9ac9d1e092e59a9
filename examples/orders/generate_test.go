package main

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/matryer/is"
)

// expected are the figures of generated lines, counted in another way than the
// job does.
func expected(t *testing.T, seed uint64, n int) figures {
	t.Helper()
	is := is.New(t)
	var f figures
	invoices, reasons := map[string]bool{}, map[string]int{}
	for fields := range generated(seed, n) {
		quantity, err := strconv.Atoi(fields[3])
		is.NoErr(err)
		each, err := strconv.ParseFloat(fields[5], 64)
		is.NoErr(err)
		switch {
		case fields[0][0] == 'C':
			reasons["cancelled"]++
		case fields[6] == "":
			reasons["no customer"]++
		case each == 0:
			reasons["no price"]++
		default:
			f.Invoiced++
			f.Total += pence(quantity) * pence(math.Round(each*100))
			invoices[fields[0]] = true
		}
	}
	f.Invoices = len(invoices)
	for reason, lines := range reasons {
		f.Rejected = append(f.Rejected, reasonCount{reason, lines})
	}
	slices.SortFunc(f.Rejected, func(a, b reasonCount) int { return b.Lines - a.Lines })
	return f
}

func TestGeneratedLinesHaveWhatAnExportHas(t *testing.T) {
	is := is.New(t)
	f := expected(t, 1, 10_000)
	is.Equal(f.lines(), 10_000)
	is.Equal(len(f.Rejected), 3)
	twins, quoted := 0, 0
	var before []string
	for fields := range generated(1, 10_000) {
		if slices.Equal(fields, before) {
			twins++
		}
		if strings.ContainsAny(fields[2], `",`) {
			quoted++
		}
		before = fields
	}
	is.True(twins > 50)
	is.True(quoted > 500)
}

func TestASeedGeneratesTheSameLinesAgain(t *testing.T) {
	is := is.New(t)
	var one, same, other bytes.Buffer
	is.NoErr(generate(&one, 5, 300))
	is.NoErr(generate(&same, 5, 300))
	is.NoErr(generate(&other, 6, 300))
	is.Equal(one.String(), same.String())
	is.True(one.String() != other.String())
	is.Equal(strings.Count(one.String(), "\n"), 301)
}
