package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

func parse(_ context.Context, text string) (int, error) {
	n, err := strconv.Atoi(text)
	return n, ergon.Business(err)
}

func ExampleFrom() {
	var got sink.Collect[int]
	err := pipeline.From(source.Slice([]string{"1", "2"}), pipeline.Named("numbers")).
		Map(parse).
		To(&got).
		Run(context.Background())
	fmt.Println(got.Payloads(), err)
	// Output: [1 2] <nil>
}

func ExampleFlow_Map() {
	var got sink.Collect[string]
	double := func(_ context.Context, n int) (int, error) { return 2 * n, nil }
	show := func(_ context.Context, n int) (string, error) { return fmt.Sprintf("<%d>", n), nil }
	_ = pipeline.From(source.Slice([]string{"1", "2"})).Map(parse).Map(double).Map(show).To(&got).Run(context.Background())
	fmt.Println(got.Payloads())
	// Output: [<2> <4>]
}

func ExampleFlow_Transform() {
	var got sink.Collect[string]
	stamp := func(_ context.Context, tx ergon.Transaction[string]) (ergon.Transaction[string], error) {
		return tx.With(strings.ToUpper(tx.Payload())).WithMeta("shop", "Graz"), nil
	}
	_ = pipeline.From(source.Slice([]string{"tea"})).Transform(stamp).To(&got).Run(context.Background())
	tx := got.Transactions()[0]
	shop, _ := tx.Metadata().Get[string]("shop")
	fmt.Println(tx.ID(), tx.Payload(), shop)
	// Output: slice:0 TEA Graz
}

func ExampleFlow_MapBatch() {
	var got sink.Collect[int]
	lookUp := func(_ context.Context, names []string) ([]int, error) {
		fmt.Println("one call for", names)
		lengths := make([]int, len(names))
		for i, name := range names {
			lengths[i] = len(name)
		}
		return lengths, nil
	}
	_ = pipeline.From(source.Slice([]string{"tea", "milk", "sugar"})).
		MapBatch(2, time.Second, lookUp).To(&got).Run(context.Background())
	fmt.Println(got.Payloads())
	// Output:
	// one call for [tea milk]
	// one call for [sugar]
	// [3 4 5]
}

func ExampleFlow_FlatMap() {
	var got sink.Collect[string]
	words := func(_ context.Context, line string) iter.Seq2[string, error] {
		return func(yield func(string, error) bool) {
			for word := range strings.FieldsSeq(line) {
				if !yield(word, nil) {
					return
				}
			}
		}
	}
	_ = pipeline.From(source.Slice([]string{"milk and", "tea"})).FlatMap(words).To(&got).Run(context.Background())
	for _, tx := range got.Transactions() {
		fmt.Println(tx.ID(), tx.Payload())
	}
	// Output:
	// slice:0/0 milk
	// slice:0/1 and
	// slice:1/0 tea
}

func ExampleFlow_Filter() {
	var got sink.Collect[int]
	p := pipeline.From(source.Slice([]int{1, 2, 3, 4})).
		Filter(func(n int) bool { return n%2 == 0 }).
		To(&got)
	_ = p.Run(context.Background())
	fmt.Println(got.Payloads(), p.Ledger().Dropped, "dropped")
	// Output: [2 4] 2 dropped
}

func ExampleFlow_Group() {
	var got sink.Collect[[]int]
	_ = pipeline.From(source.Slice([]int{1, 2, 3, 4, 5})).
		Group(2, time.Second).
		To(&got).Run(context.Background())
	fmt.Println(got.Payloads())
	// Output: [[1 2] [3 4] [5]]
}

func ExampleFlow_KeyBy() {
	var got sink.Collect[string]
	customer := func(tx ergon.Transaction[string]) string { return tx.Payload()[:1] }
	_ = pipeline.From(source.Slice([]string{"a1", "b1", "a2", "b2", "a3"})).
		KeyBy(customer).
		Map(func(_ context.Context, s string) (string, error) { return strings.ToUpper(s), nil }, stage.Workers(8)).
		To(&got).Run(context.Background())
	as := slices.DeleteFunc(got.Payloads(), func(s string) bool { return s[0] != 'A' })
	fmt.Println(as)
	// Output: [A1 A2 A3]
}

func ExampleFlow_Ordered() {
	var got sink.Collect[int]
	slowFirst := func(_ context.Context, n int) (int, error) {
		if n == 1 {
			time.Sleep(time.Millisecond)
		}
		return n, nil
	}
	_ = pipeline.From(source.Slice([]int{1, 2, 3})).
		Ordered().
		Map(slowFirst, stage.Workers(3)).
		To(&got).Run(context.Background())
	fmt.Println(got.Payloads())
	// Output: [1 2 3]
}

