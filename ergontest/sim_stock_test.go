package ergontest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/stage"
)

// stock is a pipeline that is simulated. Between them they have every feature.
type stock struct {
	name   string
	build  func(*World[int]) pipeline.Pipeline
	config SimConfig[int]
}

var (
	stockRetry  = stage.Retry(retry.Policy{MaxAttempts: 4, Backoff: 500 * time.Millisecond, AttemptTimeout: 20 * time.Second})
	stockPolicy = pipeline.Policy{InFlight: 20, FetchBatch: 7, MaxDeliveries: 6, Drain: 30 * time.Second}
)

func stockFrom(w *World[int], p pipeline.Policy) pipeline.Flow[int, int] {
	return pipeline.From(w.Source, pipeline.Named("stock"), pipeline.With(p))
}

func stockText(_ context.Context, i int) (string, error) { return fmt.Sprint("n", i), nil }

func stockKey(i int) string { return fmt.Sprint("key", i%5) }

// stockSplit makes up to three of one, and asks a service for each.
func stockSplit(w *World[int], name string) func(context.Context, int) iter.Seq2[string, error] {
	ask := w.Fake(name, stockText)
	return func(ctx context.Context, i int) iter.Seq2[string, error] {
		return func(yield func(string, error) bool) {
			for k := range i % 4 {
				text, err := ask(ctx, 10*i+k)
				if !yield(text, err) {
					return
				}
			}
		}
	}
}

func stockPipelines() []stock {
	number := func(i int) int { return i }
	numbers, keyed := SimConfig[int]{Make: number}, SimConfig[int]{Make: number, Key: stockKey}
	logged := SimConfig[int]{Make: number, Broker: LogBroker}
	return []stock{
		{"batch", stockBatch, numbers},
		{"plain", stockPlain, numbers},
		{"fork", stockFork, numbers},
		{"split", stockFlat, numbers},
		{"ordered", stockOrdered, numbers},
		{"ordered split", stockOrderedSplit, numbers},
		{"keyed", stockKeyed, keyed},
		{"group", stockGroup, numbers},
		{"bulk", stockBulk, numbers},
		{"handled", stockHandled, numbers},
		{"log", stockLog, logged},
	}
}

func stockBatch(w *World[int]) pipeline.Pipeline {
	return stockFrom(w, stockPolicy).
		Map(w.Fake("directory", stockText), stage.Workers(4), stockRetry).
		Filter(func(s string) bool { return s[len(s)-1] != '7' }).
		DeadLetter(w.Dead).
		To(w.Sink[string]("rows"), stage.Batch(5, 2*time.Minute)) // longer than any drain
}

func stockPlain(w *World[int]) pipeline.Pipeline {
	return stockFrom(w, pipeline.Policy{InFlight: 5, FetchBatch: 3, Drain: 5 * time.Second, Grace: time.Second}).
		To(w.Sink[int]("rows"))
}

func stockFork(w *World[int]) pipeline.Pipeline {
	type way = pipeline.Flow[int, string]
	return stockFrom(w, stockPolicy).
		Map(stockText, stage.Workers(3), stockRetry).
		DeadLetter(w.Dead, stage.Batch(3, time.Second)).
		Fork(
			func(f way) pipeline.Pipeline { return f.To(w.Sink[string]("all"), stage.Batch(4, time.Second)) },
			func(f way) pipeline.Pipeline {
				return f.Map(func(_ context.Context, s string) (string, error) { return s + "!", nil }, stage.Workers(2), stockRetry).
					Route(func(s string) int { return len(s) % 2 },
						func(f way) pipeline.Pipeline { return f.To(w.Sink[string]("even")) },
						func(f way) pipeline.Pipeline {
							return f.Filter(func(s string) bool { return s != "n12!" }).To(w.Sink[string]("odd"), stage.Workers(2))
						})
			},
			func(f way) pipeline.Pipeline { return f.To(w.Sink[string]("spare"), stage.BestEffort()) },
		)
}

func stockFlat(w *World[int]) pipeline.Pipeline {
	return stockFrom(w, stockPolicy).
		FlatMap(stockSplit(w, "service"), stage.Workers(3), stockRetry).
		Map(func(_ context.Context, s string) (string, error) { return s, nil }, stage.Workers(2), stockRetry).
		To(w.Sink[string]("rows"), stage.Batch(3, time.Second), stage.Workers(2))
}

