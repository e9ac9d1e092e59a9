package seam

import "time"

// arrived notes that n items have been pushed, and returns how many became ready
// by it. In a Queue that does not batch everything is ready at once.
func (q *Queue[T, R]) arrived(n int) (became int) {
	if q.config.Batch <= 1 {
		q.ready += n
		return 0
	}
	now := time.Now()
	for range n {
		q.times.push(now)
	}
	if q.eager {
		return q.release(q.items.length - q.ready)
	}
	for q.items.length-q.ready-became >= q.config.Batch {
		became += q.config.Batch
	}
	became = q.release(became)
	q.setAlarm()
	return became
}

// release makes n more items ready.
func (q *Queue[T, R]) release(n int) int {
	q.ready += n
	return n
}

// pop takes the first item, and its time where times are kept.
func (q *Queue[T, R]) pop() T {
	if q.config.Batch > 1 {
		q.times.pop()
	}
	return q.items.pop()
}

// setAlarm sees to it that the oldest item that is not ready waits no longer
// than Within. It is called under the lock, whenever there may be one. An alarm that
// was set for an older one is left as it is: it comes too early, and is set again
// then, so that under load, where batches fill, there are next to none.
func (q *Queue[T, R]) setAlarm() {
	if q.alarm || q.items.length == q.ready {
		return
	}
	q.alarm = true
	since := q.times.at(q.ready)
	q.config.After(max(0, q.config.Within-time.Since(since)), q.timeUp)
}

// timeUp is what the alarm calls: what has waited for Within becomes ready, and
// all that came after it.
func (q *Queue[T, R]) timeUp() {
	q.mu.Lock()
	q.alarm = false
	became := 0
	if q.items.length > q.ready {
		if time.Since(q.times.at(q.ready)) >= q.config.Within {
			became = q.release(q.items.length - q.ready)
		} else {
			q.setAlarm()
		}
	}
	idle := q.stir()
	q.mu.Unlock()
	q.tell(became, idle)
}

// Flush makes every waiting item ready, and returns how many became so.
func (q *Queue[T, R]) Flush() int {
	q.mu.Lock()
	became := q.release(q.items.length - q.ready)
	if q.config.Batch > 1 {
		q.setAlarm()
	}
	idle := q.stir()
	q.mu.Unlock()
	q.tell(became, idle)
	return became
}

// Eager makes every item ready as soon as it comes, from now on.
func (q *Queue[T, R]) Eager() {
	q.mu.Lock()
	q.eager = true
	q.mu.Unlock()
	q.Flush()
}

// Filling returns how many items wait for their batch to become ready.
func (q *Queue[T, R]) Filling() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.items.length - q.ready
}

// Hold keeps everything from being taken for d. Of several the last one to end
// counts.
func (q *Queue[T, R]) Hold(d time.Duration) {
	hold := q.Shut(d)
	q.config.After(d, func() { q.Reopen(hold) })
}

// Shut begins a Hold whose end the caller tells with Reopen, so that it can see to
// what has to be there by then.
func (q *Queue[T, R]) Shut(d time.Duration) (hold int) {
	until := time.Now().Add(d)
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.rushed || q.held && until.Before(q.until) {
		return 0
	}
	if !q.held {
		q.gate = make(chan struct{})
	}
	q.held, q.until = true, until
	q.shut.Store(true)
	q.holds++
	return q.holds
}

// Reopen ends a Hold, unless a later one is in force.
func (q *Queue[T, R]) Reopen(hold int) {
	q.change(func() {
		if q.holds == hold {
			q.unhold()
		}
	})
}

// unhold ends the Hold there is, if any.
func (q *Queue[T, R]) unhold() {
	if q.held {
		q.held = false
		q.shut.Store(false)
		close(q.gate)
	}
}

// Held reports whether nothing is to be begun. It costs next to nothing.
func (q *Queue[T, R]) Held() bool { return q.shut.Load() }

// Await waits for the end of a Hold, for a worker that has something in its Hand.
// false means that the run is over.
func (q *Queue[T, R]) Await() bool {
	q.mu.Lock()
	held, gate := q.held, q.gate
	q.mu.Unlock()
	if !held {
		return true
	}
	select {
	case <-gate:
		return true
	case <-q.config.Over:
		return false
	}
}

// Rush ends all waiting, for good: see the rules of the package.
func (q *Queue[T, R]) Rush() {
	q.mu.Lock()
	q.rushed, q.eager = true, true
	q.unhold()
	q.keys.open()
	became := q.release(q.items.length - q.ready)
	idle := q.stir()
	q.mu.Unlock()
	q.tell(became, idle)
}
