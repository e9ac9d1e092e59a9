package engine

// succeed hands on the results of a task of which everything succeeded.
func (p *pool[T, R]) succeed(t *task[T, R], results []R, by carrier) {
	if t.first || t.turn != nil && p.body.splits || p.anyLost(t.items) {
		for i := range t.items {
			p.succeedItem(t, i, results[i])
		}
		return
	}
	switch {
	case t.turn != nil:
		t.take(results, p.body.forward != nil)
	case p.body.forward != nil && !p.body.splits:
		p.body.forward(results)
	}
	x := p.newExit()
	p.end(t.items, x)
	if t.turn != nil && t.turn.left.Add(-int64(len(t.items))) == 0 {
		p.leave(t.turn)
	}
	if p.step.Keyed {
		for _, v := range t.items {
			p.queue.Done(v)
		}
	}
	x.leave(by) // at last: what is carried on may take its time, and may end the goroutine
	p.freeExit(x)
}

// end ends items that have passed, together.
func (p *pool[T, R]) end(items []T, x *exit) {
	if p.body.leave != nil {
		p.body.leave(items, x)
		return
	}
	for _, v := range items {
		p.body.passed(v)
	}
}

func (p *pool[T, R]) anyLost(items []T) bool {
	if p.body.lost == nil || !p.run.leased {
		return false
	}
	for _, v := range items {
		if p.body.node(v).has(lost) {
			return true
		}
	}
	return false
}

// succeedItem hands on the result of one item of a task.
func (p *pool[T, R]) succeedItem(t *task[T, R], i int, result R) {
	v := t.items[i]
	switch {
	case p.body.lost != nil && p.body.node(v).has(lost):
		p.ended(t, i, func(v T) { p.body.lost(v) })
	case t.turn != nil:
		t.turn.results[t.spot(i)] = result
		t.turn.done[t.spot(i)] = !p.body.splits
		p.ended(t, i, func(v T) { p.body.passed(v) })
	default:
		if p.body.forward != nil && !p.body.splits {
			p.body.forward([]R{result})
		}
		p.ended(t, i, func(v T) { p.body.passed(v) })
	}
}

// ended ends one item of a task: its account first, then its turn, then its key.
func (p *pool[T, R]) ended(t *task[T, R], i int, how func(T)) {
	v := t.items[i]
	how(v)
	if t.turn != nil {
		if t.turn.left.Add(-1) == 0 {
			p.leave(t.turn)
		}
	}
	p.queue.Done(v)
	if t.first {
		p.pending.Add(-1)
	}
}

// leave gives a turn up: what succeeded in it leaves in the order of the input. It
// is handed over, never carried on: whoever delivers holds up all who come after.
func (p *pool[T, R]) leave(turn *turn[R]) {
	if p.line == nil {
		p.free(turn)
		p.queue.Pass(1)
		return
	}
	p.line.Leave(turn.ticket, turn.succeeded())
	p.free(turn)
}
