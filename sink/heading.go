package sink

import "slices"

// heading is what a file says at its beginning of the fields of its records.
type heading struct {
	names []string
	begun bool // something stands in the file: too late for another heading
}

// admits reports whether a record with fields of these names, nil where it has
// none, may stand below it.
func (h heading) admits(names []string) bool {
	return names == nil || !h.begun || slices.Equal(h.names, names)
}

// withRecord returns the heading once a record that it admits stands below it.
func (h heading) withRecord(names []string) heading {
	if h.begun {
		return h
	}
	return heading{names: slices.Clone(names), begun: true}
}
