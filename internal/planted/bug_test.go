package planted

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// bug is one that is planted.
type bug struct {
	name    string // by which its text switches it on
	promise string // that it breaks
	file    string // from the root of the repository
	old     string // stands exactly once in the file
	new     string // what takes its place; @ stands for old
	more    []edit // of the same file
	by      finder // who is to find it; unset: the simulation
}

// edit is one change of a file.
type edit struct{ old, new string }

// finder is a test that is to find a bug.
type finder struct {
	dir string // of its package, from the root of the repository
	run string // as go test -run has it
}

// simulation finds a bug by simulating pipelines until one fails.
var simulation = finder{"ergontest", "^TestSimulationHunts$"}

func (b bug) finder() finder {
	if b.by.dir == "" {
		return simulation
	}
	return b.by
}

func (b bug) edits() []edit { return append([]edit{{b.old, b.new}}, b.more...) }

// all returns all bugs.
func all() []bug {
	return slices.Concat(
		settlementBugs(), verdictBugs(), failureBugs(), fetchBugs(), slotBugs(), retryBugs(), stopBugs(),
		batchBugs(), orderBugs(), branchBugs(), brokerBugs(), sourceBugs(), sinkBugs(), sqliteBugs(),
		carryBugs(), turnBugs(),
	)
}

// errMoved says that a bug has lost its place.
var errMoved = errors.New("the code has moved on, and the bug must be planted anew")

// patch is where a text of a file is replaced, by all bugs that replace it.
type patch struct {
	from, to int
	text     string
}

// plant returns what becomes of a file with all its bugs in it. Two bugs may
// replace the same text, but not two that overlap.
func plant(text string, bugs []bug) (string, error) {
	var patches []patch
	for _, b := range bugs {
		if !strings.Contains(b.new, strconv.Quote(b.name)) {
			return "", fmt.Errorf("%s does not look at its switch", b.name)
		}
		for _, e := range b.edits() {
			if n := strings.Count(text, e.old); n != 1 {
				return "", fmt.Errorf("%s: %d times in %s: %w:\n%s", b.name, n, b.file, errMoved, e.old)
			}
			patches = add(patches, strings.Index(text, e.old), e)
		}
	}
	slices.SortFunc(patches, func(a, b patch) int { return b.from - a.from })
	for i, p := range patches {
		if i > 0 && p.to > patches[i-1].from {
			return "", fmt.Errorf("two bugs overlap at %q and %q", p.text, patches[i-1].text)
		}
		text = text[:p.from] + p.text + text[p.to:]
	}
	return text, nil
}

// add adds an edit, on top of those that replace the same text.
func add(patches []patch, from int, e edit) []patch {
	to := from + len(e.old)
	for i, p := range patches {
		if p.from == from && p.to == to {
			patches[i].text = strings.ReplaceAll(e.new, "@", p.text)
			return patches
		}
	}
	return append(patches, patch{from, to, strings.ReplaceAll(e.new, "@", e.old)})
}

// plantFile returns a file with its bugs, and with what their switch needs.
func plantFile(root, file string, bugs []bug) (string, error) {
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
	if err != nil {
		return "", fmt.Errorf("%s: %w", bugs[0].name, err)
	}
	planted, err := plant(string(text), bugs)
	if err != nil {
		return "", err
	}
	head, rest, _ := strings.Cut("\n"+planted, "\npackage ")
	clause, rest, _ := strings.Cut(rest, "\n")
	return strings.TrimPrefix(head+"\npackage "+clause+"; import \""+switchPath+"\"\n"+rest, "\n"), nil
}
