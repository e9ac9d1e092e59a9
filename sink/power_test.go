package sink

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/matryer/is"
)

// powerHunt cuts the power at every operation of a run and after it, and then at
// every one of the run that comes next, for everything that may have survived. It
// counts the cuts.
type powerHunt struct {
	kind powerKind
	dir  string
	deaf string
	cuts int
	been map[string]bool // from where it has gone on
}

func huntPower(dir string, k powerKind, deaf string) (cuts int, err error) {
	h := &powerHunt{kind: k, dir: dir, deaf: deaf, been: map[string]bool{}}
	err = h.from(survivors{}, &powerRun{}, 2)
	return h.cuts, err
}

// from begins where others have left off. The last run keeps its power.
func (h *powerHunt) from(found survivors, r *powerRun, cuts int) error {
	for fails := 0; ; fails++ {
		now, place := r.clone(), filepath.Join(h.dir, strconv.Itoa(cuts))
		if cuts == 0 {
			fails = math.MaxInt
		}
		d, err := h.disk(place, found, fails)
		if err != nil {
			return err
		}
		err = now.run(h.kind, d, filepath.Join(place, "out"))
		if err != nil && !d.off {
			return err
		}
		if cuts == 0 {
			return now.fault(h.kind, seen(place))
		}
		if err := h.after(d, now, cuts); err != nil {
			return fmt.Errorf("operation %d, %w", fails, err)
		}
		if !d.off {
			return nil
		}
	}
}

// after goes on with everything that may have survived.
func (h *powerHunt) after(d *powered, r *powerRun, cuts int) error {
	h.cuts++
	all, by := d.survivors()
	for i, found := range all {
		now := r.clone()
		now.garbage = now.garbage || by[i] == headless
		err := now.between(h.kind, found)
		if where := fmt.Sprint(cuts, now.stored, now.published, now.garbage, found.texts()); err == nil && !h.been[where] {
			h.been[where] = true
			err = h.from(found, now, cuts-1)
		}
		if err != nil {
			return fmt.Errorf("loss %d: %w", by[i], err)
		}
	}
	return nil
}

// disk returns a disk in an empty directory.
func (h *powerHunt) disk(dir string, found survivors, fails int) (*powered, error) {
	if err := errors.Join(os.RemoveAll(dir), os.Mkdir(dir, 0o700)); err != nil {
		return nil, err
	}
	return poweredBy(dir, found, fails, h.deaf)
}

// seen returns the texts in a directory by name.
func seen(dir string) survivors {
	all := survivors{}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		text, _ := os.ReadFile(filepath.Join(dir, e.Name()))
		all[e.Name()] = string(text)
	}
	return all
}

func TestWhatIsConfirmedOutlivesALossOfPower(t *testing.T) {
	for _, k := range powerKinds() {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			cuts, err := huntPower(t.TempDir(), k, "")
			t.Logf("the power failed %d times", cuts)
			is.New(t).NoErr(err)
		})
	}
}

func TestALossOfPowerFindsASyncThatIsMissing(t *testing.T) {
	for _, k := range powerKinds() {
		for _, deaf := range []string{"texts", "names"} {
			t.Run(k.name+", "+deaf, func(t *testing.T) {
				_, err := huntPower(t.TempDir(), k, deaf)
				is.New(t).True(err != nil) // what was not synced is missed
				t.Log(err)
			})
		}
	}
}
