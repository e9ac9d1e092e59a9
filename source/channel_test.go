package source_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/source"
)

func ExampleChan() {
	readings := make(chan float64, 2)
	readings <- 20.5
	readings <- 21.0
	close(readings)
	txs, err := source.Chan(readings).Fetch(context.Background(), 10)
	fmt.Println(len(txs), txs[0].Payload(), err)
	// Output: 2 20.5 EOF
}

func TestChanTakesWhatIsReadyUpToMax(t *testing.T) {
	is := is.New(t)
	ch := make(chan int, 5)
	for i := range 5 {
		ch <- i
	}
	s := source.Chan(ch)
	for _, want := range [][]int{{0, 1}, {2, 3}, {4}} {
		txs, err := s.Fetch(t.Context(), 2)
		is.NoErr(err)
		is.Equal(payloads(txs), want)
		is.Equal(txs[0].ID(), "") // has no position
	}
	close(ch)
	_, err := s.Fetch(t.Context(), 2)
	is.True(eof(err))
}

func TestChanWaitsForOneItemOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		ch := make(chan int)
		go func() { ch <- 7 }()
		txs, err := source.Chan(ch).Fetch(t.Context(), 10)
		is.NoErr(err)
		is.Equal(payloads(txs), []int{7})
	})
}

func TestChanReturnsWhenTheContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() {
			_, err := source.Chan(make(chan int)).Fetch(ctx, 1)
			done <- err
		}()
		synctest.Wait()
		cancel()
		is.True(errors.Is(<-done, context.Canceled))
	})
}

func TestChanTakesNothingOnceTheContextHasEnded(t *testing.T) {
	is := is.New(t)
	ch := make(chan int, 1)
	ch <- 1
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 100 {
		txs, err := source.Chan(ch).Fetch(ctx, 1)
		is.True(errors.Is(err, context.Canceled))
		is.Equal(len(txs), 0)
	}
	is.Equal(len(ch), 1)
}

func TestANilChannelIsAFault(t *testing.T) {
	checkFaults(t, source.Chan[int](nil), "source.Chan: channel: is nil")
}
