package engine

// glide is fly where nothing has to be looked at but what may change meanwhile.
func (w *worker[T, R]) glide(items []T) {
	p, one, call, leash := w.pool, w.pool.body.one, w.call, w.leash
	up, turn := &p.run.spent, w.turn
	mask := p.pace.stride() - 1
	for !p.queue.Held() && !up.Load() {
		i, some := w.hand.Begin()
		if !some {
			w.stage = spent
			return
		}
		w.at = i
		call.items = items[i : i+1 : i+1]
		err := one(leash, call, &items[i], w.spot())
		if err != nil || leash.asked.Load() != nil || up.Load() {
			if !w.came(items[i], err) {
				return
			}
			leash = w.leash
			continue
		}
		w.passed++
		if p.body.forward == nil {
			p.end(items[i], &w.exit)
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

// spot returns where the result of the attempt belongs, once there is room for it.
func (w *worker[T, R]) spot() *R {
	if w.turn != nil {
		return &w.turn.results[w.hand.First+w.at]
	}
	if w.kept < len(w.room) {
		return &w.room[w.kept]
	}
	return &w.slot()[0]
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
