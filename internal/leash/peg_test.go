package leash

import (
	"context"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/internal/lab"
)

// uncomparable is a context that cannot be compared with another.
type uncomparable struct {
	context.Context
	_ []int
}

// begins lets attempts begin and end for as long as no moment is open, and
// reports whether one has been opened.
func begins(p *Peg, limit time.Duration, parent func(i int) context.Context, most int) bool {
	for i := range most {
		if limit == 0 {
			p.Start(parent(i))
		} else {
			p.Begin(parent(i), limit).End()
		}
		if p.now.Load() != nil {
			return true
		}
	}
	return false
}

func TestAMomentOpensWhereAttemptsAreFrequentAndItIsSafe(t *testing.T) {
	one := func(ctx context.Context) func(int) context.Context { return func(int) context.Context { return ctx } }
	first, cancel := context.WithCancel(t.Context())
	defer cancel()
	second := context.WithValue(first, valueKey{}, 2)
	for _, test := range []struct {
		name   string
		limit  time.Duration
		parent func(int) context.Context
		want   bool
	}{
		{"a parent that can end", time.Minute, one(first), true},
		{"one with a value", time.Minute, one(second), true},
		{"a time of a hundred moments", finest, one(first), true},
		{"any time", 0, one(first), true},
		{"a shorter time", finest - 1, one(first), false},
		{"a parent that cannot end", time.Minute, one(context.Background()), false},
		{"one with a value that cannot end", time.Minute, one(context.WithValue(context.Background(), valueKey{}, 1)), false},
		{"parents that alternate", time.Minute, func(i int) context.Context { return []context.Context{first, second}[i%2] }, false},
		{"a parent that cannot be compared", time.Minute, one(uncomparable{Context: first}), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			most := 100
			if test.want {
				most = math.MaxInt // as long as it takes for two to begin at once
			}
			is.New(t).Equal(begins(&Peg{}, test.limit, test.parent, most), test.want)
		})
	}
	t.Run("in a bubble", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			is.New(t).True(!begins(&Peg{}, time.Minute, one(t.Context()), 100))
		})
	})
}

func TestAMomentIsOfOneParentAndOneLimit(t *testing.T) {
	is := is.New(t)
	p := opened(t.Context(), time.Hour)
	other := context.WithValue(t.Context(), valueKey{}, 1)
	is.True(p.Begin(t.Context(), time.Hour).start.moment != nil)
	is.True(p.Begin(t.Context(), time.Minute).start.moment == nil)
	is.True(p.Begin(other, time.Hour).start.moment == nil)
	is.True(p.Begin(uncomparable{Context: other}, time.Hour).start.moment == nil)
	is.True(p.Start(t.Context()).moment == nil)
}

// A moment opens by itself where there is no virtual time, so here it is opened.
func TestTheTimeOfAnAttemptInAMomentIsNeverUpTooEarly(t *testing.T) {
	const limit = 5 * span
	for _, test := range []struct {
		name         string
		begin, asked time.Duration // from when the moment was opened
		want         time.Duration // the deadline
	}{
		{"asked at once", 0, 0, limit},
		{"asked at once, later in the moment", span / 2, span / 2, span/2 + limit},
		{"asked in the moment", 0, span / 2, span/2 + limit},
		{"asked after it", 0, 4 * span, span + limit},
		{"begun in the middle, asked after it", span / 2, 4 * span, span + limit},
		{"asked when the time is up", 0, 9 * span, span + limit},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				is := is.New(t)
				p, opened := &Peg{Cause: errTime}, time.Now()
				p.open(&moment{parent: t.Context(), limit: limit, cause: errTime, began: opened})
				time.Sleep(test.begin)
				l := p.Begin(t.Context(), limit)
				time.Sleep(test.asked - test.begin)
				deadline, bounded := l.Deadline()
				is.True(bounded)
				is.Equal(deadline.Sub(opened), test.want)
				is.Equal(l.Start().Time().Sub(opened), test.want-limit)
				<-l.Done()
				is.Equal(time.Since(opened), max(test.want, test.asked))
				is.Equal(l.Err(), context.DeadlineExceeded)
				is.Equal(context.Cause(l), errTime)
				l.End()
				is.Equal(context.Cause(l), errTime)
			})
		})
	}
}

func TestAMomentEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		p := &Peg{}
		p.open(&moment{parent: t.Context(), began: time.Now()})
		is.True(p.Start(t.Context()).moment != nil)
		time.Sleep(span)
		synctest.Wait()
		is.True(p.now.Load() == nil) // and with it the context it kept
		is.True(p.Start(t.Context()).moment == nil)
	})
}

func TestATimeWithoutEnd(t *testing.T) {
	is := is.New(t)
	for _, l := range []*Leash{
		New(t.Context(), time.Now(), math.MaxInt64, nil),
		opened(t.Context(), math.MaxInt64).Begin(t.Context(), math.MaxInt64),
	} {
		is.NoErr(l.Err())
		at, bounded := l.Deadline()
		is.True(bounded && at.After(time.Now()))
		select {
		case <-l.Done():
			t.Error("it has ended")
		default:
		}
		l.End()
		is.Equal(l.Err(), context.Canceled)
	}
}

// A simulation has no two timers end at the same instant.
func TestTimersAreKeptApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		ctx := lab.With(t.Context(), &lab.Lab{Instants: &lab.Instants{}})
		ends := map[time.Time]bool{}
		for range 10 {
			l := New(ctx, time.Now(), time.Second, nil)
			defer l.End()
			at, _ := l.Deadline()
			ends[at] = true
		}
		is.Equal(len(ends), 10)
		l := New(ctx, time.Now().Add(-time.Minute), time.Second, nil)
		is.Equal(l.Err(), context.DeadlineExceeded) // what is late is not put off
	})
}
