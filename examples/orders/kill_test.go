package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/killing"
	"github.com/matryer/is"
)

func TestMain(m *testing.M) {
	os.Exit(killing.Main(m, map[string]killing.Job{"orders": child}))
}

// errand is the job that a child is to do, in the place of main.
type errand struct {
	Args []string
	Temp string // where it keeps what is only for its run
	Most int    // it settles no more lines than it must once that many are reached
}

// child is the job itself. It tells of every settlement.
func child(_ context.Context, parent *killing.Parent) error {
	var e errand
	if err := errors.Join(parent.Hear(&e), os.Setenv("TMPDIR", e.Temp)); err != nil {
		return err
	}
	settled := 0
	s := fromShell(e.Args)
	s.out = io.Discard
	s.watch = []ergon.Observer{settling(func(lines int) {
		settled += lines
		parent.Tell("settled", strconv.Itoa(lines))
		if settled > e.Most {
			select {} // the kill is on its way
		}
	})}
	os.Exit(s.run())
	return nil
}

// started starts the job in another process.
func started(t *testing.T, most int, args ...string) *killing.Process {
	t.Helper()
	p, err := killing.Start(t.Context(), "orders", errand{Args: args, Temp: t.TempDir(), Most: most})
	is.New(t).NoErr(err)
	return p
}

// awaits waits until that many lines are settled.
func awaits(t *testing.T, p *killing.Process, lines int) {
	t.Helper()
	for settled := 0; settled < lines; {
		line, ok := p.Next()
		if !ok {
			t.Fatalf("it ended after %d lines: %v", settled, p.Wait())
		}
		n, err := strconv.Atoi(line.About[0])
		is.New(t).NoErr(err)
		settled += n
	}
}

func TestKilledTenTimesTheFiguresAreThoseOfAnUndisturbedRun(t *testing.T) {
	is := is.New(t)
	const lines, kills, atLeast = 5000, 10, 200
	in := generatedFile(t, 11, lines)
	undisturbed, killed := filepath.Join(t.TempDir(), "undisturbed.db"), filepath.Join(t.TempDir(), "killed.db")
	is.Equal(ran("-in", in, "-db", undisturbed, "-quiet").code, done)

	inFlight, left := 0, lines
	for range kills {
		p := started(t, atLeast+50, "-in", in, "-db", killed, "-quiet")
		awaits(t, p, atLeast)
		p.Kill()
		is.True(p.Wait() != nil)
		found := figuresAt(t, killed).Queue
		if found.Leased > 0 {
			inFlight++
		}
		now := found.Ready + found.Delayed + found.Leased
		is.True(now <= left-atLeast) // at least 200 further lines were settled, and none came back
		left = now
	}
	is.True(left > 0)
	t.Logf("%d of %d kills found something in flight; %d lines were left", inFlight, kills, left)
	is.True(inFlight >= 8)

	last := ran("-in", in, "-db", killed, "-quiet")
	is.Equal(last.code, done)
	is.True(strings.Contains(last.out, fmt.Sprintf("consume  fetched %d = succeeded ", left)))
	is.Equal(figuresAt(t, killed), expected(t, 11, lines))
	is.Equal(rowsOf(t, killed), rowsOf(t, undisturbed))
}

func TestKilledWhileItQueuesNothingIsQueuedTwice(t *testing.T) {
	is := is.New(t)
	const lines = 1500
	in, db := generatedFile(t, 12, lines), filepath.Join(t.TempDir(), "shop.db")
	s := shopAt(t, db)
	e, err := openExport(t.Context(), in, "export.csv")
	is.NoErr(err)
	is.NoErr(s.begun(t.Context(), e))
	is.NoErr(e.from.Start(t.Context()))
	txs, err := e.from.Fetch(t.Context(), 1000) // as far as it came
	is.NoErr(err)
	is.NoErr(s.queue.Dispatch(t.Context(), txs))
	is.NoErr(e.from.Stop(t.Context()))
	is.Equal(ran("-in", in, "-db", db, "-quiet").code, done)
	is.Equal(figuresAt(t, db), expected(t, 12, lines))
}

func TestASignalFromOutsideDrainsTheProcess(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			is := is.New(t)
			db := filepath.Join(t.TempDir(), "shop.db")
			p := started(t, 3000, "-n", "3000", "-db", db, "-quiet")
			awaits(t, p, 1)
			is.NoErr(p.Signal(signal))
			err := p.Wait()
			exit, _ := errors.AsType[*exec.ExitError](err)
			is.Equal(exit.ExitCode(), interrupted)
			f := figuresAt(t, db)
			is.Equal(f.lines(), 3000)
			is.Equal(f.Queue.Leased, 0)
			is.True(strings.Contains(err.Error(), grouped(f.left())+" lines are left in the queue"))
		})
	}
}

// rowsOf are the rows of both tables, in the order of their ids.
func rowsOf(t *testing.T, path string) []string {
	t.Helper()
	db := shopAt(t, path).db.Reader()
	return append(
		texts(t, db, "SELECT concat_ws('|', id, invoice, line, stock, date, customer, name, quantity, price, amount) FROM invoices ORDER BY id"),
		texts(t, db, "SELECT concat_ws('|', id, line, reason, stage, detail, hex(text)) FROM rejected ORDER BY id")...)
}

func texts(t *testing.T, db *sql.DB, query string) (all []string) {
	t.Helper()
	is := is.New(t)
	rows, err := db.Query(query)
	is.NoErr(err)
	defer rows.Close()
	for rows.Next() {
		var text string
		is.NoErr(rows.Scan(&text))
		all = append(all, text)
	}
	is.NoErr(rows.Err())
	return all
}
