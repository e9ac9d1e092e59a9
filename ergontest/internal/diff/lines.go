package diff

import "strings"

// around is how many lines are shown around those that differ.
const around = 2

// mostLines bounds how many lines of a comparison are shown.
const mostLines = 60

// Lines returns how two texts differ, line by line: what is only in the wanted one
// with a minus, what is only in the other with a plus, and some lines around. It
// is empty where they are the same.
func Lines(want, got string) string {
	if want == got {
		return ""
	}
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	pairs := align(len(w), len(g), func(i, j int) bool { return w[i] == g[j] })
	var marked []string
	for i := 0; i < len(pairs); {
		end := i
		var gone, come []string
		for ; end < len(pairs) && !pairs[end].common(w, g); end++ {
			if pairs[end].want >= 0 {
				gone = append(gone, "- "+visible(w[pairs[end].want]))
			}
			if pairs[end].got >= 0 {
				come = append(come, "+ "+visible(g[pairs[end].got]))
			}
		}
		marked = append(append(marked, gone...), come...)
		if end < len(pairs) {
			marked = append(marked, "  "+visible(w[pairs[end].want]))
			end++
		}
		i = end
	}
	return strings.Join(shortened(near(marked)), "\n")
}

// common reports whether both texts have the line.
func (p pair) common(want, got []string) bool {
	return p.want >= 0 && p.got >= 0 && want[p.want] == got[p.got]
}

// visible shows what ends a line and is not seen.
func visible(line string) string {
	if trimmed := strings.TrimRight(line, " \t\r"); trimmed != line {
		return trimmed + strings.NewReplacer(" ", "·", "\t", "→", "\r", "␍").Replace(line[len(trimmed):])
	}
	return line
}

// near leaves out lines that are the same and far from those that differ.
func near(marked []string) []string {
	var kept []string
	left := false
	for i, line := range marked {
		if !changed(marked[max(0, i-around):min(len(marked), i+around+1)]) {
			left = true
			continue
		}
		if left {
			kept = append(kept, "  ...")
		}
		kept, left = append(kept, line), false
	}
	if left {
		kept = append(kept, "  ...")
	}
	return kept
}

func changed(lines []string) bool {
	for _, line := range lines {
		if line[0] != ' ' {
			return true
		}
	}
	return false
}

func shortened(lines []string) []string {
	if len(lines) > mostLines {
		return append(lines[:mostLines:mostLines], "  ...")
	}
	return lines
}
