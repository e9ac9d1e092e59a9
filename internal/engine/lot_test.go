package engine

import (
	"testing"

	"github.com/matryer/is"
)

// The memory of a fetch is used again when all of it has ended, and not before.
func TestALotIsUsedAgainWhenAllOfItHasEnded(t *testing.T) {
	is := is.New(t)
	l := &lots[int]{pipe: &Pipe[int]{}, size: 4}
	a := l.get(3, nil)
	is.Equal(len(a.origins), 4)
	a.left.Store(3)
	a.gone(2)
	b := l.get(4, nil)
	is.True(a != b)
	a.gone(1)
	is.True(l.get(2, nil) == a)
}

// What is smaller or larger by far than a fetch is not kept.
func TestALotThatDoesNotFitIsNotKept(t *testing.T) {
	for _, n := range []int{2, 13} {
		is := is.New(t)
		l := &lots[int]{pipe: &Pipe[int]{}, size: 12}
		a := l.get(n, nil)
		is.Equal(len(a.origins), n)
		a.left.Store(int64(n))
		a.gone(n)
		is.Equal(len(l.free), 0)
	}
}

// Those of a single transaction are kept by themselves.
func TestALotOfOneIsUsedAgain(t *testing.T) {
	is := is.New(t)
	l := &lots[int]{pipe: &Pipe[int]{}, size: 12}
	a := l.get(1, nil)
	is.Equal(len(a.origins), 1)
	a.left.Store(1)
	a.gone(1)
	is.Equal(len(l.free), 0)
	is.True(l.get(1, nil) == a)
}

// Many that end together are counted where they belong.
func TestLotsThatEndTogetherAreToldApart(t *testing.T) {
	is := is.New(t)
	l := &lots[int]{pipe: &Pipe[int]{}, size: 2}
	a, b := l.get(2, nil), l.get(2, nil)
	a.left.Store(2)
	b.left.Store(2)
	for _, lot := range []*lot[int]{a, b} {
		for i := range lot.origins {
			lot.origins[i].lot = lot
		}
	}
	goneAll([]Item[*origin[int]]{a.origins[0].item(), b.origins[0].item(), b.origins[1].item()})
	is.Equal(l.free, []*lot[int]{b})
	goneAll(a.origins[1].alone())
	is.Equal(l.free, []*lot[int]{b, a})
}
