package tracker

import "context"

// Store tells the log that everything before an offset is done: next is to be
// read next. It may block, and ends with its context. An error means that the log
// may or may not know.
type Store func(ctx context.Context, next int64) error

// Commit tells the log how far things are, if that is further than it knows. It
// waits while another Commit is at it, as long as ctx lasts. After Revoke it tells
// nothing and returns nil. What failed is told again by the next Commit.
func (t *Tracker) Commit(ctx context.Context, store Store) error {
	if err := t.enter(ctx); err != nil {
		return err
	}
	defer t.leave()
	return t.tell(ctx, store, false)
}

// Revoke ends the assignment: from now on no Done counts. It waits for a Commit
// that is at it, as long as ctx lasts, and tells the log how far things are for
// the last time, where store is not nil: it is for a partition that was lost and
// not handed back. Once it has returned, whatever it returned, no Commit tells
// anything new; if it returned because ctx ended, one that was at it may still be,
// and Revoke may be called again.
func (t *Tracker) Revoke(ctx context.Context, store Store) error {
	t.mu.Lock()
	t.revoked = true
	t.mu.Unlock()
	if err := t.enter(ctx); err != nil {
		return err
	}
	defer t.leave()
	return t.tell(ctx, store, true)
}

// tell tells the log, unless there is no news for it. The last to tell leaves
// nothing to be told.
func (t *Tracker) tell(ctx context.Context, store Store, last bool) error {
	next, news := t.news(last)
	if !news || store == nil {
		return nil
	}
	if err := store(ctx, next); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stored = next
	return nil
}

// news returns what the log does not know yet, if it is to be told. Whether the
// assignment is over, and how far it is, is looked up under one lock.
func (t *Tracker) news(last bool) (next int64, news bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	over := t.ended || t.revoked && !last
	t.ended = t.ended || last
	return t.low(), !over && t.low() > t.stored
}

// enter takes the one slot for telling the log. It is a channel because it is held
// over what blocks, which no lock may be.
func (t *Tracker) enter(ctx context.Context) error {
	select {
	case t.telling <- struct{}{}:
		return nil
	default:
	}
	select {
	case t.telling <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (t *Tracker) leave() { <-t.telling }
