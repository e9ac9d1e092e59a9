package ergontest

import "github.com/ergon-go/ergon"

// simTurns is whose turn it was in a stage or a sink, where that is to be the
// order of fetching: of everything, or of one key.
type simTurns struct {
	call int   // which began something new, the last time
	seq  int64 // of the last that began there
}

// checkOrder holds the order of calls against that of fetching, where it was
// promised. What came in one call belongs together: some of it may be tried again
// when the rest is done. But nothing new may begin before all of it is.
func (s *simRun) checkOrder(x *simCall) {
	inOrder := x.kind == ergon.KindDispatch && x.node.ordered
	byKey := s.keyed && x.node.keyed && (x.kind == ergon.KindDispatch || x.kind == ergon.KindAttempt)
	if x.node.calm || !inOrder && !byKey {
		return
	}
	call := x.turn.events // of this call alone
	for _, id := range x.ids {
		for _, leaf := range s.lineage.of(id) {
			if !s.alone(id) {
				continue
			}
			a := s.open[leaf.input][0]
			if inOrder {
				s.checkTurn(x, call, x.stage, id, a)
			}
			if byKey {
				s.checkTurn(x, call, x.stage+" "+s.keys[a.receipt.delivery.Item], id, a)
			}
		}
	}
}

// checkTurn sees something have its turn, in what is called of.
func (s *simRun) checkTurn(x *simCall, call int, of, id string, a *simAccount) {
	turns := x.turn.turns[of]
	began, again := a.began[of+" "+id]
	switch {
	case again && began != turns.call:
		s.faultf(a.input, "%s was called for %q again after something fetched later: out of order", x.stage, id)
	case again:
	case a.seq < turns.seq:
		s.faultf(a.input, "%s was called for %q after something fetched later: out of order", x.stage, id)
	default:
		if a.began == nil {
			a.began = map[string]int{}
		}
		a.began[of+" "+id] = call
		x.turn.turns[of] = simTurns{call, a.seq}
	}
}
