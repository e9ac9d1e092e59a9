package ergonotel

import (
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
)

// What nobody works on and nobody is blocked for is starved, whenever somebody looks; it
// never falls, though a call is counted only once it is over.
func TestStarvedTimeNeverFalls(t *testing.T) {
	type look struct {
		at               int // seconds
		busy             int
		working, blocked int
		want             int
	}
	for _, c := range []struct {
		name    string
		workers int
		looks   []look
	}{
		{"nothing to do", 2, []look{{10, 0, 0, 0, 20}, {15, 0, 0, 0, 30}}},
		{"always at work, counted as it goes", 1, []look{{10, 1, 10, 0, 0}, {20, 1, 20, 0, 0}}},
		{"one long call that is counted at its end", 1, []look{{1, 1, 1, 0, 0}, {31, 1, 1, 0, 0}, {61, 0, 61, 0, 0}, {71, 0, 61, 0, 10}}},
		{"a long call beside an idle worker", 2, []look{{1, 1, 1, 0, 1}, {31, 1, 1, 0, 31}, {61, 0, 61, 0, 61}}},
		{"blocked", 1, []look{{10, 0, 2, 8, 0}, {20, 0, 4, 15, 1}}},
		{"more blocked than there is time, as several may be", 1, []look{{10, 0, 0, 25, 0}, {20, 0, 0, 25, 10}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var s starved
			for _, l := range c.looks {
				before := s.total
				s.look(time.Duration(l.at)*time.Second, ergon.StageSnapshot{
					Workers: c.workers, Busy: l.busy, Working: time.Duration(l.working) * time.Second, Blocked: time.Duration(l.blocked) * time.Second,
				})
				is.New(t).Equal(s.total, time.Duration(l.want)*time.Second)
				is.New(t).True(s.total >= before)
			}
		})
	}
}
