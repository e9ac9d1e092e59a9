package house

import (
	"fmt"
	"slices"
	"strings"
)

// surfaces returns what go doc shows of every public package, by the name of its
// snapshot.
func (w workspace) surfaces() (map[string]string, error) {
	packages, err := w.packages()
	if err != nil {
		return nil, err
	}
	surfaces := map[string]string{}
	for _, p := range packages {
		if !p.public() {
			continue
		}
		text, err := output(w.command(p.Dir, "doc", "-all", "."))
		if err != nil {
			return nil, err
		}
		surfaces[snapshotOf(p.rel())] = text
	}
	return surfaces, nil
}

// snapshotOf returns the name of a package's snapshot.
func snapshotOf(rel string) string {
	if rel == "." {
		rel = "ergon"
	}
	return rel + ".txt"
}

// surfaceFaults returns how the surface differs from its snapshot, line by line.
func surfaceFaults(snapshot, now map[string]string) []string {
	names := map[string]bool{}
	for name := range snapshot {
		names[name] = true
	}
	for name := range now {
		names[name] = true
	}
	var faults []string
	for name := range names {
		if snapshot[name] == now[name] {
			continue
		}
		faults = append(faults, fmt.Sprintf("%s:\n%s", name, difference(snapshot[name], now[name])))
	}
	slices.Sort(faults)
	return faults
}

// difference returns the lines that only one of two texts has, those gone with a
// minus, those new with a plus, or that their order is another.
func difference(before, after string) string {
	var b strings.Builder
	only(&b, "- ", before, after)
	only(&b, "+ ", after, before)
	if b.Len() == 0 {
		return "the same lines in another order\n"
	}
	return b.String()
}

// only writes the lines that one text has and another has not as often.
func only(b *strings.Builder, mark, text, other string) {
	count := map[string]int{}
	for line := range strings.Lines(other) {
		count[strings.TrimRight(line, "\n")]++
	}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if count[line]--; count[line] < 0 {
			b.WriteString(mark + line + "\n")
		}
	}
}
