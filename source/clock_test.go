package source_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/source"
)

func ExampleTicker() {
	ctx := context.Background()
	ticks := source.Ticker(time.Millisecond)
	_ = ticks.Start(ctx)
	first, _ := ticks.Fetch(ctx, 10)
	second, _ := ticks.Fetch(ctx, 10)
	fmt.Println(len(first), second[0].Payload().Sub(first[0].Payload()) >= time.Millisecond)
	// Output: 1 true
}

func TestTickerTicksAtItsIntervalAndMissedTicksBecomeOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		begun := time.Now()
		s := source.Ticker(time.Minute, source.Named("cron"))
		is.NoErr(s.Start(t.Context()))
		tests := []struct {
			busy time.Duration // until the Fetch
			tick time.Duration // that it returns
			at   time.Duration // when it returns
		}{
			{0, 1 * time.Minute, 1 * time.Minute},
			{30 * time.Second, 2 * time.Minute, 2 * time.Minute},
			{150 * time.Second, 4 * time.Minute, 4*time.Minute + 30*time.Second},
			{0, 5 * time.Minute, 5 * time.Minute},
			{time.Minute, 6 * time.Minute, 6 * time.Minute},
		}
		for _, tt := range tests {
			time.Sleep(tt.busy)
			is.NoErr(s.Start(t.Context())) // changes nothing
			txs, err := s.Fetch(t.Context(), 10)
			is.NoErr(err)
			is.Equal(len(txs), 1)
			is.Equal(txs[0].Payload().Sub(begun), tt.tick)
			is.Equal(time.Since(begun), tt.at)
			is.Equal(txs[0].ID(), fmt.Sprintf("cron:%d", begun.Add(tt.tick).UnixNano()))
		}
	})
}

func TestTickerReturnsWhenTheContextEndsAndBeginsAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		s := source.Ticker(time.Hour)
		ctx, cancel := context.WithTimeout(t.Context(), 59*time.Minute)
		defer cancel()
		_, err := s.Fetch(ctx, 1)
		is.Equal(err, context.DeadlineExceeded)
		_, err = s.Fetch(ctx, 1)
		is.Equal(err, context.DeadlineExceeded)
		is.NoErr(s.Stop(t.Context()))
		is.NoErr(s.Start(t.Context()))
		restarted := time.Now()
		_, err = s.Fetch(t.Context(), 1)
		is.NoErr(err)
		is.Equal(time.Since(restarted), time.Hour)
	})
}

func TestTickerNeedsAnInterval(t *testing.T) {
	for _, every := range []time.Duration{0, -time.Second} {
		checkFaults(t, source.Ticker(every), "source.Ticker: interval = "+every.String()+": must be above 0")
	}
}
