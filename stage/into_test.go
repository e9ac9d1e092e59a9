package stage_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/stage"
	"github.com/matryer/is"
)

type pence int64

type origin struct {
	Country string
}

type line struct {
	Invoice  string `csv:"InvoiceNo,required"`
	Quantity int8
	Price    pence
	Packs    uint16
	Weight   float32
	Gift     bool
	Lead     time.Duration
	At       time.Time `csv:"InvoiceDate" layout:"1/2/06 15:04"`
	Seen     time.Time
	From     netip.Addr
	Customer *int    `csv:"CustomerID"`
	Note     *string `csv:"note,optional"`
	Total    int     `csv:"-"`
	origin
	secret chan int
}

var lineHeader = []string{
	"InvoiceNo", "quantity", "Price", "PACKS", "Weight", "Gift", "Lead", "InvoiceDate", "Seen",
	"From", "CustomerID", "note", "Country", "not asked for",
}

func ptr[T any](v T) *T { return &v }

func TestInto(t *testing.T) {
	for _, test := range []struct {
		name   string
		fields []string
		want   line
	}{
		{
			"everything",
			[]string{"536365", "-6", "255", "2", "1.5", "true", "1m30s", "12/1/10 8:26", "2026-11-23T18:10:58Z", "::1", "17850", "fragile", "France", "x"},
			line{
				Invoice: "536365", Quantity: -6, Price: 255, Packs: 2, Weight: 1.5, Gift: true, Lead: 90 * time.Second,
				At: time.Date(2010, 12, 1, 8, 26, 0, 0, time.UTC), Seen: time.Date(2026, 11, 23, 18, 10, 58, 0, time.UTC),
				From: netip.IPv6Loopback(), Customer: ptr(17850), Note: ptr("fragile"), origin: origin{"France"},
			},
		},
		{
			"white space around all but strings, empty pointers",
			[]string{" C1 ", " 127", "0 ", "\t0", " 0 ", " 0 ", " 0s ", " 12/1/10 8:26 ", "2026-11-23T18:10:58Z ", "", " ", " ", "", ""},
			line{
				Invoice: " C1 ", Quantity: 127,
				At: time.Date(2010, 12, 1, 8, 26, 0, 0, time.UTC), Seen: time.Date(2026, 11, 23, 18, 10, 58, 0, time.UTC),
				Note: ptr(" "),
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			got, err := stage.Into[line](t.Context(), ergon.Record{Header: lineHeader, Fields: test.fields, Line: 2})
			is.NoErr(err)
			is.Equal(got, test.want)
			is.Equal(got.secret, nil)
		})
	}
}

func TestIntoReportsAllFaultsWithoutTheirValues(t *testing.T) {
	is := is.New(t)
	fields := []string{
		"", "canary", "99999999999999999999", "-1", "NaN", "canary", "canary", "canary", "", "canary", "canary", "canary is fine here", "x", "x",
	}
	_, err := stage.Into[line](t.Context(), ergon.Record{Header: lineHeader, Fields: fields, Line: 12, Raw: "canary"})
	is.Equal(err.Error(), strings.TrimSpace(`
stage: Into: line 12: column "InvoiceNo": is empty
stage: Into: line 12: column "quantity": is not a whole number
stage: Into: line 12: column "Price": is out of the range of stage_test.pence
stage: Into: line 12: column "PACKS": is not a whole number of at least 0
stage: Into: line 12: column "Weight": is not a finite number
stage: Into: line 12: column "Gift": is neither true nor false
stage: Into: line 12: column "Lead": is not a duration
stage: Into: line 12: column "InvoiceDate": is not a time of the form "1/2/06 15:04"
stage: Into: line 12: column "Seen": is empty
stage: Into: line 12: column "From": is refused by netip.Addr
stage: Into: line 12: column "CustomerID": is not a whole number`))
	steering, _ := ergon.SteeringOf(err)
	is.Equal(steering, ergon.SteerBusiness)
	for _, fault := range joined(errors.Unwrap(err)) {
		is.True(!strings.Contains(fmt.Sprintf("%v %+v %#v", fault, fault, fault), "canary"))
		is.Equal(errors.Unwrap(fault), nil) // nor does it wrap what would
	}
}

func TestIntoFindsColumns(t *testing.T) {
	type tagged struct {
		A string `csv:"a"`
	}
	type untagged struct{ Name string }
	type optional struct {
		A string `csv:"a,optional"`
	}
	type required struct {
		Name string `csv:",required"`
	}
	type two struct {
		B string `csv:"b"`
		A string `csv:"a"`
	}
	for _, test := range []struct {
		name string
		into func(ergon.Record) (any, error)
		rec  ergon.Record
		want string // of the struct, or of the fault
	}{
		{"a tag", into[tagged], ergon.Record{Header: []string{"A", "a"}, Fields: []string{"1", "2"}}, "{2}"},
		{"a tag in another case", into[tagged], ergon.Record{Header: []string{"A"}, Fields: []string{"1"}}, `stage: Into: line 0: column "a": there is no such column`},
		{"a tag, and a record too short", into[tagged], ergon.Record{Header: []string{"x", "a"}, Fields: []string{"1"}}, `stage: Into: line 0: column "a": the record ends before it`},
		{"an optional one", into[optional], ergon.Record{Header: []string{"x"}, Fields: []string{"1"}}, "{}"},
		{"a name", into[untagged], ergon.Record{Header: []string{"name", "Name"}, Fields: []string{"1", "2"}}, "{2}"},
		{"a name in another case", into[untagged], ergon.Record{Header: []string{"x", "NAME", "name"}, Fields: []string{"1", "2", "3"}}, "{2}"},
		{"a name that is not there", into[untagged], ergon.Record{Header: []string{"x"}, Fields: []string{"1"}}, "{}"},
		{"a required name in another case", into[required], ergon.Record{Header: []string{"name"}, Fields: []string{"1"}}, "{1}"},
		{"a required name that is not there", into[required], ergon.Record{Header: []string{"x"}, Fields: []string{"1"}}, "stage: Into: line 0: field Name: there is no such column"},
		{"a name that comes twice is the first", into[tagged], ergon.Record{Header: []string{"a", "a"}, Fields: []string{"1", "2"}}, "{1}"},
		{"no header: in order", into[two], ergon.Record{Fields: []string{"1", "2", "3"}}, "{1 2}"},
		{"no header and too short", into[two], ergon.Record{Fields: []string{"1"}}, "stage: Into: line 0: field A: the record ends before it"},
		{"an empty header", into[untagged], ergon.Record{Header: []string{}, Fields: []string{"1"}}, "{}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			got, err := test.into(test.rec)
			if err != nil {
				got = err
			}
			is.Equal(fmt.Sprint(got), test.want)
		})
	}
}

