package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/ergon-go/ergon/internal/killing"
)

// hear holds what a child told against what it left behind. A part that is stored
// again, by a later child, must be of something that was in flight at the kill.
func (a *killAudit) hear(told []killing.Line, left map[int]bool) {
	child, times := a.child(), map[string]int{}
	for _, line := range told {
		for _, id := range line.About {
			switch line.What {
			case "storing":
				if times[id]++; times[id] > len(a.shape.stores) {
					a.faultf("%s is stored again by the same child", id)
				}
				a.storing(id, child)
			case "settled":
				if _, there := left[a.number(id)]; there {
					a.faultf("%s was settled, the child was told, and is in the queue", id)
				}
			}
		}
	}
	a.again = append(a.again, 0)
	for n, leased := range left {
		if leased {
			a.states[n].leased = child
		}
	}
}

func (a *killAudit) number(id string) int {
	_, part := a.state(id)
	return part.N
}

func (a *killAudit) storing(id string, child int32) {
	s, part := a.state(id)
	before := s.told[part.Part]
	s.told[part.Part] = child
	switch {
	case before == 0 || before == child:
	case s.leased < before:
		a.faultf("%s is stored again, and was not in flight when the child died that stored it", id)
	default:
		a.storedAgain(s, before)
	}
}

// compare holds what is stored against what must have come of everything that has
// left the queue, and of nothing else.
func (a *killAudit) compare(left map[int]bool) {
	leased := 0
	for n, held := range left {
		if held {
			leased++
		}
		if a.states[n].gone {
			a.faultf("%s was settled, and came back", killID(n))
		}
	}
	if leased > killInFlight {
		a.faultf("%d in flight, at most %d may be", leased, killInFlight)
	}
	for n := a.gone; n < len(a.states); n++ {
		_, queued := left[n]
		if s := &a.states[n]; !s.gone {
			s.gone = !queued
			a.compareOne(n, *s)
		}
	}
	for a.gone < len(a.states) && a.states[a.gone].gone {
		a.gone++
	}
	if !a.settings.Last {
		a.figures.Kills++
		a.figures.InFlight += leased
		a.figures.Busy += min(leased, 1)
	}
}

func (a *killAudit) compareOne(n int, s killState) {
	parts, dead := killFate(n)
	if s.dead && !dead {
		a.faultf("%s is a dead letter, and nothing is wrong with it", killID(n))
	}
	if s.gone && dead && !s.dead {
		a.faultf("%s is settled, and missing from the dead letters", killID(n))
	}
	for i := range a.shape.stores {
		if s.parts[i]&^parts != 0 {
			a.faultf("%s is stored in parts %03b of %03b", killID(n), s.parts[i], parts)
		}
		if s.gone && parts&^s.parts[i] != 0 {
			a.faultf("%s is settled, and of its parts %03b only %03b are stored", killID(n), parts, s.parts[i])
		}
	}
}

// end looks at everything once more, when there is nothing left to do.
func (a *killAudit) end(ctx context.Context, left int) error {
	if left > 0 {
		a.faultf("%d are in the queue at the end", left)
	}
	for i := range a.states {
		a.states[i].parts, a.states[i].dead = [2]uint8{}, false
	}
	clear(a.since)
	again := slices.Clone(a.again)
	if err := a.read(ctx); err != nil {
		return err
	}
	a.again = again // what is stored twice was counted
	for n, s := range a.states {
		a.compareOne(n, s)
	}
	for _, n := range a.again {
		if n > killInFlight {
			a.faultf("%d were stored again after one kill, more than can have been in flight", n)
		}
		a.figures.Duplicates += n
		a.figures.Most = max(a.figures.Most, n)
	}
	return errors.Join(append(a.faults, sound(ctx, a.from), sound(ctx, a.to))...)
}

// sound returns an error where a file is damaged.
func sound(ctx context.Context, db *DB) error {
	var check string
	err := db.read(ctx, func(r *sql.Rows) error { return r.Scan(&check) }, "PRAGMA integrity_check")
	if err == nil && check != "ok" {
		err = fmt.Errorf("a file is damaged: %s", check)
	}
	return err
}
