package source_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/source"
)

func ExampleCSV() {
	files := fstest.MapFS{"orders.csv": {Data: []byte("article,quantity\nlamp,2\n\"chair,6\ntable,1\n")}}
	txs, _ := source.CSV("orders.csv", source.In(files)).Fetch(context.Background(), 10)
	for _, tx := range txs {
		record := tx.Payload()
		article, _ := record.Get("article")
		fmt.Printf("%s %q %q %v\n", tx.ID(), article, record.Raw, record.Err)
	}
	// Output:
	// orders.csv:1 "lamp" "lamp,2" <nil>
	// orders.csv:2 "" "\"chair,6" source: record on line 3; parse error on line 4, column 8: extraneous or missing " in quoted-field
	// orders.csv:3 "table" "table,1" <nil>
}

func ExampleHeader() {
	files := fstest.MapFS{"orders.csv": {Data: []byte("lamp;2\n")}}
	orders := source.CSV("orders.csv", source.In(files), source.Header("article", "quantity"), source.Comma(';'))
	txs, _ := orders.Fetch(context.Background(), 10)
	quantity, _ := txs[0].Payload().Get("quantity")
	fmt.Println(quantity)
	// Output: 2
}

// record is a Record that a test wants.
type record struct {
	line   int
	raw    string
	fields []string
	err    error
}

func TestCSVReadsRecordsAndFaultsStayWhereTheyAre(t *testing.T) {
	tests := []struct {
		name, text string
		want       []record
	}{
		{"empty", "", nil},
		{"nothing but a header", "a,b\n", nil},
		{"plain", "a,b\n1,2\n3,4\n", []record{{2, "1,2", []string{"1", "2"}, nil}, {3, "3,4", []string{"3", "4"}, nil}}},
		{"no last newline, CRLF, blank lines, mark", "\ufeff\r\na,b\r\n\r\n1,2\r\n\n3,", []record{
			{4, "1,2", []string{"1", "2"}, nil}, {6, "3,", []string{"3", ""}, nil},
		}},
		{"quotes with separators, quotes and newlines", "a,b\n\"1,\"\"x\"\"\",\"2\r\n\n2\"\n3,4\n", []record{
			{2, "\"1,\"\"x\"\"\",\"2\r\n\n2\"", []string{`1,"x"`, "2\n\n2"}, nil},
			{5, "3,4", []string{"3", "4"}, nil},
		}},
		{"too few and too many fields", "a,b\n1\n1,2,3\n3,4\n", []record{
			{2, "1", []string{"1"}, csv.ErrFieldCount},
			{3, "1,2,3", []string{"1", "2", "3"}, csv.ErrFieldCount},
			{4, "3,4", []string{"3", "4"}, nil},
		}},
		{"a bare quote", "a,b\n1,x\"y\n3,4\n", []record{
			{2, `1,x"y`, []string{"1"}, csv.ErrBareQuote}, {3, "3,4", []string{"3", "4"}, nil},
		}},
		{"text behind a quote", "a,b\n1,\"x\"y\n3,4\n", []record{
			{2, `1,"x"y`, []string{"1"}, csv.ErrQuote}, {3, "3,4", []string{"3", "4"}, nil},
		}},
		{"a quote nobody closes costs one line", "a,b\n1,\"x\n3,4\n5,6", []record{
			{2, `1,"x`, []string{"1"}, csv.ErrQuote}, {3, "3,4", []string{"3", "4"}, nil}, {4, "5,6", []string{"5", "6"}, nil},
		}},
		{"a quote closed by the next record's", "a,b\n1,\"x\n3,\"y\"\n5,6", []record{
			{2, `1,"x`, []string{"1"}, csv.ErrQuote}, {3, `3,"y"`, []string{"3", "y"}, nil}, {4, "5,6", []string{"5", "6"}, nil},
		}},
		{"a fault on a later line of a record", "a,b\n\"1\n1\",2\"2\n3,4\n", []record{
			{2, `"1`, []string{}, csv.ErrBareQuote},
			{3, `1",2"2`, []string{}, csv.ErrBareQuote},
			{4, "3,4", []string{"3", "4"}, nil},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			s := source.CSV("f.csv", file("f.csv", tt.text))
			is.Equal(count(t, s), len(tt.want))
			txs := drain(t, s, 2)
			is.Equal(len(txs), len(tt.want))
			for i, tx := range txs {
				checkRecord(t, tx.Payload(), tt.want[i])
				is.Equal(tx.Payload().Header, []string{"a", "b"})
				is.Equal(tx.ID(), fmt.Sprintf("f.csv:%d", i+1))
			}
		})
	}
}

