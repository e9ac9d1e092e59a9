package leash

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/matryer/is"
	"github.com/sourcegraph/conc"
)

// opened returns a Peg with a moment that does not end.
func opened(parent context.Context, limit time.Duration) *Peg {
	p := &Peg{Cause: errTime}
	m := &moment{parent: parent, limit: limit, cause: errTime, began: time.Now()}
	m.share()
	p.now.Store(m)
	return p
}

func TestWhoAsksAfterTheAttemptFindsItEnded(t *testing.T) {
	for _, test := range []struct {
		name  string
		begin func(context.Context) *Leash
	}{
		{"on its own", func(ctx context.Context) *Leash { return New(ctx, time.Now(), time.Hour, errTime) }},
		{"in a moment", func(ctx context.Context) *Leash { return opened(ctx, time.Hour).Begin(ctx, time.Hour) }},
		{"cut", func(ctx context.Context) *Leash {
			l := opened(ctx, time.Hour).Begin(ctx, time.Hour)
			l.Cut()
			return l
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			ctx := context.WithValue(t.Context(), valueKey{}, "kept")
			l := test.begin(ctx)
			detached := context.WithoutCancel(l)
			l.End()
			<-l.Done()
			is.Equal(l.Err(), context.Canceled)
			is.Equal(context.Cause(l), context.Canceled)
			is.Equal(l.Value(valueKey{}), "kept")
			is.Equal(detached.Value(valueKey{}), "kept")
			is.NoErr(detached.Err())
			is.NoErr(ctx.Err())
		})
	}
}

func TestAnAttemptTakesTheLeashOfTheOneBeforeUnlessThatWasAsked(t *testing.T) {
	for _, test := range []struct {
		name string
		ask  func(*Leash)
		same bool
	}{
		{"nothing", func(*Leash) {}, true},
		{"a value", func(l *Leash) { l.Value(valueKey{}) }, true},
		{"its name", func(l *Leash) { _ = fmt.Sprintf("%v %+v", l, context.WithValue(l, valueKey{}, 1)) }, true},
		{"Done", func(l *Leash) { l.Done() }, false},
		{"Err", func(l *Leash) { _ = l.Err() }, false},
		{"Deadline", func(l *Leash) { l.Deadline() }, false},
		{"it was cut", (*Leash).Cut, false},
	} {
		for _, when := range []string{"during", "after"} {
			t.Run(test.name+" "+when, func(t *testing.T) {
				is := is.New(t)
				p := opened(t.Context(), time.Hour)
				l := p.Begin(t.Context(), time.Hour)
				if when == "during" {
					test.ask(l)
				}
				l.End()
				if when == "after" && test.name != "it was cut" {
					test.ask(l)
				}
				next := p.Begin(t.Context(), time.Hour)
				is.Equal(next == l, test.same || when == "after" && test.name == "it was cut")
				is.NoErr(next.Err()) // whatever was asked of the one before
				next.End()
				is.Equal(next.Err(), context.Canceled)
				third := p.Begin(t.Context(), time.Hour)
				third.End()
				is.True(p.Begin(t.Context(), time.Hour) == third) // and so it goes on
			})
		}
	}
}

// Who asks says so first, and makes the life of what was asked then: others may end
// the attempt, or ask too, in between.
func TestWhatIsAskedBetweenTwoStepsOfAnotherIsEnded(t *testing.T) {
	is := is.New(t)
	p := opened(t.Context(), time.Hour)
	l := p.Begin(t.Context(), time.Hour)
	l.state.Store(asked) // and there is no life yet
	is.True(p.Begin(t.Context(), time.Hour) != l)
	l.End()
	is.Equal(l.Err(), context.Canceled)
	is.Equal(context.Cause(l), context.Canceled)

	l = p.Begin(t.Context(), time.Hour)
	l.End()
	l.state.Store(ended) // by who has asked it while it hung, and has no life yet
	next := p.Begin(t.Context(), time.Hour)
	is.True(next != l)
	is.Equal(l.Err(), context.Canceled)
	is.NoErr(next.Err())
}

func TestAttemptsAtTheSameTimeHaveALeashEach(t *testing.T) {
	is := is.New(t)
	p := opened(t.Context(), time.Hour)
	a, b := p.Begin(t.Context(), time.Hour), p.Begin(t.Context(), time.Hour)
	is.True(a != b)
	is.NoErr(a.Err())
	a.End()
	is.Equal(a.Err(), context.Canceled)
	is.NoErr(b.Err())
	b.End()
	is.Equal(b.Err(), context.Canceled)
}

// TestStraysFindTheirContextEnded has attempts hand their context to goroutines
// that ask it whenever they like, while others begin and end.
func TestStraysFindTheirContextEnded(t *testing.T) {
	const workers, strays, attempts = 3, 3, 20_000
	p := opened(t.Context(), time.Hour)
	kept := make(chan *Leash, 4)
	var asking, working conc.WaitGroup
	for range strays {
		asking.Go(func() {
			for l := range kept {
				<-l.Done() // else this test does not end
				if err := l.Err(); !errors.Is(err, context.Canceled) {
					t.Errorf("a context that has ended says %v", err)
				}
			}
		})
	}
	for n := range uint64(workers) {
		draw := rand.New(rand.NewPCG(n, 4))
		working.Go(func() {
			for range attempts {
				attemptWithStray(t, p, kept, draw.IntN(12))
			}
		})
	}
	working.Wait()
	close(kept)
	asking.Wait()
}

// attemptWithStray asks its context during the attempt, hands it to a stray, or
// does neither.
func attemptWithStray(t *testing.T, p *Peg, kept chan<- *Leash, what int) {
	l := p.Begin(t.Context(), time.Hour)
	var done <-chan struct{}
	if what == 0 {
		done = l.Done()
	}
	if what == 1 {
		select {
		case kept <- l:
		default:
		}
	}
	if what < 4 && l.Err() != nil {
		t.Errorf("the context of a running attempt says %v", l.Err())
	}
	l.End()
	if what < 4 && what != 1 && l.Err() == nil {
		t.Error("what was asked during the attempt has not ended with it")
	}
	if done != nil {
		<-done
	}
}
