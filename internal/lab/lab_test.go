package lab_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/internal/lab"
)

func TestNoTwoTimersEndAtOneInstant(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		l := &lab.Lab{Instants: &lab.Instants{}}
		ends := map[int64]bool{}
		for i := range 5000 {
			for _, d := range []time.Duration{-1, 0, time.Second, time.Second, 2 * time.Second} {
				apart := l.Apart(d)
				is.True(apart >= d)        // never shorter
				is.True(apart-d < 100_000) // hardly longer
				end := time.Now().Add(apart).UnixNano()
				is.True(!ends[end])
				ends[end] = true
			}
			time.Sleep(time.Duration(i%3) * time.Second)
		}
	})
}

func TestWithoutALabNothingIsChanged(t *testing.T) {
	is := is.New(t)
	var none *lab.Lab
	is.Equal(none.Apart(time.Second), time.Second)
	is.True(none.Draw(3) < 3)
	is.True(lab.From(context.Background()) == none)
	l := &lab.Lab{Random: func(n uint64) uint64 { return n - 1 }}
	is.Equal(l.Apart(-1), time.Duration(-1))
	is.Equal(lab.From(lab.With(context.Background(), l)).Draw(7), uint64(6))
}