func ExampleFlow_Apply() {
	var got sink.Collect[int]
	numbers := func(f pipeline.Flow[string, string]) pipeline.Flow[string, int] {
		trim := func(_ context.Context, s string) (string, error) { return strings.TrimSpace(s), nil }
		return f.Map(trim, stage.Named("trim")).Map(parse, stage.Named("parse"))
	}
	_ = pipeline.From(source.Slice([]string{" 7 "})).Apply(numbers).To(&got).Run(context.Background())
	fmt.Println(got.Payloads())
	// Output: [7]
}

func ExampleFlow_Fork() {
	var archive sink.Collect[string]
	var numbers sink.Collect[int]
	err := pipeline.From(source.Slice([]string{"1", "2"})).Fork(
		func(f pipeline.Flow[string, string]) pipeline.Pipeline { return f.To(&archive) },
		func(f pipeline.Flow[string, string]) pipeline.Pipeline { return f.Map(parse).To(&numbers) },
	).Run(context.Background())
	fmt.Printf("%q %v %v\n", archive.Payloads(), numbers.Payloads(), err)
	// Output: ["1" "2"] [1 2] <nil>
}

func ExampleFlow_Route() {
	var small, large sink.Collect[int]
	size := func(n int) int {
		if n < 10 {
			return 0
		}
		return 1
	}
	_ = pipeline.From(source.Slice([]int{3, 30, 5})).Route(size,
		func(f pipeline.Flow[int, int]) pipeline.Pipeline { return f.To(&small) },
		func(f pipeline.Flow[int, int]) pipeline.Pipeline { return f.To(&large) },
	).Run(context.Background())
	fmt.Println(small.Payloads(), large.Payloads())
	// Output: [3 5] [30]
}

func ExampleFlow_To() {
	store := sink.Func(func(_ context.Context, txs []ergon.Transaction[int]) error {
		fmt.Println("stored", len(txs))
		return nil
	})
	_ = pipeline.From(source.Slice([]int{1, 2, 3})).
		To(store, stage.Batch(2, time.Second)).
		Run(context.Background())
	// Output:
	// stored 2
	// stored 1
}

func ExampleFlow_OnError() {
	var got sink.Collect[int]
	p := pipeline.From(source.Slice([]string{"1", "two", "3"})).
		Map(parse, stage.Named("parse")).
		OnError(func(_ context.Context, f ergon.Failure[string]) error {
			fmt.Println(f.Transaction.ID(), "failed in", f.Stage+":", f.Transaction.Payload())
			return ergon.Handled
		}).
		To(&got)
	err := p.Run(context.Background())
	fmt.Println(got.Payloads(), p.Ledger().Handled, err)
	// Output:
	// slice:1 failed in parse: two
	// [1 3] 1 <nil>
}

func ExampleFlow_DeadLetter() {
	var got sink.Collect[int]
	var rejected sink.Collect[string]
	err := pipeline.From(source.Slice([]string{"1", "two"})).
		Map(parse, stage.Named("parse")).
		DeadLetter(&rejected).
		To(&got).
		Run(context.Background())
	letter := rejected.Transactions()[0]
	where, _ := letter.Metadata().Get[string]("ergon.stage")
	fmt.Println(got.Payloads(), letter.Payload(), "rejected by", where, err)
	// Output: [1] two rejected by parse <nil>
}

func ExampleFlow_DeadLetterAs() {
	var got sink.Collect[int]
	var rejected sink.Collect[string]
	reason := func(f ergon.Failure[string]) string { return f.Stage + " refused " + f.Transaction.Payload() }
	_ = pipeline.From(source.Slice([]string{"two"})).
		Map(parse, stage.Named("parse")).
		DeadLetterAs(reason, &rejected).
		To(&got).
		Run(context.Background())
	fmt.Println(rejected.Payloads()[0])
	// Output: parse refused two
}

func ExampleFlow_OnSuccess() {
	var got sink.Collect[int]
	_ = pipeline.From(source.Slice([]string{"1", "2"})).
		Map(parse).
		OnSuccess(func(_ context.Context, tx ergon.Transaction[string]) error {
			fmt.Println("stored:", tx.Payload())
			return nil
		}).
		To(&got).Run(context.Background())
	// Output:
	// stored: 1
	// stored: 2
}

func ExamplePipeline_Validate() {
	err := pipeline.From(source.Slice([]int{1})).
		Map(func(_ context.Context, n int) (int, error) { return n, nil }, stage.Workers(0)).
		To(nil).
		Validate()
	fmt.Println(errors.Is(err, ergon.ErrConfig))
	fmt.Println(err)
	// Output:
	// true
	// stage 1 Map("map"): Workers = 0: must be at least 1; leave it out for the default
	// stage 2 To("sink"): the sink is nil
}
