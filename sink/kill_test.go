package sink

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/internal/killing"
)

func TestMain(m *testing.M) {
	os.Exit(killing.Main(m, map[string]killing.Job{"write": killedWriter}))
}

// killSettings is what a child is to write, and where. Kinds of files are those
// of the tests of a loss of power.
type killSettings struct {
	Dir  string
	Kind int
	Age  int  // how many children came before
	Bug  bool // it says that things are stored before they are
}

func (s killSettings) path() string    { return filepath.Join(s.Dir, "out") }
func (s killSettings) kind() powerKind { return powerKinds()[s.Kind] }

// killBatch is the ids of a batch, large enough for its write to be torn.
func killBatch(name string) (ids []string) {
	for i := range 400 {
		ids = append(ids, fmt.Sprintf("%s-%d", name, i))
	}
	return ids
}

// killedWriter is the job of a child that writes batches without end, each of them
// into a file of its own where the file is a whole one.
func killedWriter(ctx context.Context, parent *killing.Parent) error {
	var s killSettings
	if err := parent.Hear(&s); err != nil {
		return err
	}
	k := s.kind()
	out := k.sink(s.path(), realDisk{})
	for i := 0; ; i++ {
		name := fmt.Sprintf("%d.%d", s.Age, i)
		parent.Tell("storing", name)
		if s.Bug {
			parent.Tell("stored", name)
		}
		err := errors.Join(out.Start(ctx), out.put(killBatch(name)...))
		if k.whole {
			err = errors.Join(err, out.Stop(ctx))
		}
		if err != nil {
			return err
		}
		if !s.Bug {
			parent.Tell("stored", name)
		}
	}
}

// killFiles is what a parent knows of the files of its children.
type killFiles struct {
	settings killSettings
	tried    []string // batches that are, or may be, in the file
	stored   map[string]bool
	figures  killing.Figures
	torn     int // kills that tore a record
}

// hear takes in what a child told.
func (f *killFiles) hear(told []killing.Line) {
	busy := 0
	for _, line := range told {
		if line.What == "storing" {
			f.tried = append(f.tried, line.About[0])
			busy++
		} else {
			f.stored[line.About[0]] = true
			busy--
		}
	}
	f.figures.Add(killing.Figures{Kills: 1, Busy: min(busy, 1), InFlight: busy})
}

// appended looks at a file that is added to, once it was opened again: what was
// confirmed stands there once and whole, in order, and nothing else but whole
// records of what was being written.
func (f *killFiles) appended(ctx context.Context) error {
	torn := size(f.settings.path() + ".torn")
	again := f.settings.kind().sink(f.settings.path(), realDisk{})
	if err := errors.Join(again.Start(ctx), again.Stop(ctx)); err != nil {
		return err
	}
	if size(f.settings.path()+".torn") > torn {
		f.torn++
	}
	text, err := os.ReadFile(f.settings.path())
	if err != nil {
		return err
	}
	ids := f.settings.kind().read(string(text))
	for _, name := range f.tried {
		batch := killBatch(name)
		n := 0
		for n < min(len(batch), len(ids)) && ids[n] == batch[n] {
			n++
		}
		if n < len(batch) && f.stored[name] {
			return fmt.Errorf("batch %s was confirmed, and %d of its %d records are there", name, n, len(batch))
		}
		ids = ids[n:]
	}
	if len(ids) > 0 {
		return fmt.Errorf("record %q is there, and should not be, or not there", ids[0])
	}
	return nil
}

// published looks at a whole file: it is that of the batch that was confirmed
// last, or of the one that was being written, and what else is left is hidden.
func (f *killFiles) published() error {
	text, err := os.ReadFile(f.settings.path())
	if err != nil {
		return err
	}
	ids, at := f.settings.kind().read(string(text)), len(f.tried)-1
	if !f.stored[f.tried[at]] && !equalTo(ids, f.tried[at]) {
		at--
	}
	if !equalTo(ids, f.tried[at]) {
		return fmt.Errorf("the file holds %d records, and is not that of batch %s", len(ids), f.tried[at])
	}
	left, err := filepath.Glob(filepath.Join(f.settings.Dir, ".out.*.tmp"))
	if len(left) > 1 {
		err = fmt.Errorf("%d hidden files are left of one child", len(left))
	}
	for _, path := range left {
		err = errors.Join(err, os.Remove(path))
		f.torn++
	}
	if all, _ := os.ReadDir(f.settings.Dir); len(all) != 1 {
		err = errors.Join(err, fmt.Errorf("%d files are left", len(all)))
	}
	return err
}

func equalTo(ids []string, name string) bool {
	return fmt.Sprint(ids) == fmt.Sprint(killBatch(name))
}

func size(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// killsOfAFile is after how many kills another file is begun: they grow.
const killsOfAFile = 10

func killHunt(t *testing.T, kind int, bug bool, plan killing.Plan) (*killFiles, error) {
	t.Helper()
	killer, began, dir := plan.Killer("write"), time.Now(), t.TempDir()
	f := &killFiles{settings: killSettings{Kind: kind, Bug: bug}}
	for age := range plan.Kills {
		if f.settings.Age = age; age%killsOfAFile == 0 {
			f.settings.Dir, f.tried, f.stored = filepath.Join(dir, "files"), nil, map[string]bool{}
			if err := errors.Join(os.RemoveAll(f.settings.Dir), os.Mkdir(f.settings.Dir, 0o700)); err != nil {
				return f, err
			}
		}
		told, err := killer.Kill(t.Context(), f.settings, "stored")
		if err != nil {
			return f, err
		}
		if f.hear(told); f.settings.kind().whole {
			err = f.published()
		} else {
			err = f.appended(t.Context())
		}
		if err != nil {
			return f, fmt.Errorf("after %d kills: %w", age+1, err)
		}
	}
	f.figures.Lasted = time.Since(began)
	return f, nil
}

func TestKilledAtAnyMomentWhatIsConfirmedIsInTheFile(t *testing.T) {
	plan, kinds, began := killing.PlanOf(t, killing.Usual*3/10), powerKinds(), time.Now()
	all := make([]killing.Figures, len(kinds))
	t.Run("kind", func(t *testing.T) {
		for i, k := range kinds {
			t.Run(k.name, func(t *testing.T) {
				t.Parallel()
				f, err := killHunt(t, i, false, plan.Split(i, len(kinds)))
				all[i] = f.figures
				t.Logf("%s; %d left something torn", f.figures, f.torn)
				is.New(t).NoErr(err)
			})
		}
	})
	var total killing.Figures
	for _, figures := range all {
		total.Add(figures)
	}
	total.Lasted = time.Since(began)
	t.Log(total)
	is.New(t).True(2*total.Busy > total.Kills) // most kills came while something was being written
}

func TestTheKillerFindsWhatIsConfirmedTooEarly(t *testing.T) {
	for i, k := range powerKinds() {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			plan := killing.PlanOf(t, killing.Usual)
			plan.Kills = 100
			_, err := killHunt(t, i, true, plan)
			is.New(t).True(err != nil) // it is found
			t.Log(err)
		})
	}
}
