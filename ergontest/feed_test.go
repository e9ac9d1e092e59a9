package ergontest

import (
	"context"
	"errors"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
)

func number(_ context.Context, text string) (int, error) {
	switch text {
	case "panic":
		panic("no number")
	case "goexit":
		runtime.Goexit()
	}
	n, err := strconv.Atoi(text)
	return n, ergon.Business(err)
}

func texts(payloads ...string) []ergon.Transaction[string] {
	var txs []ergon.Transaction[string]
	for i, payload := range payloads {
		txs = append(txs, ergon.Numbered("test", int64(i), payload))
	}
	return txs
}

func TestFeedReturnsResultsAndErrorsByIndex(t *testing.T) {
	is := is.New(t)
	got, errs := Feed(t, number, texts("7", "seven", "panic", "goexit", "8")...)
	is.Equal(got, []int{7, 0, 0, 0, 8})
	is.NoErr(errs[0])
	is.True(errors.Is(errs[1], strconv.ErrSyntax))
	var p *ergon.PanicError
	is.True(errors.As(errs[2], &p) && p.Value == "no number")
	is.True(errors.Is(errs[3], ergon.ErrGoexit))
	is.NoErr(errs[4])
}

func TestFeedOfNothing(t *testing.T) {
	is := is.New(t)
	got, errs := Feed(t, number)
	is.Equal(len(got), 0)
	is.Equal(len(errs), 0)
}

func TestFeedTransformSeesAndReturnsMetadata(t *testing.T) {
	is := is.New(t)
	louder := func(_ context.Context, tx ergon.Transaction[string]) (ergon.Transaction[int], error) {
		shop, _ := tx.Metadata().Get[string]("shop")
		return tx.With(len(tx.Payload())).WithMeta("shop", shop+"!"), nil
	}
	got, errs := FeedTransform(t, louder, ergon.NewTransaction("order-7", "two").WithMeta("shop", "east"))
	is.NoErr(errors.Join(errs...))
	shop, _ := got[0].Metadata().Get[string]("shop")
	is.Equal(shop, "east!")
	is.Equal(got[0].ID(), "order-7")
	is.Equal(got[0].Payload(), 3)
}

func TestFeedEndsTheContextOfACallThatTakesTooLong(t *testing.T) {
	is := is.New(t)
	slow := func(ctx context.Context, _ string) (time.Duration, error) {
		began := time.Now()
		<-ctx.Done()
		return time.Since(began), context.Cause(ctx)
	}
	got, errs := Feed(t, slow, texts("7")...)
	is.Equal(got[0], time.Minute)
	is.True(errors.Is(errs[0], pipeline.ErrAttemptTimeout))
}

func TestFeedFails(t *testing.T) {
	tests := []struct {
		name     string
		fn       func(context.Context, string) (int, error)
		faults   []string
		wantErrs []error
	}{
		{"a call that never returns", func(_ context.Context, text string) (int, error) {
			if text == "7" {
				select {}
			}
			return 0, nil
		}, []string{`transaction "test:1": the call has not returned within 24h0m0s`, "a goroutine is left"}, []error{nil, errHangs, errNotFed}},
		{"a goroutine that is left", func(ctx context.Context, text string) (int, error) {
			if text == "7" {
				go func() { select {} }()
			}
			return 0, nil
		}, []string{"a goroutine is left"}, []error{nil, nil, nil}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			var faults []string
			_, errs := results(feed(t, func(f []string) { faults = f }, ofPayload(tt.fn), texts("6", "7", "8")))
			is.True(found(faults, tt.faults...))
			is.Equal(errs, tt.wantErrs)
		})
	}
}
