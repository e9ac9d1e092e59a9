package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

func TestTheFirstSignalDrainsAndSaysWhatIsLeft(t *testing.T) {
	is := is.New(t)
	in, db := generatedFile(t, 3, 2500), filepath.Join(t.TempDir(), "shop.db")
	signals := make(chan os.Signal, 1)
	var out, err pages
	var once sync.Once
	stop := settling(func(int) {
		once.Do(func() {
			signals <- os.Interrupt
			err.wait("stopping") // what follows is the drain
		})
	})
	code := surroundings{
		args: []string{"-in", in, "-db", db, "-quiet"}, out: &out, err: &notices{plain: &err}, signals: signals, exit: os.Exit,
		watch: []ergon.Observer{stop},
	}.run()
	is.Equal(code, interrupted)
	f := figuresAt(t, db)
	is.True(f.left() > 0)
	is.Equal(f.Queue.Ready, f.left()) // nothing is leased, nothing waits
	is.Equal(f.lines(), 2500)
	is.True(strings.Contains(err.String(), grouped(f.left())+" lines are left in the queue; run it again to go on"))

	is.Equal(ran("-db", db, "-quiet").code, done)
	is.Equal(figuresAt(t, db), expected(t, 3, 2500))
}

func TestTheSecondSignalStopsAtOnce(t *testing.T) {
	is := is.New(t)
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	signals := make(chan os.Signal, 2)
	ended := make(chan int, 1)
	var out, err pages
	var once sync.Once
	stuck := settling(func(int) {
		once.Do(func() {
			signals <- os.Interrupt
			signals <- os.Interrupt
			is.Equal(<-ended, interrupted) // while the drain waits for this very function
			left, err := os.ReadDir(temp)
			is.NoErr(err)
			is.Equal(len(left), 0)
		})
	})
	surroundings{
		args: []string{"-n", "2000", "-quiet"}, out: &out, err: &notices{plain: &err}, signals: signals,
		exit: func(code int) { ended <- code }, watch: []ergon.Observer{stuck},
	}.run()
}

func TestASignalBeforeTheFirstLineLeavesEverything(t *testing.T) {
	is := is.New(t)
	in, db := generatedFile(t, 3, 800), filepath.Join(t.TempDir(), "shop.db")
	f, err := parseFlags([]string{"-in", in, "-db", db, "-quiet"}, nil)
	is.NoErr(err)
	ctx, stop := context.WithCancelCause(t.Context())
	stop(errInterrupted)
	j := job{surroundings: surroundings{out: &pages{}, err: &notices{plain: &pages{}}}, flags: f, scratch: t.TempDir()}
	is.True(errors.Is(j.do(ctx), errInterrupted))
	is.True(errors.Is(j.work(ctx, shopAt(t, db)), errInterrupted))
	is.Equal(figuresAt(t, db).lines(), 0)
}

func TestASignalAfterTheLastLineInterruptsNothing(t *testing.T) {
	is := is.New(t)
	signals := make(chan os.Signal, 1)
	var out, err pages
	settled := 0
	last := settling(func(lines int) {
		if settled += lines; settled == 100 {
			signals <- os.Interrupt
			err.wait("stopping")
		}
	})
	code := surroundings{
		args: []string{"-n", "100", "-quiet"}, out: &out, err: &notices{plain: &err}, signals: signals, exit: os.Exit,
		watch: []ergon.Observer{last},
	}.run()
	is.Equal(code, done)
}

func TestWhatIsInterruptedWhileItIsQueuedMustBeGivenAgain(t *testing.T) {
	is := is.New(t)
	in, db := generatedFile(t, 3, 800), filepath.Join(t.TempDir(), "shop.db")
	s := shopAt(t, db)
	e, fault := openExport(t.Context(), in, "export.csv")
	is.NoErr(fault)
	is.NoErr(s.begun(t.Context(), e)) // and was stopped there
	o := ran("-db", db, "-quiet")
	is.Equal(o.code, done)
	is.True(strings.Contains(o.err, "export.csv was not queued to its end: give it again, with -in"))
	is.Equal(ran("-in", in, "-db", db, "-quiet").code, done)
	is.Equal(figuresAt(t, db), expected(t, 3, 800))
	is.Equal(ran("-db", db, "-quiet").err, "")
}
