package durable

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/ergon-go/ergon/bench/internal/measure"
	"github.com/ergon-go/ergon/bench/internal/scenarios"
)

const (
	withErgon = "examples/orders"
	plainly   = "plain Go"
)

// Orders is a whole job, end to end: examples/orders, and the same without ergon.
// A sample is the seconds that the process takes.
func Orders() scenarios.Maker {
	return scenarios.Maker{Name: "orders", Title: "The orders job, end to end", Goals: []string{"orders"}, Open: openOrders, Most: 3}
}

func openOrders(ctx context.Context, s scenarios.Settings) (*measure.Scenario, error) {
	o := &programs{dir: s.Dir, lines: s.Some(20_000, 5000, 500), export: filepath.Join(s.Dir, "orders.csv")}
	if err := o.build(ctx); err != nil {
		return nil, err
	}
	if err := o.check(ctx, 2000); err != nil {
		return nil, err
	}
	if err := writeExport(o.export, 1, o.lines); err != nil {
		return nil, err
	}
	return &measure.Scenario{
		Unit: measure.Seconds,
		Variants: []measure.Variant{
			{Name: withErgon, Run: o.timed(withErgon), Note: "with its observers of progress"},
			{Name: plainly, Run: o.timed(plainly), Note: "bench/internal/plain"},
		},
		Figures: []measure.Figure{
			scenarios.Ratio("orders", fmt.Sprintf("%d order lines end to end ÷ plain Go", o.lines), withErgon, plainly, 1.2, 0),
		},
	}, nil
}

// programs are the two programs, built.
type programs struct {
	dir, export string
	lines       int
	runs        int
}

func (o *programs) binary(name string) string { return filepath.Join(o.dir, filepath.Base(name)) }

// build builds both with the go command, in the workspace.
func (o *programs) build(ctx context.Context, flags ...string) error {
	for name, path := range map[string]string{withErgon: "github.com/ergon-go/ergon/examples/orders", plainly: "github.com/ergon-go/ergon/bench/cmd/orders"} {
		args := append(append([]string{"build"}, flags...), "-o", o.binary(name), path)
		if out, err := exec.CommandContext(ctx, "go", args...).CombinedOutput(); err != nil { //nolint:gosec // a package of ours
			return fmt.Errorf("durable: building %s: %w\n%s", path, err, out)
		}
	}
	return nil
}

// check runs both on a few lines and compares every row that they write.
func (o *programs) check(ctx context.Context, lines int) error {
	if err := writeExport(o.export, 2, lines); err != nil {
		return err
	}
	with, err := o.run(ctx, withErgon)
	if err != nil {
		return err
	}
	without, err := o.run(ctx, plainly)
	if err != nil {
		return err
	}
	return same(ctx, with, without, lines)
}

// timed returns what runs a program on the export, in a fresh database.
func (o *programs) timed(name string) func(context.Context) (measure.Sample, error) {
	return func(ctx context.Context) (measure.Sample, error) {
		began := time.Now()
		db, err := o.run(ctx, name)
		took := time.Since(began)
		if err != nil {
			return measure.Sample{}, err
		}
		if err := complete(ctx, db, o.lines); err != nil {
			return measure.Sample{}, err
		}
		return measure.Sample{Value: took.Seconds()}, removeDB(db)
	}
}

// run runs a program and returns the database it has made.
func (o *programs) run(ctx context.Context, name string) (db string, err error) {
	o.runs++
	db = filepath.Join(o.dir, "orders-"+strconv.Itoa(o.runs)+".db")
	args := []string{"-in", o.export, "-db", db, "-seed", "1"}
	if name == withErgon {
		args = append(args, "-quiet")
	}
	if out, err := exec.CommandContext(ctx, o.binary(name), args...).CombinedOutput(); err != nil { //nolint:gosec // a program of ours
		return db, fmt.Errorf("durable: %s: %w\n%s", name, err, out)
	}
	return db, nil
}

// removeDB removes a database and the files beside it.
func removeDB(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(path + suffix); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return nil
}
