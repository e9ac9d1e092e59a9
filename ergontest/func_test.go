package ergontest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
)

func TestFunc(t *testing.T) {
	Func(t, number, []Call[string, int]{
		{Name: "a number", In: "7", Want: 7, Attempts: 1},
		{Name: "a number that is not checked", In: "8"},
		{Name: "no number", In: "seven", Err: strconv.ErrSyntax, Steering: ergon.SteerBusiness, Category: ergon.CategoryBusiness, Verdict: ergon.DeadLettered},
		{Name: "a panic", In: "panic", Fails: true, Verdict: ergon.Returned},
		{Name: "a panic, tried again", In: "panic", Fails: true, Retry: retry.Policy{MaxAttempts: 4}, Attempts: 4},
		{Name: "an end of the goroutine", In: "goexit", Err: ergon.ErrGoexit},
		{Name: "what is not tried again", In: "seven", Retry: retry.Policy{MaxAttempts: 4}, Err: strconv.ErrSyntax, Attempts: 1},
	}...)
}

func TestFuncTransform(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	slowly := func(_ context.Context, tx ergon.Transaction[string]) (ergon.Transaction[int], error) {
		time.Sleep(time.Hour)
		return tx.With(len(tx.Payload())).WithMeta("id", tx.ID()), nil
	}
	FuncTransform(t, slowly, []Call[string, int]{
		{
			Name: "everything is set", In: "seven", ID: "order-7", Metadata: ergon.MetadataOf(map[string]any{"shop": "east", "at": at}),
			Want: 5, WantMetadata: ergon.MetadataOf(map[string]any{"shop": "east", "id": "order-7", "at": at}), Took: time.Hour,
		},
		{Name: "an id of its own", In: "seven", WantMetadata: ergon.MetadataOf(map[string]any{"id": "test:1"})},
	}...)
}

// callsTwice asks two services, one after the other, in its bubble.
func callsTwice(f *Fakes) func(context.Context, int) (int, error) {
	first := f.Fake("first", func(_ context.Context, n int) (int, error) { return n + 1, nil })
	second := f.Fake("second", func(_ context.Context, n int) (int, error) { return 10 * n, nil })
	turn := make(chan struct{}, 1)
	return func(ctx context.Context, n int) (int, error) {
		turn <- struct{}{}
		defer func() { <-turn }()
		n, err := first(ctx, n)
		if err != nil {
			return 0, err
		}
		return second(ctx, n)
	}
}

func TestFuncWithFaults(t *testing.T) {
	patiently := retry.Policy{MaxAttempts: 3, Backoff: time.Second, AttemptTimeout: 10 * time.Second}
	FuncWith(t, callsTwice, []Call[int, int]{
		{Name: "all is well", In: 1, Want: 20, Calls: map[string]int{"first": 1, "second": 1}},
		{Name: "one is down for a while", In: 1, Want: 20, Retry: patiently, Faults: []Fault{At("second").Errors(errTest, errTest)},
			Calls: map[string]int{"first": 3, "second": 3}, Attempts: 3, Took: 3 * time.Second},
		{Name: "one is down", In: 1, Faults: []Fault{At("first", 0).Always(errTest)}, Err: errTest, Calls: map[string]int{"second": 0}},
		{Name: "one is slow", In: 1, Want: 20, Faults: []Fault{At("first").Slow(30 * time.Second)}, Took: 30 * time.Second},
		{Name: "one is too slow", In: 1, Retry: patiently, Faults: []Fault{At("first").Slow(time.Hour).Times(0)}, Category: ergon.CategoryTimeout,
			Err: pipeline.ErrAttemptTimeout, Took: (10 + 1 + 10 + 2 + 10) * time.Second},
		{Name: "one is deaf", In: 1, Want: 20, Retry: patiently, Faults: []Fault{At("first").Deaf(time.Hour)}, Took: time.Hour, Attempts: 1},
		{Name: "one panics", In: 1, Want: 20, Retry: patiently, Faults: []Fault{At("second").Panics("x")}, Attempts: 2},
		{Name: "a reply is lost", In: 1, Want: 20, Retry: patiently, Faults: []Fault{At("second").StoredBut(errTest)}, Calls: map[string]int{"second": 2}},
		{Name: "what need not come about", In: 1, Faults: []Fault{At("second", 0).Errors(nil, errTest).Maybe()}},
	}...)
}

