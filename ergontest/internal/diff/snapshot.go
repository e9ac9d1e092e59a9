package diff

// Snapshot is a value as it was at one moment, with all that can be reached from
// it.
type Snapshot struct{ was *node }

// Take returns a Snapshot of a value. It reads all of the value, which nobody may
// change meanwhile, and takes several times its memory.
func Take(value any) Snapshot { return Snapshot{nodeOf(value, true)} }

// Changes returns how a value differs now from what it was, below its name: path
// by path, and with what was and what is. It is empty where nothing has changed.
//
// An element just behind the end of a slice counts too, as appending to a slice
// that has room writes there, where whoever shares the slice would write too.
func (s Snapshot) Changes(name string, value any) string {
	c := newComparison("was:", "is: ")
	c.fixed = true
	c.compare(name, s.was, nodeOf(value, true))
	return c.String()
}
