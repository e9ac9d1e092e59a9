package seam

// keys keeps items of one key from being out together, in a Queue with a Key.
// It is guarded by the lock of its Queue; the zero value (no key) lets all pass.
type keys[T any] struct {
	of     func(T) string
	states map[string]*keyState[T]
	next   ring[T] // items whose key has been kept for them; they go first
	parked int     // items that wait for their key
}

// keyState exists while anything of a key is out, kept for, or parked.
type keyState[T any] struct {
	out    int    // taken and not Done
	kept   int    // in next
	slab   Ticket // which slab those that are out belong to
	parked ring[T]
}

// admit reports whether an item may go out with the slab that is being filled.
// If not, it is parked behind its key.
func (k *keys[T]) admit(v T, slab Ticket, rushed bool) bool {
	if k.of == nil || rushed {
		return true
	}
	s := k.states[k.of(v)]
	if s == nil || s.slab == slab && s.kept == 0 && s.parked.length == 0 {
		k.note(v, slab)
		return true
	}
	s.parked.push(v)
	k.parked++
	return false
}

// note records that an item goes out with a slab.
func (k *keys[T]) note(v T, slab Ticket) {
	key := k.of(v)
	s := k.states[key]
	if s == nil {
		if k.states == nil {
			k.states = map[string]*keyState[T]{}
		}
		s = &keyState[T]{}
		k.states[key] = s
	}
	s.out++
	s.slab = slab
}

// reserved appends to slab the items whose key is kept for them. Those of one key
// leave together: the rest of them could not follow before the first have left
// for good, and would hold up the other keys behind them.
func (k *keys[T]) reserved(slab []T, most int, ticket Ticket) []T {
	for k.next.length > 0 {
		s := k.states[k.of(k.next.at(0))]
		if s == nil { // in a rush
			if len(slab) == most {
				return slab
			}
			slab = append(slab, k.next.pop())
			continue
		}
		if len(slab)+s.kept > most {
			return slab
		}
		for ; s.kept > 0; s.kept-- {
			slab = append(slab, k.next.pop())
			s.out++
		}
		s.slab = ticket
	}
	return slab
}

// done notes that an item has left, and keeps its key for the next ones parked
// behind it, at most a slab.
func (k *keys[T]) done(v T, most int) {
	key := k.of(v)
	s := k.states[key]
	if s == nil {
		return // taken in a rush
	}
	s.out--
	if s.out > 0 || s.kept > 0 {
		return
	}
	for s.kept < most && s.parked.length > 0 {
		k.next.push(s.parked.pop())
		k.parked--
		s.kept++
	}
	if s.kept == 0 {
		delete(k.states, key)
	}
}

// open lets everything go that was parked, and keeps nothing any longer.
func (k *keys[T]) open() {
	for key, s := range k.states {
		for s.parked.length > 0 {
			k.next.push(s.parked.pop())
			k.parked--
		}
		delete(k.states, key)
	}
}
