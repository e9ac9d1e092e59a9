package ergontest

import "strings"

// simLineage knows what every id came of: an input itself, a child, or a group.
type simLineage struct {
	inputs map[string]int      // by id; made-up ones included
	groups map[string][]string // the ids of a group's members
	known  map[string][]simLeaf
}

// simLeaf is one way in which something came of an input: the path is empty for
// the input itself, "/0" for its first child, and ends in simGrouped once it is
// part of a group.
type simLeaf struct {
	input int
	path  string
}

const simGrouped = "|group"

func newSimLineage(ids []string, reps []int) simLineage {
	l := simLineage{inputs: map[string]int{}, groups: map[string][]string{}, known: map[string][]simLeaf{}}
	for i, id := range ids {
		l.inputs[id] = reps[i]
	}
	return l
}

// of returns what an id came of, nil where nobody knows it.
func (l *simLineage) of(id string) []simLeaf {
	if leaves, ok := l.known[id]; ok {
		return leaves
	}
	leaves := l.find(id)
	if leaves != nil {
		l.known[id] = leaves
	}
	return leaves
}

func (l *simLineage) find(id string) []simLeaf {
	if input, ok := l.inputs[id]; ok {
		return []simLeaf{{input: input}}
	}
	if members, ok := l.groups[id]; ok {
		var leaves []simLeaf
		for _, m := range members {
			for _, leaf := range l.of(m) {
				leaves = append(leaves, simLeaf{leaf.input, grouped(leaf.path)})
			}
		}
		return leaves
	}
	parent, ok := parentOf(id)
	if !ok {
		return nil
	}
	var leaves []simLeaf
	for _, leaf := range l.of(parent) {
		if !strings.HasSuffix(leaf.path, simGrouped) {
			leaf.path += id[len(parent):]
		}
		leaves = append(leaves, leaf)
	}
	return leaves
}

func grouped(path string) string {
	if strings.HasSuffix(path, simGrouped) {
		return path
	}
	return path + simGrouped
}

// inputsOf returns the inputs that some ids came of, each once.
func (l *simLineage) inputsOf(ids []string) []int {
	var inputs []int
	for _, id := range ids {
		for _, leaf := range l.of(id) {
			if n := len(inputs); n == 0 || inputs[n-1] != leaf.input {
				inputs = append(inputs, leaf.input)
			}
		}
	}
	return inputs
}
