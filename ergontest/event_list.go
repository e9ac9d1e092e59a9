package ergontest

import (
	"slices"
	"strings"
	"time"

	"github.com/ergon-go/ergon"
)

// EventRecord is something that has happened in a run, or is happening.
type EventRecord struct {
	ergon.Event             // as it ended, or as it began where it has not ended
	Begun       ergon.Event // as it began
	Number      int         // from 1, in the order of beginnings
	Parent      int         // the Number of what it happened inside; 0 where there is none
	Start       time.Time
	End         time.Time // zero where it has not ended
	// IDs are those of the transactions it concerned: the event's own; of a call for
	// several, all of them, where it came to a Source or Sink of this package.
	IDs []string

	first, last int // which beginning and end it was of all; 0: it has not ended
}

// Ended reports whether it has ended.
func (r EventRecord) Ended() bool { return r.last > 0 }

// Took returns how long it took; 0 where it has not ended.
func (r EventRecord) Took() time.Duration {
	if !r.Ended() {
		return 0
	}
	return r.End.Sub(r.Start)
}

// EventList is some of what has happened, in order. Each of its methods leaves a
// part of it:
//
//	events.All().Of(ergon.KindAttempt).At("price").About("orders:7")
type EventList []EventRecord

// Of returns what is of one of these kinds.
func (l EventList) Of(kinds ...ergon.Kind) EventList {
	return l.where(func(r EventRecord) bool { return slices.Contains(kinds, r.Kind) })
}

// At returns what happened at one of these stages, sinks and handlers.
func (l EventList) At(stages ...string) EventList {
	return l.where(func(r EventRecord) bool { return slices.Contains(stages, r.Stage) })
}

// About returns what concerned one of these transactions, or a child of it. Ids of
// a group are not those of its members.
func (l EventList) About(ids ...string) EventList {
	return l.where(func(r EventRecord) bool {
		return slices.ContainsFunc(ids, func(id string) bool { return r.concerns(id) })
	})
}

// Failed returns what ended with an error.
func (l EventList) Failed() EventList {
	return l.where(func(r EventRecord) bool { return r.Ended() && r.Err != nil })
}

func (l EventList) where(wanted func(EventRecord) bool) EventList {
	var part EventList
	for _, r := range l {
		if wanted(r) {
			part = append(part, r)
		}
	}
	return part
}

// concerns reports whether it concerned a transaction or a child of it.
func (r EventRecord) concerns(id string) bool {
	return slices.ContainsFunc(r.IDs, func(of string) bool { return of == id || strings.HasPrefix(of, id+"/") })
}
