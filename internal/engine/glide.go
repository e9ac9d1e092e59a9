package engine

// glide is fly where nothing has to be looked at but what may change meanwhile.
func (w *worker[T]) glide(items []Item[T]) {
	p, one, call, leash := w.pool, w.pool.one, w.call, w.leash
	up, turn := &p.run.spent, w.turn
	mask, told := p.pace.stride()-1, w.kept
	into := place{tray: w.room}
	if turn != nil {
		into.tray = turn.results
	} else if w.room != nil {
		w.room.room(len(items))
	}
	for !p.queue.Held() && !up.Load() {
		i, some := w.hand.Begin(w.kept - told)
		told = w.kept
		if !some {
			w.stage = spent
			return
		}
		w.at = i
		if into.at = w.kept; turn != nil {
			into.at = w.hand.First + i
		}
		err := one(leash, call, &items[i], into)
		if err != nil || leash.asked.Load() != nil || up.Load() {
			if !w.came(&items[i], err) {
				return
			}
			leash = w.leash
			continue
		}
		w.passed++
		if p.body.out == nil {
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
func (w *seat) slot() place {
	if w.turn != nil {
		return place{tray: w.turn.results, at: w.hand.First + w.at}
	}
	if w.room != nil {
		w.room.room(w.kept + 1)
	}
	return place{tray: w.room, at: w.kept}
}
