package engine

import (
	"testing"
	"time"

	"github.com/matryer/is"
)

// Who is relieved does not come back before another has taken over: otherwise what
// is taken from it would be what it does by then.
func TestWhoIsRelievedWaitsUntilAnotherHasTakenOver(t *testing.T) {
	is := is.New(t)
	began, replaced := make(chan struct{}), false
	w := &warden{run: &Run{}}
	r := &root{warden: w, replace: func() {
		close(began)
		time.Sleep(5 * time.Millisecond)
		replaced = true
	}}
	w.enter(r)
	r.take()
	<-began
	r.drop()
	is.True(r.lost)
	r.relieved()
	is.True(replaced)
	w.leave()
}
