package source_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/source"
)

// seeds are texts that are awkward to cut.
var seeds = []string{
	"", "\n", "a", "a\n", "a,b\n1,2\n", "a,b\r\n1,2\r\n", "\ufeffa\n", "\xef\xbb", "\r", "a\r", "a\r\r\n\r",
	"a,\"b\nc\",d\n", "a,\"b\"\"c\",d\n", "a,\"b\nc,d\n", "a\"b,c\n", "\"a\"b,c\n", "\"", "\"\"", "\"\"\"", "\"\n\"\n\"",
	"\"\r\n\",\r\n", "\"\",\"\"", ",", ",,\n,\n", "1,\"x\n3,\"y\"\n5,6", "\"1\n1\",2\"2\n", "\"a\r\"", "{\"a\":1}\n\n[2]\n",
	"\x00\n\xff\n", " \n\t\n", "abcdefghijklmnopqrstuvwxyz\nb\n", "\"abcdefgh\nijklmnop\nqrstuvwx\"\nb\n",
}

// linesOf is what the lines of a text are, said as simply as possible.
func linesOf(text string) []string {
	text = strings.TrimPrefix(text, "\ufeff")
	var all []string
	for line := range strings.Lines(text) {
		all = append(all, strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"))
	}
	return all
}

// cut is a line as a source with a longest line hands it out.
func cut(line string, longest int) string { return line[:min(len(line), longest)] }

func notBlank(lines []string) []string {
	var all []string
	for _, line := range lines {
		if line != "" {
			all = append(all, line)
		}
	}
	return all
}

func FuzzLines(f *testing.F) {
	for i, seed := range seeds {
		f.Add(seed, 1+i%30, 1+i%5)
	}
	f.Fuzz(func(t *testing.T, text string, longest, n int) {
		longest, n = 1+abs(longest)%100, 1+abs(n)%10
		is := is.New(t)
		want := linesOf(text)
		s := source.Lines("f", file("f", text), source.Longest(longest))
		is.Equal(count(t, s), len(want))
		txs := drain(t, s, n)
		is.Equal(len(txs), len(want)) // no line is lost, none made up
		for i, tx := range txs {
			line := tx.Payload()
			is.Equal(line.Text, cut(want[i], longest))
			is.Equal(line.Err != nil, len(want[i]) > longest)
			is.Equal(line.Number, i+1)
		}
	})
}

func FuzzJSONLines(f *testing.F) {
	for i, seed := range seeds {
		f.Add(seed, 1+i%30, 1+i%5)
	}
	f.Fuzz(func(t *testing.T, text string, longest, n int) {
		longest, n = 1+abs(longest)%100, 1+abs(n)%10
		is := is.New(t)
		var want []string
		for _, line := range linesOf(text) {
			if len(line) > longest {
				want = append(want, cut(line, longest)+"…")
			} else if len(bytes.TrimSpace([]byte(line))) > 0 {
				want = append(want, line)
			}
		}
		s := source.JSONLines("f", file("f", text), source.Longest(longest))
		is.Equal(count(t, s), len(want))
		txs := drain(t, s, n)
		is.Equal(len(txs), len(want))
		for i, tx := range txs {
			is.Equal(string(tx.Payload()), want[i])
		}
	})
}

func FuzzCSV(f *testing.F) {
	for i, seed := range seeds {
		f.Add(seed, 1+i%30, 1+i%5)
		f.Add(seed, 100, 10)
	}
	f.Fuzz(func(t *testing.T, text string, longest, n int) {
		longest, n = 1+abs(longest)%200, 1+abs(n)%10
		is := is.New(t)
		s := source.CSV("f", file("f", text), source.Header(), source.Longest(longest))
		counted := count(t, s)
		records := payloads(drain(t, s, n))
		is.Equal(counted, len(records))
		checkNothingLost(t, text, longest, records)
		if longest > len(text) {
			checkAgainstPackageCSV(t, text, records)
		}
	})
}

// checkNothingLost holds that the raw texts of all records, one after another,
// are all lines of the text but for blank ones.
func checkNothingLost(t *testing.T, text string, longest int, records []ergon.Record) {
	t.Helper()
	is := is.New(t)
	var want, got []string
	all := linesOf(text)
	for _, line := range all {
		want = append(want, cut(line, longest))
	}
	for _, record := range records {
		is.True(len(record.Raw) <= longest)
		lines := linesOfRecord(record.Raw)
		is.Equal(lines[0], cut(all[record.Line-1], longest)) // stands where it says
		got = append(got, lines...)
	}
	is.Equal(notBlank(got), notBlank(want))
}

// linesOfRecord is linesOf for what is no whole text: it may begin with what
// looks like a byte order mark, and its last line has lost its end already.
func linesOfRecord(raw string) []string {
	lines := strings.Split(raw, "\n")
	for i := range lines[:len(lines)-1] {
		lines[i] = strings.TrimSuffix(lines[i], "\r")
	}
	return lines
}

// checkAgainstPackageCSV holds that what package csv takes is read as it reads it.
func checkAgainstPackageCSV(t *testing.T, text string, records []ergon.Record) {
	t.Helper()
	is := is.New(t)
	want, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	faults := 0
	for _, record := range records {
		if record.Err != nil {
			faults++
		}
	}
	is.Equal(err == nil, faults == 0)
	if err != nil {
		return
	}
	is.Equal(len(records), len(want))
	for i, record := range records {
		is.Equal(record.Fields, want[i])
	}
}

func abs(n int) int { return max(n, -(n + 1)) }