func TestACallFails(t *testing.T) {
	tests := []struct {
		name string
		call Call[int, int]
		want string
	}{
		{"another value", Call[int, int]{Name: "x", In: 1, Want: 21}, "call \"x\", transaction \"test:3\": 1\n\tvalue\n\t\twant: 21\n\t\tgot:  20"},
		{"its attempts", Call[int, int]{Want: 21, Retry: retry.Policy{MaxAttempts: 2}, Faults: []Fault{At("first").Errors(errTest)}},
			"what happened:\n\t\t0s       the function: no connection\n\t\t0s       first (fake): no connection  <- [At(\"first\").Errors(no connection)]\n\t\t100ms    the function, attempt 2: ok"},
		{"other attempts", Call[int, int]{Attempts: 2}, "attempts\n\t\twant: 2\n\t\tgot:  1"},
		{"other calls", Call[int, int]{Calls: map[string]int{"first": 0}}, "calls of \"first\"\n\t\twant: 0\n\t\tgot:  1"},
		{"another fake", Call[int, int]{Calls: map[string]int{"third": 0}}, `Calls: there is no fake "third", only ["first" "second"]`},
		{"a fault elsewhere", Call[int, int]{Faults: []Fault{At("third").Panics(1)}}, `At("third").Panics(1): there is no fake "third"`},
		{"a fault of another", Call[int, int]{Faults: []Fault{At("first", 1).Panics(1)}}, `there is no transaction 1, but 1 of them, from 0`},
		{"a fault that never comes about", Call[int, int]{Faults: []Fault{At("second").Panics(1), At("first").Always(errTest)}, Err: errTest}, `At("second").Panics(1) never came about`},
		{"a stop", Call[int, int]{Faults: []Fault{At("first").Stop()}}, `At("first").Stop(): there is no run here that could end, but a call`},
		{"a policy that is none", Call[int, int]{Retry: retry.Policy{Backoff: -1}}, "Backoff"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			build := func(f *Fakes) transform[int, int] {
				fn := callsTwice(f)
				return func(ctx context.Context, tx ergon.Transaction[int]) (ergon.Transaction[int], error) {
					out, err := fn(ctx, tx.Payload())
					return tx.With(out), err
				}
			}
			funcCall(t, func(f []string) { got = f }, tt.call, 3, build)
			if text := strings.Join(got, "\n"); !strings.Contains(text, tt.want) {
				t.Errorf("want %s\nin %s", tt.want, text)
			}
		})
	}
}

func TestWhatACallDoesNotWantIsShown(t *testing.T) {
	type answer = fed[ergon.Transaction[string]]
	value := func(s string) ergon.Transaction[string] { return ergon.NewTransaction("order-7", s) }
	business := ergon.Business(errTest)
	tests := []struct {
		name string
		row  Call[int, string]
		call answer
		want []string
	}{
		{name: "nothing is checked, nothing is wrong"},
		{"the value", Call[int, string]{Want: "a"}, answer{out: value("a")}, nil},
		{"another value", Call[int, string]{Want: "a"}, answer{out: value("b")}, []string{`value|"a"|"b"`}},
		{"an error that nobody wants", Call[int, string]{}, answer{err: errTest}, []string{"error|no error|no connection"}},
		{"an error instead of a value", Call[int, string]{Want: "a"}, answer{err: errTest}, []string{"error|no error|no connection"}},
		{"any error", Call[int, string]{Fails: true}, answer{err: errTest}, nil},
		{"no error at all", Call[int, string]{Fails: true}, answer{}, []string{"error|an error|no error"}},
		{"the error, wrapped", Call[int, string]{Err: errTest}, answer{err: fmt.Errorf("store: %w", errTest)}, nil},
		{"another error", Call[int, string]{Err: errTest}, answer{err: errors.New("full")}, []string{"error|no connection|full"}},
		{"not the error", Call[int, string]{Err: errTest}, answer{}, []string{"error|no connection|no error"}},
		{"the steering", Call[int, string]{Steering: ergon.SteerBusiness}, answer{err: business}, nil},
		{"another steering", Call[int, string]{Steering: ergon.SteerDrop}, answer{err: business}, []string{"steering|drop|business error"}},
		{"no steering", Call[int, string]{Steering: ergon.SteerDrop}, answer{}, []string{"error|an error that asks for drop|no error"}},
		{"the category", Call[int, string]{Category: ergon.CategoryTimeout}, answer{err: context.DeadlineExceeded}, nil},
		{"another category", Call[int, string]{Category: ergon.CategoryTimeout}, answer{err: errTest}, []string{"category|timeout|system"}},
		{"no category", Call[int, string]{Category: ergon.CategoryTimeout}, answer{}, []string{"error|an error of category timeout|no error"}},
		{"another verdict", Call[int, string]{Verdict: ergon.DeadLettered}, answer{err: errTest}, []string{"verdict|dead-lettered|returned"}},
		{"no verdict", Call[int, string]{Verdict: ergon.Returned}, answer{}, []string{"error|an error that ends returned|no error"}},
		{"released", Call[int, string]{Verdict: ergon.Released}, answer{err: ergon.Fatal(errTest)}, nil},
		{"dropped is acked", Call[int, string]{Verdict: ergon.Returned}, answer{err: ergon.Drop("old")}, []string{"verdict|returned|acked"}},
		{"the time", Call[int, string]{Took: time.Second}, answer{took: time.Second}, nil},
		{"another time", Call[int, string]{Took: time.Second}, answer{took: time.Hour}, []string{"time taken|1s|1h0m0s"}},
		{"metadata", Call[int, string]{WantMetadata: meta("shop", "east")}, answer{out: value("a").WithMeta("shop", "east").WithMeta("n", 1)}, nil},
		{"other metadata", Call[int, string]{WantMetadata: meta("shop", "east")}, answer{out: value("a").WithMeta("shop", "west")}, []string{`metadata "shop"|"east"|"west"`}},
		{"no metadata", Call[int, string]{WantMetadata: meta("shop", "east")}, answer{out: value("a")}, []string{`metadata "shop"|"east"|none`}},
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
		})
	}
}

func meta(key, value string) ergon.Metadata {
	return ergon.MetadataOf(map[string]any{key: value})
}
