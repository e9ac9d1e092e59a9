package ergontest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/stage"
)

// fuzzedOrders decodes orders, and refuses those without a price.
func fuzzedOrders(w *World[[]byte]) pipeline.Pipeline {
	price := func(_ context.Context, o tableOrder) (tableRow, error) {
		if o.Price <= 0 {
			return tableRow{}, ergon.Business(errors.New("no price"))
		}
		return tableRow{o, o.ID}, nil
	}
	return pipeline.From(w.Source).Map(stage.JSON[tableOrder]).Map(price).DeadLetter(w.Dead).To(w.Sink[tableRow]("rows"))
}

func FuzzAPipelineByTheCasesOfItsTable(f *testing.F) {
	Fuzz(f, fuzzedOrders,
		Case[[]byte]{Name: "an order", In: [][]byte{[]byte(`{"ID":"a","Price":1}`)}},
		Case[[]byte]{Name: "none", In: [][]byte{[]byte(`{`), nil}},
	)
}

func FuzzAPipelineOfNumbers(f *testing.F) {
	Fuzz(f, casePipeline, Case[int]{Name: "numbers", In: []int{1, -1, 0}})
}

func TestAFuzzedPayloadFails(t *testing.T) {
	tests := []struct {
		name string
		do   func(context.Context, string) (string, error)
		want string
	}{
		{"not where it is refused", func(context.Context, string) (string, error) { return "", ergon.Business(errTest) }, ""},
		{"not where it fails", func(context.Context, string) (string, error) { return "", errTest }, ""},
		{"by a panic", func(_ context.Context, s string) (string, error) { return s[99:], nil }, "a function panicked: panic: runtime error: slice bounds out of range"},
		{"by the end of the run", func(context.Context, string) (string, error) { return "", ergon.Fatal(errTest) }, "the run returned an error: no connection"},
		{"by a goroutine", func(context.Context, string) (string, error) { go func() { select {} }(); return "", nil }, "a goroutine is left"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			fuzzOne(t, func(f []string) { got = f }, "x", func(w *World[string]) pipeline.Pipeline {
				return pipeline.From(w.Source).Map(tt.do).DeadLetter(w.Dead).To(w.Sink[string]("out"))
			})
			if text := strings.Join(got, "\n"); (text == "") != (tt.want == "") || !strings.Contains(text, tt.want) {
				t.Errorf("want %s\nin %s", tt.want, text)
			}
		})
	}
}

func TestTheCodecOfAPayload(t *testing.T) {
	is := is.New(t)
	type named string
	is.Equal(roundTrip(is, "a\xff"), []byte("a\xff"))
	is.Equal(roundTrip(is, []byte{0, 255}), []byte{0, 255})
	is.Equal(roundTrip(is, 7), []byte("7"))
	is.Equal(roundTrip(is, named("a")), []byte(`"a"`))
	is.Equal(roundTrip(is, tableOrder{"a", 1}), []byte(`{"ID":"a","Price":1}`))
	_, err := codecOf[int]().Decode([]byte("{"))
	is.True(err != nil)
}

func roundTrip[T any](is *is.I, v T) []byte {
	is.Helper()
	c := codecOf[T]()
	b, err := c.Encode(v)
	is.NoErr(err)
	got, err := c.Decode(b)
	is.NoErr(err)
	is.Equal(got, v)
	return b
}
