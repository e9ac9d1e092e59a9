package seam

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/matryer/is"
)

// permutations calls f with every order of n things.
func permutations(n int, f func([]int)) {
	order := make([]int, 0, n)
	var extend func()
	extend = func() {
		if len(order) == n {
			f(order)
			return
		}
		for i := range n {
			if !slices.Contains(order, i) {
				order = append(order, i)
				extend()
				order = order[:len(order)-1]
			}
		}
	}
	extend()
}

func TestALineDeliversEveryPermutationInOrder(t *testing.T) {
	is := is.New(t)
	const n = 6
	permutations(n, func(order []int) {
		var got []int
		passed := 0
		l := NewLine(func(slab []int) { got = append(got, slab...) }, func(n int) { passed += n })
		for _, i := range order {
			if i%3 != 2 { // every third has nothing to bring
				l.Add(Ticket(i), 10*i)
				l.Add(Ticket(i), 10*i+1)
			}
			l.End(Ticket(i))
		}
		is.Equal(got, []int{0, 1, 10, 11, 30, 31, 40, 41})
		is.Equal(passed, n)
	})
}

func TestALineDeliversOneAtATimeWhoeverBringsIt(t *testing.T) {
	is := is.New(t)
	const n, workers = 2000, 8
	var got []int
	var busy atomic.Int32
	l := NewLine(func(slab []int) {
		if busy.Add(1) != 1 {
			t.Error("two deliveries at once")
		}
		runtime.Gosched()
		got = append(got, slab...)
		busy.Add(-1)
	}, nil)
	tickets := rand.Perm(n)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n; i += workers {
				l.Add(Ticket(tickets[i]), tickets[i])
				l.End(Ticket(tickets[i]))
			}
		})
	}
	wg.Wait()
	is.Equal(len(got), n)
	is.True(slices.IsSorted(got))
	is.Equal(len(l.waiting), 0)
}
