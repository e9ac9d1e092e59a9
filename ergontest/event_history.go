package ergontest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ergon-go/ergon"
)

// History returns what happened to a transaction and to what came of it, a line
// for each thing, in order, with the time since the first event of all:
//
//	0s  fetched
//	0s  price attempt 1 failed after 2s: no connection
//	2s  price waits 1s: no connection
//	3s  price attempt 2 done
//	3s  sink dispatch 1 for 2 done after 1s
//	4s  settle 1 for 2 done
//	4s  acked
//
// What concerned several transactions at once is in it where it is known which
// (see EventRecord). It is empty where nothing is known of the transaction.
func (e *Events) History(id string) []string {
	all := e.All()
	if len(all) == 0 {
		return nil
	}
	var lines []eventLine
	for _, r := range all.About(id) {
		lines = append(lines, r.lines(id, all[0].Start)...)
	}
	slices.SortStableFunc(lines, func(a, b eventLine) int { return cmp.Compare(a.turn, b.turn) })
	wide := 0
	for _, l := range lines {
		wide = max(wide, len(l.at.String()))
	}
	var texts []string
	for _, l := range lines {
		texts = append(texts, fmt.Sprintf("%-*v  %s", wide, l.at, l.text))
	}
	return texts
}

// eventLine is one of a history.
type eventLine struct {
	turn int
	at   time.Duration
	text string
}

// lines returns what a history says of a record: of a transaction its beginning
// and its end, of anything else one line where it began.
func (r EventRecord) lines(id string, since time.Time) []eventLine {
	begun := eventLine{turn: r.first, at: r.Start.Sub(since), text: r.told(id)}
	if r.Kind != ergon.KindTransaction {
		return []eventLine{begun}
	}
	begun.text = r.named(id) + "fetched"
	if !r.Ended() {
		return []eventLine{begun}
	}
	ended := eventLine{turn: r.last, at: r.End.Sub(since), text: r.named(id) + r.Verdict.String() + because(r.Err)}
	return []eventLine{begun, ended}
}

// told says what a record tells, on one line.
func (r EventRecord) told(id string) string {
	where := r.named(id) + r.Stage
	switch r.Kind {
	case ergon.KindWait:
		return where + forSeveral(r.Begun.N) + fmt.Sprintf(" waits %v", r.Wait) + because(r.Begun.Err)
	case ergon.KindViolation:
		return where + " broke the contract" + because(r.Err)
	}
	if r.Stage != r.Kind.String() {
		where = strings.TrimPrefix(where+" "+r.Kind.String(), " ")
	}
	if r.Attempt > 0 {
		where += fmt.Sprintf(" %d", r.Attempt)
	}
	return where + forSeveral(r.Begun.N) + r.outcome()
}

func forSeveral(n int) string {
	if n <= 1 {
		return ""
	}
	return fmt.Sprintf(" for %d", n)
}

// outcome says how a call ended.
func (r EventRecord) outcome() string {
	if !r.Ended() {
		return " has not returned"
	}
	text := " done"
	if r.Err != nil {
		text = " failed"
	}
	if took := r.Took(); took > 0 {
		text += fmt.Sprintf(" after %v", took)
	}
	if r.Kind == ergon.KindHandler && r.Err == nil {
		text += ", " + r.Verdict.String()
	}
	return text + because(r.Err)
}

// named returns what a line begins with where it is not about the transaction
// itself.
func (r EventRecord) named(id string) string {
	if len(r.IDs) == 1 && r.IDs[0] != id {
		return r.IDs[0] + ": "
	}
	return ""
}

// because appends an error, kept on one line.
func because(err error) string {
	if err == nil {
		return ""
	}
	return ": " + strings.ReplaceAll(err.Error(), "\n", "; ")
}
