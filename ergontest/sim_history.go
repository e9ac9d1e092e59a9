package ergontest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// simEvent is something that happened.
type simEvent struct {
	at    time.Time
	turn  int
	what  string
	place string
	ids   []string
	note  any
}

// note enters something in the history.
func (s *simRun) note(what, place string, ids []string, note any) {
	turn := 0
	if s.turn != nil {
		turn = s.turn.number
	}
	s.history = append(s.history, simEvent{time.Now(), turn, what, place, ids, note})
}

// about reports whether an event is about an input.
func (s *simRun) about(e simEvent, input int) bool {
	return slices.Contains(s.lineage.inputsOf(e.ids), input)
}

func (s *simRun) line(e simEvent) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%12v turn %d  %-10s %s", e.at.Sub(s.began), e.turn, e.what, e.place)
	if len(e.ids) > 0 {
		fmt.Fprintf(&b, " %s", some(e.ids))
	}
	if e.note != nil {
		fmt.Fprintf(&b, " %v", e.note)
	}
	return b.String()
}

// tell returns the last lines of what happened, to one input or at all.
func (s *simRun) tell(most int, wanted func(simEvent) bool) string {
	var lines []string
	for _, e := range s.history {
		if wanted(e) {
			lines = append(lines, s.line(e))
		}
	}
	if skip := len(lines) - most; skip > 0 {
		lines = append([]string{fmt.Sprintf("(%d lines before)", skip)}, lines[skip:]...)
	}
	return "\t" + strings.Join(lines, "\n\t")
}