func stockOrdered(w *World[int]) pipeline.Pipeline {
	return stockFrom(w, stockPolicy).
		Ordered().
		Map(stockText, stage.Workers(5), stockRetry).
		Filter(func(s string) bool { return s[len(s)-1] != '3' }).
		Map(func(_ context.Context, s string) (string, error) { return s, nil }, stage.Workers(3), stockRetry).
		DeadLetter(w.Dead).
		To(w.Sink[string]("rows"), stage.Batch(3, time.Second))
}

func stockOrderedSplit(w *World[int]) pipeline.Pipeline {
	return stockFrom(w, stockPolicy).
		Ordered().
		FlatMap(stockSplit(w, "service"), stage.Workers(4), stockRetry).
		MapBatch(3, time.Second, func(_ context.Context, all []string) ([]string, error) { return append([]string(nil), all...), nil },
			stage.Workers(2), stockRetry).
		To(w.Sink[string]("rows"))
}

func stockKeyed(w *World[int]) pipeline.Pipeline {
	return stockFrom(w, stockPolicy).
		KeyBy(func(tx ergon.Transaction[int]) string { return stockKey(tx.Payload()) }).
		Map(stockText, stage.Workers(6), stockRetry).
		Map(func(_ context.Context, s string) (string, error) { return s, nil }, stage.Workers(2), stockRetry).
		DeadLetter(w.Dead, stage.Retry(retry.Policy{MaxAttempts: 2})).
		To(w.Sink[string]("rows"), stage.Workers(3), stage.Batch(2, time.Second))
}

func stockGroup(w *World[int]) pipeline.Pipeline {
	return stockFrom(w, stockPolicy).
		Map(stockText, stage.Workers(3), stockRetry).
		Group(4, time.Second).
		Map(func(_ context.Context, all []string) (int, error) { return len(all), nil }, stage.Workers(2), stockRetry).
		DeadLetter(w.Dead).
		To(w.Sink[int]("sums"), stage.Batch(2, time.Second))
}

func stockBulk(w *World[int]) pipeline.Pipeline {
	return stockFrom(w, stockPolicy).
		MapBatch(5, time.Second, func(_ context.Context, all []int) ([]string, error) {
			texts := make([]string, len(all))
			errs := make(ergon.ItemErrors, len(all))
			for i, n := range all {
				texts[i] = fmt.Sprint(n)
				if n == 17 {
					errs[i] = ergon.Business(errors.New("17"))
				}
			}
			return texts, errs
		}, stage.Workers(3), stockRetry).
		OnError(func(context.Context, ergon.Failure[int]) error { return nil }).
		DeadLetterAs(func(f ergon.Failure[int]) int { return f.Transaction.Payload() }, w.Dead, stage.Batch(3, 5*time.Second)).
		OnSuccess(func(context.Context, ergon.Transaction[int]) error { return nil }, stage.Workers(2)).
		To(w.Sink[string]("rows"), stage.Batch(10, 3*time.Second))
}

func stockHandled(w *World[int]) pipeline.Pipeline {
	seen := w.Fake("report", func(context.Context, int) (int, error) { return 0, nil })
	return stockFrom(w, stockPolicy).
		Map(func(ctx context.Context, i int) (string, error) {
			switch i % 11 {
			case 3:
				return "", ergon.Business(errors.New("three"))
			case 5:
				return "", ergon.Drop("five")
			}
			return stockText(ctx, i)
		}, stage.Workers(3), stockRetry).
		OnError(func(ctx context.Context, f ergon.Failure[int]) error {
			if _, err := seen(ctx, f.Transaction.Payload()); err != nil {
				return fmt.Errorf("report: %w", err)
			}
			if f.Transaction.Payload()%2 == 1 && f.Category == ergon.CategoryBusiness {
				return ergon.Handled
			}
			return nil
		}).
		OnSuccess(func(context.Context, ergon.Transaction[int]) error { return nil }).
		DeadLetter(w.Dead, stage.Workers(2)).
		To(w.Sink[string]("rows"), stage.Workers(2))
}

func stockLog(w *World[int]) pipeline.Pipeline {
	patient := stage.Retry(retry.Policy{MaxAttempts: retry.Unlimited, BackoffCap: 10 * time.Second, AttemptTimeout: 20 * time.Second})
	return stockFrom(w, stockPolicy).
		Map(stockText, stage.Workers(4), patient).
		FlatMap(func(_ context.Context, s string) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) { _ = yield(s+"a", nil) && yield(s+"b", nil) }
		}, patient).
		To(w.Sink[string]("rows"), stage.Batch(4, time.Second), stage.Workers(2))
}
