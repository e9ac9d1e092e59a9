package sqlite

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/killing"
	"github.com/matryer/is"
)

func TestTwoProcessesShareAQueue(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "test.db")
	q := Queue(openedAt(t, path), "orders", String())
	const n = 500
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprint(i))
	}
	enqueued(t, q, texts(ids...)...)
	var children []*killing.Process
	for range 2 {
		p, err := killing.Start(t.Context(), "consume", path)
		is.NoErr(err)
		children = append(children, p)
	}
	times := map[string]int{}
	count := func(line killing.Line) {
		is.Equal(line.What, "fetched")
		for _, id := range line.About {
			times[id]++
		}
	}
	for _, p := range children { // each has leased something before either goes on
		line, ok := p.Next()
		is.True(ok)
		count(line)
	}
	for _, p := range children {
		is.NoErr(p.Say("go"))
	}
	for _, p := range children {
		for _, line := range p.Rest() {
			count(line)
		}
		is.NoErr(p.Wait())
	}
	is.Equal(len(times), n) // nothing is lost
	for id, k := range times {
		if k != 1 {
			t.Errorf("%s was delivered %d times", id, k)
		}
	}
	is.Equal(statsOf(t, q), Stats{})
}

func TestTwoHandlesOnOneFile(t *testing.T) {
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "test.db")
	clk := newClock()
	a := Queue(openedAt(t, path, clock(clk.now)), "orders", String())
	b := Queue(openedAt(t, path, clock(clk.now)), "orders", String())
	enqueued(t, a, texts("1", "2", "3")...)
	enqueued(t, b, texts("3", "4")...)
	is.Equal(idsOf(fetched(t, a, 2)), []string{"1", "2"})
	mine := fetched(t, b, 9)
	is.Equal(idsOf(mine), []string{"3", "4"})
	settled(t, a, mine, ergon.Settlement[string]{Verdict: ergon.Acked}) // a receipt is good wherever the file is open
	is.Equal(statsOf(t, b), Stats{Leased: 2})
	clk.advance(time.Minute)
	is.Equal(idsOf(fetched(t, b, 9)), []string{"1", "2"})
	is.Equal(len(fetched(t, a, 9)), 0)
}
