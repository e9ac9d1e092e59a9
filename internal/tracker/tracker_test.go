package tracker

import (
	"errors"
	"math"
	"testing"

	"github.com/matryer/is"
)

func TestLowIsWhereOneMayStart(t *testing.T) {
	for _, c := range []struct {
		name    string
		next    int64
		offsets []int64
		done    []int // which of offsets, in this order
		low     int64
		room    int // of 4
	}{
		{name: "nothing was read", next: 7, low: 7, room: 4},
		{name: "nothing is done", next: 7, offsets: []int64{7, 8}, low: 7, room: 2},
		{name: "the first is done", next: 7, offsets: []int64{7, 8}, done: []int{0}, low: 8, room: 3},
		{name: "the second is done and waits for the first", next: 7, offsets: []int64{7, 8}, done: []int{1}, low: 7, room: 2},
		{name: "all are done, backwards", next: 7, offsets: []int64{7, 8, 9}, done: []int{2, 1, 0}, low: 10, room: 4},
		{name: "one in the middle is not", next: 7, offsets: []int64{7, 8, 9, 10}, done: []int{3, 0, 2}, low: 8, room: 1},
		{name: "a gap before the first", next: 7, offsets: []int64{9}, low: 9, room: 3},
		{name: "a gap behind what is done", next: 7, offsets: []int64{7, 20}, done: []int{0}, low: 20, room: 3},
		{name: "a gap and all done", next: 7, offsets: []int64{7, 20}, done: []int{0, 1}, low: 21, room: 4},
		{name: "said twice", next: 0, offsets: []int64{0, 1}, done: []int{0, 0, 0}, low: 1, room: 3},
		{name: "below zero", next: -5, offsets: []int64{-5, -1}, done: []int{0, 1}, low: 0, room: 4},
		{name: "the highest there is", offsets: []int64{math.MaxInt64 - 1}, done: []int{0}, low: math.MaxInt64, room: 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			k := New(c.next, 4)
			var marks []Mark
			for _, offset := range c.offsets {
				mark, err := k.Add(offset)
				is.NoErr(err)
				marks = append(marks, mark)
			}
			for _, i := range c.done {
				marks[i].Done()
			}
			is.Equal(k.Low(), c.low)
			is.Equal(k.Room(), c.room)
		})
	}
}

func TestAddRefuses(t *testing.T) {
	for _, c := range []struct {
		name    string
		prepare func(k *Tracker)
		offset  int64
		err     error
	}{
		{name: "an offset again", offset: 10, err: ErrOrder},
		{name: "an offset from before the assignment", offset: 4, err: ErrOrder},
		{name: "an offset nothing can come after", offset: math.MaxInt64, err: ErrOrder},
		{name: "more than the window", prepare: func(k *Tracker) { k.Add(11) }, offset: 12, err: ErrFull},
		{name: "anything once revoked", prepare: func(k *Tracker) { k.Revoke(t.Context(), nil) }, offset: 11, err: ErrRevoked},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			k := New(5, 2)
			_, err := k.Add(10)
			is.NoErr(err)
			if c.prepare != nil {
				c.prepare(k)
			}
			room, low := k.Room(), k.Low()
			mark, err := k.Add(c.offset)
			is.True(errors.Is(err, c.err))
			is.Equal(mark.Done(), false) // the mark of nothing
			is.Equal(k.Room(), room)
			is.Equal(k.Low(), low)
		})
	}
}

func TestAWindowOfLessThanOneIsOne(t *testing.T) {
	is := is.New(t)
	k := New(0, -3)
	is.Equal(k.Room(), 1)
	mark, err := k.Add(0)
	is.NoErr(err)
	is.Equal(k.Room(), 0)
	is.True(mark.Done())
	is.True(!mark.Done()) // the second time is no news
	is.Equal(k.Room(), 1)
}

func TestMemoryGrowsWithWhatIsHeld(t *testing.T) {
	is := is.New(t)
	k := New(0, 1_000_000)
	for i := range int64(10_000) {
		mark, err := k.Add(i)
		is.NoErr(err)
		is.True(mark.Done())
	}
	is.Equal(len(k.marks.offsets), word) // one at a time was held
}

func TestDoneAllocatesNothing(t *testing.T) {
	is := is.New(t)
	const n = 1000
	k := New(0, n)
	marks := make([]Mark, n)
	for i := range marks {
		marks[i], _ = k.Add(int64(i))
	}
	i := n
	is.Equal(testing.AllocsPerRun(n-1, func() { i--; marks[i].Done() }), 0.0)
	is.Equal(k.Low(), int64(n))
}

func BenchmarkDone(b *testing.B) {
	const n = 1024
	marks := make([]Mark, n)
	for b.Loop() {
		k := New(0, n)
		for i := range marks {
			marks[i], _ = k.Add(int64(i))
		}
		for i := range marks {
			marks[(i*389+7)%n].Done() // 389 and n have no common divisor
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/offset")
}
