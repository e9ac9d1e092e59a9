package diff

// mostCells bounds what is spent on finding out which elements of two lists
// belong together.
const mostCells = 1 << 18

// pair is an element of one list beside one of another, by index; -1 where there
// is none.
type pair struct{ want, got int }

// align puts the elements of two lists beside each other, so that as many as
// possible are the same. Lists too long for that are aligned by index.
func align(want, got int, same func(w, g int) bool) []pair {
	head := 0
	for head < min(want, got) && same(head, head) {
		head++
	}
	tail := 0
	for tail < min(want, got)-head && same(want-1-tail, got-1-tail) {
		tail++
	}
	var all []pair
	for i := range head {
		all = append(all, pair{i, i})
	}
	for _, p := range alignMiddle(want-head-tail, got-head-tail, func(w, g int) bool { return same(w+head, g+head) }) {
		all = append(all, p.shifted(head))
	}
	for i := tail; i > 0; i-- {
		all = append(all, pair{want - i, got - i})
	}
	return all
}

func (p pair) shifted(by int) pair {
	if p.want >= 0 {
		p.want += by
	}
	if p.got >= 0 {
		p.got += by
	}
	return p
}

// alignMiddle aligns what is neither a common beginning nor a common end.
func alignMiddle(want, got int, same func(w, g int) bool) []pair {
	if want*got > mostCells {
		return gap(nil, 0, want, 0, got)
	}
	longest := commonLengths(want, got, same)
	var all []pair
	fromW, fromG := 0, 0
	for w, g := 0, 0; w < want && g < got; {
		switch {
		case longest[w][g] == longest[w+1][g]:
			w++
		case longest[w][g] == longest[w][g+1]:
			g++
		default: // w and g are the same
			all = append(gap(all, fromW, w, fromG, g), pair{w, g})
			w, g = w+1, g+1
			fromW, fromG = w, g
		}
	}
	return gap(all, fromW, want, fromG, got)
}

// commonLengths returns the length of the longest common subsequence of what
// begins at w and at g, for all of them.
func commonLengths(want, got int, same func(w, g int) bool) [][]int {
	longest := make([][]int, want+1)
	longest[want] = make([]int, got+1)
	for w := want - 1; w >= 0; w-- {
		longest[w] = make([]int, got+1)
		for g := got - 1; g >= 0; g-- {
			longest[w][g] = max(longest[w+1][g], longest[w][g+1])
			if same(w, g) {
				longest[w][g] = longest[w+1][g+1] + 1
			}
		}
	}
	return longest
}

// gap appends what lies between two common elements, side by side.
func gap(all []pair, w, toW, g, toG int) []pair {
	for w < toW || g < toG {
		p := pair{-1, -1}
		if w < toW {
			p.want, w = w, w+1
		}
		if g < toG {
			p.got, g = g, g+1
		}
		all = append(all, p)
	}
	return all
}
