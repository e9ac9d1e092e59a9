package seam

import (
	"testing"
	"testing/synctest"

	"github.com/matryer/is"
)

// What is left in a hand that was dismissed is still there for those who help,
// though the slab that was lent is used for something else by then.
func TestWhatIsLeftInADismissedHandStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		over := make(chan struct{})
		q := New[int, int](Config[int]{Over: over, Bound: 8, Help: true})
		hand := &Hand[int]{}
		ended := false
		go func() {
			_, ok := q.Take(hand, 8)
			ended = !ok
		}()
		synctest.Wait()
		slab := []int{1, 2, 3, 4}
		lent, ok := q.Lend(slab, nil)
		is.True(ok)
		_, some := q.TakeNow(lent.Hand, 8)
		is.True(some)
		q.Open(lent.Hand, false)
		_, ok = lent.Hand.Begin(0)
		is.True(ok)
		q.Dismiss(lent)
		clear(slab) // the caller has it back
		synctest.Wait()
		is.True(ended)
		var got []int
		helper := &Hand[int]{}
		for len(got) < 3 {
			work, ok := q.Take(helper, 8)
			is.True(ok && work.Shared)
			q.Open(helper, false)
			for i, ok := helper.Begin(0); ok; i, ok = helper.Begin(0) {
				got = append(got, helper.Items()[i])
			}
		}
		is.Equal(got, []int{3, 4, 2})
	})
}
