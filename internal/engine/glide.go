package engine

// glide is fly where nothing has to be looked at but what may change meanwhile.
func (w *worker[T, R]) glide(items []T) {
	p, one, call, leash := w.pool, w.pool.body.one, w.call, w.leash
	up, turn := &p.run.spent, w.turn
	mask, told := p.pace.stride()-1, w.kept
	if turn == nil && len(w.room) < len(items) {
		w.room = append(w.room, make([]R, len(items)-len(w.room))...)
	}
	for !p.queue.Held() && !up.Load() {
		i, some := w.hand.Begin(w.kept - told)
		told = w.kept
		if !some {
			w.stage = spent
			return
		}
		w.at = i
		call.items = items[i : i+1 : i+1]
		var into *R
		if turn == nil {
			into = &w.room[w.kept]
		} else {
			into = &turn.results[w.hand.First+i]
		}
		err := one(leash, call, &items[i], into)
		if err != nil || leash.asked.Load() != nil || up.Load() {
			if !w.came(items[i], err) {
				return
			}
			leash = w.leash
			continue
		}
		w.passed++
		if p.body.forward == nil {
			p.end(items[i:i+1], &w.exit)
		} else if turn == nil {
			w.kept++
		}
		if turn != nil {
			turn.done[w.hand.First+i] = true
			w.left++
		}
		if i&mask == mask && w.tired(w.now()) {
			break
		}
	}
	w.stage = held
}

// slot returns where the result of the attempt belongs.
func (w *worker[T, R]) slot() []R {
	if w.turn != nil {
		i := w.hand.First + w.at
		return w.turn.results[i : i+1 : i+1]
	}
	if w.kept == len(w.room) {
		w.room = append(w.room, *new(R))
	}
	return w.room[w.kept : w.kept+1 : w.kept+1]
}
