package engine

// succeed hands on the results of a task of which everything succeeded.
func (p *core) succeed(t *task, results place, by carrier) {
	if t.first || t.turn != nil && p.body.splits || p.anyLost(t.items) {
		for i := range t.items.len() {
			p.succeedItem(t, i, results)
		}
		return
	}
	switch {
	case t.turn != nil:
		t.take(results, p.body.out != nil)
	case p.body.out != nil && !p.body.splits:
		results.tray.put(results.at, results.at+t.items.len())
	}
	p.tally.fine.Add(int64(t.items.len()))
	x := p.newExit()
	p.self.endAll(t.items, x)
	if t.turn != nil && t.turn.left.Add(-int64(t.items.len())) == 0 {
		p.leave(t.turn)
	}
	if p.step.Keyed {
		for i := range t.items.len() {
			p.self.freeKey(t.items, i)
		}
	}
	x.leave(by)
	p.freeExit(x)
}

func (p *core) anyLost(t things) bool {
	if p.body.lost == nil || !p.run.leased {
		return false
	}
	for i := range t.len() {
		if t.node(i).has(lost) {
			return true
		}
	}
	return false
}

// succeedItem hands on the result of one item of a task.
func (p *core) succeedItem(t *task, i int, results place) {
	switch {
	case p.body.lost != nil && t.items.node(i).has(lost):
		p.ended(t, i, p.body.lost)
	case t.turn != nil:
		t.takeOne(i, results, !p.body.splits)
		p.ended(t, i, p.body.passed)
		p.tally.fine.Add(1)
	default:
		if p.body.out != nil && !p.body.splits {
			results.tray.put(results.at+i, results.at+i+1)
		}
		p.ended(t, i, p.body.passed)
		p.tally.fine.Add(1)
	}
}

// ended ends one item of a task: its account first, then its turn, then its key.
func (p *core) ended(t *task, i int, how func(*node)) {
	how(t.items.node(i))
	if t.turn != nil {
		if t.turn.left.Add(-1) == 0 {
			p.leave(t.turn)
		}
	}
	if p.step.Keyed {
		p.self.freeKey(t.items, i)
	}
	if t.first {
		p.pending.Add(-1)
	}
}

// leave gives a turn up: what succeeded in it leaves in the order of the input. It
// is handed over, never carried on: whoever delivers holds up all who come after.
func (p *core) leave(turn *turn) {
	if !p.orderly {
		p.free(turn)
		p.belt.Pass(1)
		return
	}
	turn.results.leave(turn.ticket, turn.done)
	p.free(turn)
}
