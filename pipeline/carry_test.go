package pipeline_test

import (
	"bytes"
	"context"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/lab"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
)

// whoami returns the number of the calling goroutine.
func whoami() string {
	var head [32]byte
	line, _, _ := bytes.Cut(head[:runtime.Stack(head[:], false)], []byte(" ["))
	return string(line)
}

// carried runs two stages, of which the second is given what it is to do with
// each value, under a load that lets workers carry on what they have made. It
// returns how often the second went on in the goroutine of the first.
func carried(t *testing.T, second func(v int) error) (l ergon.Ledger, times int) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		by := map[int]string{}
		p := pipeline.From(source.Slice([]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9})).
			Map(func(_ context.Context, v int) (int, error) {
				time.Sleep(time.Second)
				mu.Lock()
				defer mu.Unlock()
				by[v] = whoami()
				if v == 9 { // so that what is carried on is not all there is to do
					return v, errBoom
				}
				return v, nil
			}).
			Map(func(_ context.Context, v int) (int, error) {
				mu.Lock()
				if by[v] == whoami() {
					times++
				}
				mu.Unlock()
				return v, second(v)
			}).
			OnError(func(context.Context, ergon.Failure[int]) error { return ergon.Handled }).
			To(sink.Discard[int]())
		ctx := lab.With(t.Context(), &lab.Lab{Slab: func() int { return 4 }})
		is.New(t).NoErr(p.Run(ctx))
		l = p.Ledger()
	})
	return l, times
}

// A worker that has made something carries it on where the next has nothing to
// do; whatever the code further down does, it harms nobody but its own item.
func TestWhatIsCarriedOnIsSafe(t *testing.T) {
	for _, c := range []struct {
		name   string
		second func(v int) error
		wanted ergon.Ledger
	}{
		{"all is well", func(int) error { return nil }, ergon.Ledger{Fetched: 10, Succeeded: 9, Handled: 1}},
		{"an error", func(v int) error {
			if v == 5 {
				return errBoom
			}
			return nil
		}, ergon.Ledger{Fetched: 10, Succeeded: 8, Handled: 2}},
		{"a panic", func(v int) error {
			if v == 5 {
				panic("no")
			}
			return nil
		}, ergon.Ledger{Fetched: 10, Succeeded: 8, Handled: 2}},
		{"the end of the goroutine", func(v int) error {
			if v%3 == 2 {
				runtime.Goexit()
			}
			return nil
		}, ergon.Ledger{Fetched: 10, Succeeded: 6, Handled: 4}},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			ledger, times := carried(t, c.second)
			is.Equal(ledger, c.wanted)
			is.True(times > 1)
		})
	}
}
