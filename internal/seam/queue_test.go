package seam

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"
)

// after is the clock of a Queue in tests.
func after(d time.Duration, f func()) { time.AfterFunc(d, f) }

// newQueue returns a Queue of ints, and what ends its run.
func newQueue(t *testing.T, c Config[int]) (*Queue[int, string], func()) {
	over := make(chan struct{})
	c.Over, c.After = over, after
	end := sync.OnceFunc(func() { close(over) })
	t.Cleanup(end)
	return New[int, string](c), end
}

// ready returns what may be taken now, slab by slab.
func ready(q *Queue[int, string]) [][]int {
	var all [][]int
	for {
		q.mu.Lock()
		work, ok := next(q)
		q.mu.Unlock()
		if !ok || work.Old {
			return all
		}
		all = append(all, work.Slab)
	}
}

func TestAQueueReleasesBatchesWhenFullInTimeOrFlushed(t *testing.T) {
	rows := []struct {
		name string
		put  int
		do   func(q *Queue[int, string])
		want [][]int
	}{
		{"nothing is full", 2, func(*Queue[int, string]) {}, nil},
		{"one is full", 4, func(*Queue[int, string]) {}, [][]int{{0, 1, 2}}},
		{"two are", 6, func(*Queue[int, string]) {}, [][]int{{0, 1, 2}, {3, 4, 5}}},
		{"flushed", 2, func(q *Queue[int, string]) { q.Flush() }, [][]int{{0, 1}}},
		{"its time is up", 4, func(*Queue[int, string]) { time.Sleep(time.Second) }, [][]int{{0, 1, 2}, {3}}},
		{"its time is not up", 2, func(*Queue[int, string]) { time.Sleep(time.Second - 1) }, nil},
		{"eager", 1, func(q *Queue[int, string]) { q.Eager(); q.Put([]int{9}) }, [][]int{{0, 9}}},
		{"rushed", 2, func(q *Queue[int, string]) { q.Rush() }, [][]int{{0, 1}}},
		{"held", 3, func(q *Queue[int, string]) { q.Hold(time.Minute) }, nil},
		{"held for a while", 3, func(q *Queue[int, string]) { q.Hold(time.Minute); time.Sleep(time.Minute) }, [][]int{{0, 1, 2}}},
		{"held again, for longer", 3, func(q *Queue[int, string]) {
			q.Hold(time.Second)
			q.Hold(time.Minute)
			time.Sleep(59 * time.Second)
		}, nil},
		{"held again, for shorter", 3, func(q *Queue[int, string]) {
			q.Hold(time.Minute)
			q.Hold(time.Second)
			time.Sleep(59 * time.Second)
		}, nil},
		{"held and rushed", 3, func(q *Queue[int, string]) { q.Hold(time.Minute); q.Rush() }, [][]int{{0, 1, 2}}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				is := is.New(t)
				q, _ := newQueue(t, Config[int]{Bound: 10, Batch: 3, Within: time.Second})
				for i := range row.put {
					is.True(q.Put([]int{i}))
				}
				row.do(q)
				synctest.Wait()
				is.Equal(ready(q), row.want)
			})
		})
	}
}

func TestAQueueTakesUpAgainBeforeItTakesNew(t *testing.T) {
	is := is.New(t)
	q, _ := newQueue(t, Config[int]{Bound: 4})
	q.Put([]int{1})
	q.Again("first")
	q.Again("second")
	for _, want := range []took[int, string]{{Again: "first", Old: true}, {Again: "second", Old: true}, {Slab: []int{1}}} {
		got, ok := take(q)
		is.True(ok)
		is.Equal(got, want)
	}
}

func TestAWindowBoundsWhatIsOut(t *testing.T) {
	is := is.New(t)
	q, _ := newQueue(t, Config[int]{Bound: 9, Window: 2})
	q.Put([]int{0, 1, 2, 3, 4})
	is.Equal(ready(q), [][]int{{0}, {1}})
	q.Again("old")
	work, _ := take(q)
	is.True(work.Old) // what is out already needs no room in the window
	is.Equal(len(ready(q)), 0)
	q.Pass(1)
	is.Equal(ready(q), [][]int{{2}})
	q.Rush()
	is.Equal(ready(q), [][]int{{3}, {4}})
}

