package engine

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"
)

type leashKey struct{}

// leashed returns the context of an attempt that begins now.
func leashed(limit time.Duration) *leash {
	return &leash{parent: context.WithValue(context.Background(), leashKey{}, 7), limit: limit, began: time.Now}
}

// A value is no question that makes a context one attempt's own.
func TestALeashIsMadeWhenItIsAsked(t *testing.T) {
	is := is.New(t)
	l := leashed(time.Minute)
	is.Equal(l.Value(leashKey{}), 7)
	is.True(l.asked.Load() == nil)
	for name, ask := range map[string]func(){
		"Done":     func() { l.Done() },
		"Err":      func() { _ = l.Err() },
		"Deadline": func() { l.Deadline() },
	} {
		l = leashed(time.Minute)
		ask()
		if l.asked.Load() == nil {
			t.Errorf("%s was asked, and the context is still anybody's", name)
		}
		is.Equal(l.Value(leashKey{}), 7)
	}
}

// Once asked, it ends with the time of its attempt, and with the attempt.
func TestALeashEndsWithItsAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		long, short := leashed(time.Hour), leashed(time.Minute)
		at, ok := short.Deadline()
		is.True(ok && at.Equal(time.Now().Add(time.Minute)))
		child, cancel := context.WithCancel(long)
		defer cancel()
		long.Done()
		<-short.Done()
		is.Equal(short.Err(), context.DeadlineExceeded)
		is.True(errors.Is(context.Cause(short), ErrAttemptTimeout))
		is.NoErr(long.Err())
		is.True(!long.asked.Load().end())
		is.Equal(long.Err(), context.Canceled)
		<-child.Done()
	})
}
