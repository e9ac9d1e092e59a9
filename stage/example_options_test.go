package stage_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

func double(_ context.Context, n int) (int, error) { return 2 * n, nil }

func ExampleFunc_Then() {
	parse := stage.Func[string, int](func(_ context.Context, s string) (int, error) { return strconv.Atoi(s) })
	var got sink.Collect[int]
	_ = pipeline.From(source.Slice([]string{"3"})).Map(parse.Then(double)).To(&got).Run(context.Background())
	fmt.Println(got.Payloads())
	// Output: [6]
}

func ExampleNamed() {
	p := pipeline.From(source.Slice([]int{1})).Map(double, stage.Named("price")).To(sink.Discard[int](), stage.Named("invoices"))
	fmt.Print(p.Topology())
	// Output:
	// pipeline "pipeline"
	//   source -> price
	//   price [map] -> invoices
	//   invoices [sink]
}

func ExampleWorkers() {
	both := make(chan struct{})
	meet := func(_ context.Context, n int) (int, error) {
		select { // two calls meet, or both would wait for ever
		case both <- struct{}{}:
		case <-both:
		}
		return n, nil
	}
	err := pipeline.From(source.Slice([]int{1, 2})).Map(meet, stage.Workers(2)).To(sink.Discard[int]()).Run(context.Background())
	fmt.Println(err)
	// Output: <nil>
}

func ExampleBuffer() {
	p := pipeline.From(source.Slice([]int{1, 2, 3})).
		Map(double, stage.Buffer(1)). // one may wait in front of it
		To(sink.Discard[int]())
	fmt.Println(p.Run(context.Background()), p.Ledger().Succeeded)
	// Output: <nil> 3
}

func ExampleRetry() {
	patiently := retry.Policy{MaxAttempts: 5, Backoff: time.Microsecond}
	calls := 0
	flaky := func(_ context.Context, n int) (int, error) {
		if calls++; calls < 3 {
			return 0, errors.New("not yet")
		}
		return n, nil
	}
	p := pipeline.From(source.Slice([]int{1})).Map(flaky, stage.Retry(patiently)).To(sink.Discard[int]())
	fmt.Println(p.Run(context.Background()), calls, "calls,", p.Ledger().Retries, "retries")
	// Output: <nil> 3 calls, 2 retries
}

// turnstile is a Limiter that counts; *rate.Limiter fits in its place.
type turnstile struct{ calls int }

func (t *turnstile) Wait(context.Context) error { t.calls++; return nil }

func ExampleLimit() {
	limiter := &turnstile{}
	_ = pipeline.From(source.Slice([]int{1, 2, 3})).
		Map(double, stage.Limit(limiter)).
		To(sink.Discard[int]()).Run(context.Background())
	fmt.Println(limiter.calls, "calls were let through")
	// Output: 3 calls were let through
}

func ExampleClassify() {
	errNoCustomer := errors.New("no customer") // of a package that knows nothing of ergon
	find := func(context.Context, int) (int, error) { return 0, errNoCustomer }
	fault := func(err error) ergon.Category {
		if errors.Is(err, errNoCustomer) {
			return ergon.CategoryBusiness
		}
		return ergon.CategorySystem
	}
	var rejected sink.Collect[int]
	_ = pipeline.From(source.Slice([]int{7})).
		Map(find, stage.Classify(fault), stage.Retry(retry.Policy{})).
		DeadLetter(&rejected).To(sink.Discard[int]()).Run(context.Background())
	reason, _ := rejected.Transactions()[0].Metadata().Get[string]("ergon.reason")
	fmt.Println(rejected.Payloads(), reason)
	// Output: [7] no customer
}

func ExampleBatch() {
	store := sink.Func(func(_ context.Context, txs []ergon.Transaction[int]) error {
		fmt.Println(len(txs), "in one call")
		return nil
	})
	_ = pipeline.From(source.Slice([]int{1, 2, 3, 4, 5})).To(store, stage.Batch(3, time.Second)).Run(context.Background())
	// Output:
	// 3 in one call
	// 2 in one call
}

func ExampleBestEffort() {
	var invoices sink.Collect[int]
	broken := sink.Func(func(context.Context, []ergon.Transaction[int]) error { return errors.New("the dashboard is down") })
	p := pipeline.From(source.Slice([]int{1, 2})).Fork(
		func(f pipeline.Flow[int, int]) pipeline.Pipeline { return f.To(&invoices) },
		func(f pipeline.Flow[int, int]) pipeline.Pipeline { return f.To(broken, stage.BestEffort()) },
	)
	err := p.Run(context.Background())
	fmt.Println(invoices.Payloads(), p.Ledger().Succeeded, p.Ledger().BestEffort, err)
	// Output: [1 2] 2 2 <nil>
}

func ExampleResolve() {
	settings := stage.Resolve([]stage.Option{stage.Workers(2), stage.Named("price"), stage.Workers(8)})
	fmt.Println(settings.Name, settings.Policy.Workers)
	// Output: price 8
}

func ExampleSettings_Override() {
	settings := stage.Resolve([]stage.Option{stage.Workers(8), stage.Buffer(100)})
	fromFile := stage.Policy{Workers: 2}
	settings = settings.Override(fromFile)
	fmt.Println(settings.Policy.Workers, settings.Policy.Buffer)
	// Output: 2 100
}

func ExampleSettings_Validate() {
	settings := stage.Resolve([]stage.Option{stage.Workers(0), stage.Buffer(-1)})
	fmt.Println(settings.Validate("price"))
	// Output:
	// price: Workers = 0: must be at least 1; leave it out for the default
	// price: Buffer = -1: must be at least 1
}