func TestPutWaitsForRoomAndEverybodyLeavesAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		q, end := newQueue(t, Config[int]{Bound: 2})
		var puts, takes []bool
		var mu sync.Mutex
		note := func(to *[]bool, ok bool) {
			mu.Lock()
			defer mu.Unlock()
			*to = append(*to, ok)
		}
		go func() { note(&puts, q.Put([]int{0, 1, 2, 3})) }()
		synctest.Wait()
		is.Equal(q.Len(), 2)
		is.True(!q.Offer(9))
		work, ok := take(q)
		is.True(ok)
		is.Equal(work.Slab, []int{0})
		synctest.Wait()
		is.Equal(q.Len(), 2) // one came after it
		is.Equal(len(puts), 0)
		end()
		for range 3 {
			go func() { _, ok := take(q); note(&takes, ok) }()
		}
		synctest.Wait()
		is.Equal(puts, []bool{false})
		is.Equal(takes, []bool{false, false, false})
	})
}

func TestIdleIsToldWhenNobodyWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		idle, became := 0, 0
		q, _ := newQueue(t, Config[int]{Bound: 9, Batch: 2, Within: time.Hour, Idle: func() { idle++ }, Ready: func(n int) { became += n }})
		q.Put([]int{0})
		is.Equal([]int{idle, became}, []int{0, 0})
		q.Put([]int{1})
		is.Equal([]int{idle, became}, []int{1, 2})
		is.Equal(ready(q), [][]int{{0, 1}})
		taken := make(chan []int, 1)
		go func() { work, _ := take(q); taken <- slices.Clone(work.Slab) }()
		synctest.Wait()
		q.Put([]int{2, 3}) // somebody waits, so nobody has to be called
		is.Equal(<-taken, []int{2, 3})
		is.Equal([]int{idle, became}, []int{1, 4})
	})
}

func TestKeysAreOutOneAtATimeAndOthersGoOn(t *testing.T) {
	is := is.New(t)
	q, _ := newQueue(t, Config[int]{Bound: 20, Key: func(v int) string { return string(rune('a' + v/10)) }})
	q.Put([]int{0, 1, 10, 2, 11, 20})
	is.Equal(ready(q), [][]int{{0}, {10}, {20}})
	q.Done(10)
	is.Equal(ready(q), [][]int{{11}})
	q.Done(0)
	is.Equal(ready(q), [][]int{{1}})
	is.Equal(q.Len(), 1)
	q.Rush()
	is.Equal(ready(q), [][]int{{2}})
}

func TestWhatIsKeptForOneKeyLeavesTogether(t *testing.T) {
	is := is.New(t)
	q, _ := newQueue(t, Config[int]{Bound: 20, Slab: 3, Key: func(v int) string { return string(rune('a' + v/10)) }})
	q.Put([]int{0, 10, 20, 1, 2, 11, 12, 21})
	is.Equal(ready(q), [][]int{{0, 10, 20}})
	for _, v := range []int{0, 10, 20} {
		q.Done(v)
	}
	is.Equal(ready(q), [][]int{{1, 2}, {11, 12, 21}})
}

func TestNothingOvertakesWhatIsParkedBehindItsKey(t *testing.T) {
	is := is.New(t)
	q, _ := newQueue(t, Config[int]{Bound: 20, Slab: 3, Key: func(v int) string { return string(rune('a' + v/10)) }})
	taken := func() []int {
		work, ok := next(q)
		is.Equal(ok, len(work.Slab) > 0)
		return work.Slab
	}
	q.Put([]int{0, 10, 20, 1, 2, 11, 12})
	is.Equal(taken(), []int{0, 10, 20})
	is.Equal(len(taken()), 0)
	q.Done(10)
	q.Done(0)
	q.Put([]int{3})
	is.Equal(taken(), []int{11, 12}) // there is no room for both of the other key
	q.Put([]int{4})
	is.Equal(taken(), []int{1, 2}) // 3 was here before 4
	q.Done(1)
	is.Equal(len(taken()), 0) // 2 is still out
	q.Done(2)
	is.Equal(taken(), []int{3, 4})
}
