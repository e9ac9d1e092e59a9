package sink

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

// powerRun is what was tried with a file, through losses of power, and what of it
// was confirmed.
type powerRun struct {
	tried, stored []string
	published     int      // how many runs were confirmed to be under the name
	runs          int      // how many there were
	tails         []string // texts that stood in the file when a run began
	garbage       bool     // of what was not confirmed there may be anything
}

// run writes to a disk until the end, or until the power fails.
func (r *powerRun) run(k powerKind, d disk, path string) error {
	begun, _ := os.ReadFile(path)
	r.tails = append(r.tails, string(begun))
	s := k.sink(path, d)
	r.runs++
	err := s.Start(context.Background())
	for _, n := range []int{3, 1, 2} {
		if err != nil {
			break
		}
		var ids []string
		for range n {
			ids = append(ids, fmt.Sprintf("%d-%d", r.runs, len(r.tried)))
			r.tried = append(r.tried, ids[len(ids)-1])
		}
		if err = s.put(ids...); err == nil {
			r.stored = append(r.stored, ids...)
		}
	}
	if errStop := s.Stop(context.Background()); err == nil && errStop == nil {
		r.published = r.runs
	} else {
		err = errors.Join(err, errStop)
	}
	return err
}

func (r powerRun) clone() *powerRun {
	r.tried, r.stored, r.tails = slices.Clone(r.tried), slices.Clone(r.stored), slices.Clone(r.tails)
	return &r
}

// fault returns what is wrong with a file after the last run, which had power.
func (r *powerRun) fault(k powerKind, found survivors) error {
	ids := k.read(found["out"])
	if k.whole {
		return r.wholeFault(ids, found)
	}
	at := 0
	for _, id := range ids {
		next := slices.Index(r.tried[at:], id)
		switch {
		case next < 0 && (id != "?" || !r.garbage):
			return fmt.Errorf("the file holds %v: %q is none of what was tried, or not in its place", ids, id)
		case next >= 0:
			at += next + 1
		}
	}
	for _, id := range r.stored {
		if !slices.Contains(ids, id) {
			return fmt.Errorf("%s was confirmed, and is not in %v", id, ids)
		}
	}
	for _, text := range r.tails {
		same := 0
		for same < min(len(text), len(found["out"])) && text[same] == found["out"][same] {
			same++
		}
		if !strings.Contains(found["out.torn"], text[same:]) {
			return fmt.Errorf("%q was cut off, and was not set aside", text[same:])
		}
	}
	return nil
}

// wholeFault holds a whole file against the last run, which had power.
func (r *powerRun) wholeFault(ids []string, found survivors) error {
	if want := r.tried[len(r.tried)-6:]; !slices.Equal(ids, want) {
		return fmt.Errorf("the file holds %v and not %v", ids, want)
	}
	for name := range found {
		if name != "out" && (!strings.HasPrefix(name, ".out.") || !strings.HasSuffix(name, ".tmp")) {
			return fmt.Errorf("%s is left", name)
		}
	}
	return nil
}

// between returns what is wrong with a whole file when the power is back: it is
// that of one run, and of none before the last that was confirmed.
func (r *powerRun) between(k powerKind, found survivors) error {
	text, there := found["out"]
	if !k.whole || !there && r.published == 0 {
		return nil
	}
	ids := k.read(text)
	if len(ids) != 6 || slices.Contains(ids, "?") {
		return fmt.Errorf("the file holds %v, which is not whole", ids)
	}
	var run int
	if _, err := fmt.Sscanf(ids[0], "%d-", &run); err != nil || run < r.published {
		return fmt.Errorf("the file is that of run %d, and run %d was confirmed", run, r.published)
	}
	return nil
}