func checkRecord(t *testing.T, got ergon.Record, want record) {
	t.Helper()
	is := is.New(t)
	is.Equal(got.Line, want.line)
	is.Equal(got.Raw, want.raw)
	is.Equal(got.Fields, want.fields)
	is.True(errors.Is(got.Err, want.err))
	if want.err != nil {
		is.Equal(ergon.CategoryOf(got.Err), ergon.CategoryBusiness)
	}
}

func TestARecordThatIsTooLongFailsAlone(t *testing.T) {
	lines := strings.Repeat("3,4\n", 100_000)
	tests := []struct {
		name, text string
		first      record
		rest       int
	}{
		{"a long line", strings.Repeat("x", 300_000) + ",2\n" + lines,
			record{1, "xxxxxxxxxxxxxxxxxxxx", []string{}, source.ErrTooLong}, 100_000},
		{"a long line with an open quote", "1,\"" + strings.Repeat("x", 300_000) + "\n" + lines,
			record{1, `1,"xxxxxxxxxxxxxxxxx`, []string{}, source.ErrTooLong}, 100_000},
		{"a quote nobody closes", "1,\"x\n" + lines, record{1, `1,"x`, []string{"1"}, source.ErrTooLong}, 100_000},
		{"a quote closed too late", "1,\"x\n" + lines + "\"\n", record{1, `1,"x`, []string{"1"}, csv.ErrQuote}, 100_001},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			s := source.CSV("f", file("f", tt.text), source.Header(), source.Longest(20))
			txs := drain(t, s, 1000)
			is.Equal(len(txs), 1+tt.rest)
			checkRecord(t, txs[0].Payload(), tt.first)
			is.NoErr(txs[1].Payload().Err)
			is.Equal(txs[1].Payload().Raw, "3,4")
			is.Equal(txs[1].Payload().Line, 2)
		})
	}
}

func TestCSVWithoutAHeaderInTheFile(t *testing.T) {
	tests := []struct {
		name   string
		option source.CSVOption
		header []string
		faults []bool
	}{
		{"names given", source.Header("x", "y", "z"), []string{"x", "y", "z"}, []bool{true, false}},
		{"no names", source.Header(), nil, []bool{false, true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			txs := drain(t, source.CSV("f", file("f", "1,2\n3,4,5\n"), tt.option), 10)
			is.Equal(ids(txs), []string{"f:1", "f:2"})
			for i, tx := range txs {
				is.Equal(tx.Payload().Header, tt.header)
				is.Equal(tx.Payload().Err != nil, tt.faults[i])
			}
		})
	}
}

func TestAHeaderAtFaultEndsTheRun(t *testing.T) {
	is := is.New(t)
	s := source.CSV("f.csv", file("f.csv", "a,\"b\n1,2\n"))
	for range 3 {
		txs, err := s.Fetch(t.Context(), 10)
		is.Equal(len(txs), 0)
		is.True(errors.Is(err, csv.ErrQuote))
		steering, _ := ergon.SteeringOf(err)
		is.Equal(steering, ergon.SteerPermanent)
		is.True(strings.HasPrefix(err.Error(), "source: reading f.csv: header: "))
	}
	_, err := s.Count(t.Context())
	is.True(errors.Is(err, csv.ErrQuote))
}

func TestCSVFaultsOfArguments(t *testing.T) {
	for _, bad := range []rune{0, '"', '\n', '\r', 0xFFFD, 0xD800, -1} {
		is := is.New(t)
		is.True(errors.Is(source.CSV("f", source.Comma(bad)).Validate(), ergon.ErrConfig))
	}
	is := is.New(t)
	is.NoErr(source.CSV("f", source.Comma('→'), source.Comma('\t')).Validate())
	checkFaults(t, source.CSV("", source.Header("a", "b", "a"), source.Longest(0), source.Named(""), source.In(nil)),
		`source.CSV: header = "a": is there twice`, "source.CSV: longest = 0: must be at least 1",
		"source.CSV: name: is empty", "source.CSV: file system: is nil", "source.CSV: path: is empty")
}