func into[T any](r ergon.Record) (any, error) { return stage.Into[T](context.Background(), r) }

func TestIntoRefusesTypesThatNoRecordFits(t *testing.T) {
	type unsupported struct {
		Fine  string
		Parts []string
		Any   any
		Deep  **int
	}
	type hidden struct {
		a string `csv:"a"`
	}
	_ = hidden{a: "a tag on it is the mistake"}
	type mistagged struct {
		A string `csv:"a,requierd"`
	}
	type twice struct {
		A string `csv:"a"`
		B string `csv:"a"`
	}
	type laidOut struct {
		A int `layout:"2006"`
	}
	type pointed struct{ *origin }
	for _, test := range []struct {
		name string
		into func(ergon.Record) (any, error)
		want []string
	}{
		{"no struct", into[int], []string{"int is not a struct"}},
		{"a pointer", into[*line], []string{"*stage_test.line is not a struct"}},
		{"types of fields", into[unsupported], []string{"Parts: no text can be made a []string", "Any: no text", "Deep: no text"}},
		{"a tag on what is not exported", into[hidden], []string{"a: is not exported"}},
		{"a misspelt option", into[mistagged], []string{`A: "requierd" is no option of a csv tag`}},
		{"one column for two", into[twice], []string{"B: takes the same column as A"}},
		{"a layout of no time", into[laidOut], []string{"A: has a layout, but is not a time.Time"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			for range 2 { // found out, then known
				_, err := test.into(ergon.Record{Err: errors.New("also unreadable")})
				steering, _ := ergon.SteeringOf(err)
				is.Equal(steering, ergon.SteerPermanent)
				for _, want := range test.want {
					is.True(strings.Contains(err.Error(), want))
				}
			}
		})
	}
	t.Run("an embedded pointer to what is not exported stays nil", func(t *testing.T) {
		is := is.New(t)
		got, err := stage.Into[pointed](t.Context(), ergon.Record{Header: []string{"Country"}, Fields: []string{"France"}})
		is.NoErr(err)
		is.Equal(got, pointed{})
	})
}

func TestIntoPassesOnWhatCouldNotBeRead(t *testing.T) {
	is := is.New(t)
	unreadable := errors.New("bare quote")
	_, err := stage.Into[line](t.Context(), ergon.Record{Err: unreadable})
	is.True(errors.Is(err, unreadable))
	steering, _ := ergon.SteeringOf(err)
	is.Equal(steering, ergon.SteerBusiness)
}

func TestIntoFromFilesOfDifferentHeadersAtOnce(t *testing.T) {
	is := is.New(t)
	type pair struct{ A, B string }
	records := []ergon.Record{
		{Header: []string{"A", "B"}, Fields: []string{"a", "b"}},
		{Header: []string{"B", "A"}, Fields: []string{"b", "a"}},
		{Fields: []string{"a", "b"}},
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 300 {
				got, err := stage.Into[pair](context.Background(), records[i%3])
				is.NoErr(err)
				is.Equal(got, pair{"a", "b"})
			}
		})
	}
	wg.Wait()
}

func joined(err error) []error {
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		return j.Unwrap()
	}
	return nil
}

func ExampleInto() {
	type Order struct {
		Invoice  string `csv:"InvoiceNo,required"`
		Quantity int
		At       time.Time `csv:"InvoiceDate" layout:"1/2/06 15:04"`
		Customer *int      `csv:"CustomerID"`
	}
	header := []string{"InvoiceNo", "Quantity", "InvoiceDate", "CustomerID"}
	good := ergon.Record{Header: header, Line: 2, Fields: []string{"536365", "6", "12/1/10 8:26", ""}}
	bad := ergon.Record{Header: header, Line: 3, Fields: []string{"", "six", "12/1/10 8:26", "17850"}}

	order, err := stage.Into[Order](context.Background(), good)
	fmt.Println(order.Invoice, order.Quantity, order.At.Year(), order.Customer, err)
	_, err = stage.Into[Order](context.Background(), bad)
	fmt.Println(err)
	// Output:
	// 536365 6 2010 <nil> <nil>
	// stage: Into: line 3: column "InvoiceNo": is empty
	// stage: Into: line 3: column "Quantity": is not a whole number
}
