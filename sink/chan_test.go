package sink_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/sink"
)

func TestChanBlocksUntilEverythingIsTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		ch, start := make(chan int), time.Now()
		var got []int
		var reader sync.WaitGroup
		reader.Go(func() {
			for range 3 {
				time.Sleep(time.Minute)
				got = append(got, <-ch)
			}
		})
		is.NoErr(sink.Chan(ch).Dispatch(t.Context(), txs(1, 2, 3)))
		is.Equal(time.Since(start), 3*time.Minute)
		reader.Wait()
		is.Equal(got, []int{1, 2, 3})
	})
}

func TestChanKeepsWhatWasSentBeforeItsContextEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		enough := errors.New("enough")
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Hour, enough)
		defer cancel()
		ch := make(chan int, 2)
		err := sink.Chan(ch).Dispatch(ctx, txs(1, 2, 3, 4))
		is.Equal(err, ergon.ItemErrors{nil, nil, enough, enough})
		is.Equal(len(ch), 2)
	})
}

func TestChanSendsNothingOnceItsContextHasEnded(t *testing.T) {
	is := is.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 50 { // select would take either
		ch := make(chan int, 1)
		err := sink.Chan(ch).Dispatch(ctx, txs(1))
		is.Equal(err, ergon.ItemErrors{context.Canceled})
		is.Equal(len(ch), 0)
	}
}

func TestChanThatSomebodyClosedEndsTheRun(t *testing.T) {
	is := is.New(t)
	ch := make(chan int)
	close(ch)
	err := sink.Chan(ch).Dispatch(t.Context(), txs(1, 2))
	is.Equal(texts(err), []string{sink.ErrChanClosed.Error(), sink.ErrChanClosed.Error()})
	steering, _ := ergon.SteeringOf(err.(ergon.ItemErrors)[0])
	is.Equal(steering, ergon.SteerFatal)
	is.True(errors.Is(err, sink.ErrChanClosed))
}

func TestChanThatIsNilIsRefused(t *testing.T) {
	refused(t, sink.Chan[int](nil), "sink.Chan: to: is nil")
}

func ExampleChan() {
	results := make(chan string, 2)
	s := sink.Chan(results)
	err := s.Dispatch(context.Background(), []ergon.Transaction[string]{
		ergon.NewTransaction("1", "hello"), ergon.NewTransaction("2", "world"),
	})
	fmt.Println(<-results, <-results, err)
	// Output: hello world <nil>
}
