package main

import (
	"bufio"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

// childMode makes this test binary the job itself, with the flags of the job. It
// tells of every settlement on file 3, and settles no more than so many lines.
const childMode = "ORDERS_CHILD_SETTLES"

func TestMain(m *testing.M) {
	most := os.Getenv(childMode)
	if most == "" {
		os.Exit(m.Run())
	}
	n, err := strconv.Atoi(most)
	if err != nil {
		panic(err)
	}
	os.Exit(child(n))
}

func child(most int) int {
	tell := os.NewFile(3, "settled")
	settled := 0
	s := fromShell(os.Args[1:])
	s.watch = []ergon.Observer{settling(func(lines int) {
		settled += lines
		if _, err := fmt.Fprintln(tell, lines); err != nil {
			os.Exit(failed) // whoever started this is gone
		}
		if settled > most {
			select {} // the kill is on its way
		}
	})}
	return s.run()
}

// process is a job in another process.
type process struct {
	*exec.Cmd
	settled *bufio.Scanner
	err     strings.Builder
}

// started starts the job in another process, which settles no more lines than it
// must once that many are reached.
func started(t *testing.T, most int, args ...string) *process {
	t.Helper()
	is := is.New(t)
	binary, err := os.Executable()
	is.NoErr(err)
	from, to, err := os.Pipe()
	is.NoErr(err)
	p := &process{Cmd: exec.CommandContext(t.Context(), binary, args...), settled: bufio.NewScanner(from)}
	p.Env = append(os.Environ(), fmt.Sprintf("%s=%d", childMode, most), "TMPDIR="+t.TempDir())
	p.ExtraFiles, p.Stderr = []*os.File{to}, &p.err
	is.NoErr(p.Start())
	is.NoErr(to.Close())
	t.Cleanup(func() { _ = from.Close() })
	return p
}

// awaits waits until that many lines are settled.
func (p *process) awaits(t *testing.T, lines int) {
	t.Helper()
	for settled := 0; settled < lines; {
		if !p.settled.Scan() {
			_ = p.Wait()
			t.Fatalf("it ended after %d lines: %s", settled, p.err.String())
		}
		n, err := strconv.Atoi(p.settled.Text())
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
		p.awaits(t, atLeast)
		is.NoErr(p.Process.Signal(syscall.SIGKILL))
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
			p.awaits(t, 1)
			is.NoErr(p.Process.Signal(signal))
			for p.settled.Scan() { // to its end, which comes with that of the process
			}
			_ = p.Wait()
			is.Equal(p.ProcessState.ExitCode(), interrupted)
			f := figuresAt(t, db)
			is.Equal(f.lines(), 3000)
			is.Equal(f.Queue.Leased, 0)
			is.True(strings.Contains(p.err.String(), grouped(f.left())+" lines are left in the queue"))
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
