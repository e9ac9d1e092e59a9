package ergontest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
)

func TestRows(t *testing.T) {
	Rows[string, int]{
		{Name: "a number", In: "7", Want: 7},
		{Name: "a number that is not checked", In: "8"},
		{Name: "no number", In: "seven", Err: strconv.ErrSyntax, Steering: ergon.SteerBusiness, Category: ergon.CategoryBusiness, Verdict: ergon.DeadLettered},
		{Name: "a panic", In: "panic", Fails: true, Verdict: ergon.Returned},
		{Name: "an end of the goroutine", In: "goexit", Err: ergon.ErrGoexit},
	}.Test(t, number)
}

func TestRowsOfATransform(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	Rows[string, int]{
		{
			Name: "everything is set", In: "seven", ID: "order-7", Metadata: ergon.MetadataOf(map[string]any{"shop": "east", "at": at}),
			Want: 5, WantMetadata: ergon.MetadataOf(map[string]any{"shop": "east", "id": "order-7", "at": at}), Took: time.Hour,
		},
		{Name: "an id of its own", In: "seven", WantMetadata: ergon.MetadataOf(map[string]any{"id": "test:1"})},
	}.TestTransform(t, func(_ context.Context, tx ergon.Transaction[string]) (ergon.Transaction[int], error) {
		time.Sleep(time.Hour)
		return tx.With(len(tx.Payload())).WithMeta("id", tx.ID()), nil
	})
}

func TestWhatARowDoesNotWantIsShown(t *testing.T) {
	type answer = fed[ergon.Transaction[string]]
	value := func(s string) ergon.Transaction[string] { return ergon.NewTransaction("order-7", s) }
	business := ergon.Business(errTest)
	tests := []struct {
		name string
		row  Row[int, string]
		call answer
		want []string
	}{
		{name: "nothing is checked, nothing is wrong"},
		{"the value", Row[int, string]{Want: "a"}, answer{out: value("a")}, nil},
		{"another value", Row[int, string]{Want: "a"}, answer{out: value("b")}, []string{`value|"a"|"b"`}},
		{"an error that nobody wants", Row[int, string]{}, answer{err: errTest}, []string{"error|no error|no connection"}},
		{"an error instead of a value", Row[int, string]{Want: "a"}, answer{err: errTest}, []string{"error|no error|no connection"}},
		{"any error", Row[int, string]{Fails: true}, answer{err: errTest}, nil},
		{"no error at all", Row[int, string]{Fails: true}, answer{}, []string{"error|an error|no error"}},
		{"the error, wrapped", Row[int, string]{Err: errTest}, answer{err: fmt.Errorf("store: %w", errTest)}, nil},
		{"another error", Row[int, string]{Err: errTest}, answer{err: errors.New("full")}, []string{"error|no connection|full"}},
		{"not the error", Row[int, string]{Err: errTest}, answer{}, []string{"error|no connection|no error"}},
		{"the steering", Row[int, string]{Steering: ergon.SteerBusiness}, answer{err: business}, nil},
		{"another steering", Row[int, string]{Steering: ergon.SteerDrop}, answer{err: business}, []string{"steering|drop|business error"}},
		{"no steering", Row[int, string]{Steering: ergon.SteerDrop}, answer{}, []string{"error|an error that asks for drop|no error"}},
		{"the category", Row[int, string]{Category: ergon.CategoryTimeout}, answer{err: context.DeadlineExceeded}, nil},
		{"another category", Row[int, string]{Category: ergon.CategoryTimeout}, answer{err: errTest}, []string{"category|timeout|system"}},
		{"no category", Row[int, string]{Category: ergon.CategoryTimeout}, answer{}, []string{"error|an error of category timeout|no error"}},
		{"another verdict", Row[int, string]{Verdict: ergon.DeadLettered}, answer{err: errTest}, []string{"verdict|dead-lettered|returned"}},
		{"no verdict", Row[int, string]{Verdict: ergon.Returned}, answer{}, []string{"error|an error that ends returned|no error"}},
		{"released", Row[int, string]{Verdict: ergon.Released}, answer{err: ergon.Fatal(errTest)}, nil},
		{"dropped is acked", Row[int, string]{Verdict: ergon.Returned}, answer{err: ergon.Drop("old")}, []string{"verdict|returned|acked"}},
		{"the time", Row[int, string]{Took: time.Second}, answer{took: time.Second}, nil},
		{"another time", Row[int, string]{Took: time.Second}, answer{took: time.Hour}, []string{"time taken|1s|1h0m0s"}},
		{"metadata", Row[int, string]{WantMetadata: meta("shop", "east")}, answer{out: value("a").WithMeta("shop", "east").WithMeta("n", 1)}, nil},
		{"other metadata", Row[int, string]{WantMetadata: meta("shop", "east")}, answer{out: value("a").WithMeta("shop", "west")}, []string{`metadata "shop"|"east"|"west"`}},
		{"no metadata", Row[int, string]{WantMetadata: meta("shop", "east")}, answer{out: value("a")}, []string{`metadata "shop"|"east"|none`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			tt.row.Name = "x"
			var got []string
			for _, d := range append(tt.row.answer(tt.call), tt.row.result(tt.call)...) {
				got = append(got, d.what+"|"+d.want+"|"+d.got)
			}
			is.Equal(got, tt.want)
			is.Equal(len(tt.row.faults("order-7", tt.call)), len(tt.want))
		})
	}
}

func meta(key, value string) ergon.Metadata {
	return ergon.MetadataOf(map[string]any{key: value})
}

func TestTheMessageOfARow(t *testing.T) {
	is := is.New(t)
	row := Row[string, []int]{Name: "two numbers", In: "7 8", Want: []int{7, 8}}
	faults := row.faults("order-7", fed[ergon.Transaction[[]int]]{out: ergon.NewTransaction("order-7", []int{7})})
	is.Equal(faults, []string{"case \"two numbers\", transaction \"order-7\": value\n\twant: [7 8]\n\tgot:  [7]"})
}
