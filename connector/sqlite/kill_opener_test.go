package sqlite

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/internal/killing"
)

// killedOpener is the job of a child that makes one file after the other.
func killedOpener(ctx context.Context, parent *killing.Parent) error {
	var s killSettings
	if err := parent.Hear(&s); err != nil {
		return err
	}
	for i := 0; ; i++ {
		name := fmt.Sprintf("%d.db", i)
		parent.Tell("opening", name)
		db, err := Open(ctx, filepath.Join(s.Dir, name))
		if err != nil {
			return err
		}
		parent.Tell("opened", name)
		if err := db.Close(); err != nil {
			return err
		}
	}
}

func TestKilledWhileItIsMadeAFileIsMadeAllTheSame(t *testing.T) {
	is := is.New(t)
	plan, began := killing.PlanOf(t, killing.Usual/10), time.Now()
	killer, dir := plan.Killer("open"), filepath.Join(t.TempDir(), "files")
	var figures killing.Figures
	for range plan.Kills {
		is.NoErr(os.Mkdir(dir, 0o700))
		told, err := killer.Kill(t.Context(), killSettings{Dir: dir}, "opened")
		is.NoErr(err)
		last := told[len(told)-1]
		db := openedAt(t, filepath.Join(dir, last.About[0]))
		enqueued(t, Queue(db, "orders", String()), texts("a")...)
		is.Equal(idsOf(fetched(t, Queue(db, "orders", String()), 9)), []string{"a"})
		is.NoErr(sound(t.Context(), db))
		is.NoErr(db.Close())
		is.NoErr(os.RemoveAll(dir))
		busy := 0
		if last.What == "opening" {
			busy = 1
		}
		figures.Add(killing.Figures{Kills: 1, Busy: busy, InFlight: busy})
	}
	figures.Lasted = time.Since(began)
	t.Log(figures)
	is.True(figures.Busy > 0) // some kill came while a file was being made
}
