package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"
	"github.com/sourcegraph/conc"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/killing"
)

// killBatchOf returns the batch of a name, "child.writer.number". How large it is
// follows from the number.
func killBatchOf(name string) []ergon.Transaction[string] {
	number, _ := strconv.Atoi(name[strings.LastIndexByte(name, '.')+1:])
	var ids []string
	for i := range 1 + number*37%200 {
		ids = append(ids, name+"."+strconv.Itoa(i))
	}
	return texts(ids...)
}

// killWriters are those who write at once into one file, sharing its commits.
func killWriters(db *DB) []ergon.Sink[string] {
	q := Queue(db, "orders", String())
	rows := Table(db, "rows", Columns(func(s string) []any { return []any{s} }, "text"), Create())
	return []ergon.Sink[string]{q, q, rows, rows}
}

// killedWriter is the job of a child that writes batches without end.
func killedWriter(ctx context.Context, parent *killing.Parent) error {
	var s killSettings
	if err := parent.Hear(&s); err != nil {
		return err
	}
	db, err := Open(ctx, filepath.Join(s.Dir, "test.db"))
	if err != nil {
		return err
	}
	sinks := killWriters(db)
	faults := make([]error, len(sinks))
	var writing conc.WaitGroup
	for w, sink := range sinks {
		writing.Go(func() {
			for i := 0; faults[w] == nil; i++ {
				name := fmt.Sprintf("%d.%d.%d", s.Age, w, i)
				parent.Tell("storing", name)
				if s.Bug == bugAckFirst {
					parent.Tell("stored", name)
				}
				if faults[w] = sink.Dispatch(ctx, killBatchOf(name)); faults[w] == nil && s.Bug == "" {
					parent.Tell("stored", name)
				}
			}
		})
	}
	writing.Wait()
	return errors.Join(faults...)
}

// killsOfAFile is after how many kills another file is begun: they grow.
const killsOfAFile = 20

// killBatches is what a parent knows of the batches of its children.
type killBatches struct {
	dir     string
	found   map[string]int // how many of a batch are in the file, since the last kill
	since   [2]int64
	unasked int // batches that are there though the child was killed before it was told so
	figures killing.Figures
}

func (b *killBatches) read(ctx context.Context, db *DB) error {
	b.found = map[string]int{}
	for i, query := range []string{
		"SELECT position, id FROM ergon_messages WHERE position > ?", "SELECT rowid, id FROM rows WHERE rowid > ?",
	} {
		if err := db.read(ctx, func(r *sql.Rows) error {
			var id string
			err := r.Scan(&b.since[i], &id)
			b.found[id[:strings.LastIndexByte(id, '.')]]++
			return err
		}, query, b.since[i]); err != nil {
			return err
		}
	}
	return sound(ctx, db)
}

// look opens the file after a kill: a batch is whole or not there, and what was
// reported as stored is there.
func (b *killBatches) look(ctx context.Context, told []killing.Line) (err error) {
	db, err := Open(ctx, filepath.Join(b.dir, "test.db"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.Exec(ctx, "CREATE TABLE IF NOT EXISTS rows (id TEXT NOT NULL PRIMARY KEY, text)"); err != nil {
		return err
	}
	if err := b.read(ctx, db); err != nil {
		return err
	}
	open, faults := map[string]bool{}, []error(nil)
	for _, line := range told {
		switch name := line.About[0]; {
		case line.What == "storing":
			open[name] = true
		case b.found[name] == 0:
			faults = append(faults, fmt.Errorf("batch %s was confirmed, and is not there", name))
			fallthrough
		default:
			delete(open, name)
		}
	}
	for name, n := range b.found {
		if want := len(killBatchOf(name)); n != want {
			faults = append(faults, fmt.Errorf("of batch %s there are %d of %d", name, n, want))
		}
		if open[name] {
			b.unasked++
		}
	}
	b.figures.Add(killing.Figures{Kills: 1, Busy: min(len(open), 1), InFlight: len(open)})
	return errors.Join(faults...)
}

// killWriting kills children that write, one after the other on the same file, and
// looks after each.
func killWriting(t *testing.T, bug string, plan killing.Plan) (*killBatches, error) {
	t.Helper()
	began := time.Now()
	killer, b := plan.Killer("write"), &killBatches{dir: filepath.Join(t.TempDir(), "files")}
	for age := range plan.Kills {
		if age%killsOfAFile == 0 {
			b.since = [2]int64{}
			if err := errors.Join(os.RemoveAll(b.dir), os.Mkdir(b.dir, 0o700)); err != nil {
				return b, err
			}
		}
		told, err := killer.Kill(t.Context(), killSettings{Dir: b.dir, Age: age, Bug: bug}, "stored")
		if err == nil {
			err = b.look(t.Context(), told)
		}
		if err != nil {
			return b, fmt.Errorf("after %d kills: %w", age+1, err)
		}
	}
	b.figures.Lasted = time.Since(began)
	return b, nil
}

func TestKilledAtAnyMomentNothingConfirmedIsLost(t *testing.T) {
	is := is.New(t)
	b, err := killWriting(t, "", killing.PlanOf(t, killing.Usual/5))
	t.Logf("%s; %d batches were committed, and nobody was told", b.figures, b.unasked)
	is.NoErr(err)
	is.NoErr(b.figures.Fault())
}

func TestTheKillerFindsWhatIsConfirmedTooEarly(t *testing.T) {
	plan := killing.PlanOf(t, killing.Usual)
	plan.Kills = 60
	_, err := killWriting(t, bugAckFirst, plan)
	is.New(t).True(err != nil) // it is found
	t.Log(err)
}
