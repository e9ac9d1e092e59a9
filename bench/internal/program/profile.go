package program

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"time"

	"github.com/ergon-go/ergon/bench/internal/measure"
)

// takeProfiles writes profiles of ergon's part of every chosen scenario.
func (j job) takeProfiles(ctx context.Context) error {
	for _, c := range j.chosen {
		if err := j.profileOf(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

func (j job) profileOf(ctx context.Context, c choice) (err error) {
	s, err := c.open(ctx, j.settings())
	if err != nil {
		return err
	}
	if s.Close != nil {
		defer func() { err = errors.Join(err, s.Close()) }()
	}
	v := s.Variant(s.Profile)
	if v == nil {
		j.tellf("%s runs elsewhere: there is nothing to profile", c.Name)
		return nil
	}
	p := profiler{dir: filepath.Join(j.profile, c.Name), run: v.Run, last: j.seconds}
	if err := p.all(ctx); err != nil {
		return fmt.Errorf("%s: %w", c.Name, err)
	}
	j.tellf("%s, %s: %s", c.Name, v.Name, p.dir)
	return nil
}

// profiler profiles one variant, again and again for a while.
type profiler struct {
	dir  string
	run  func(context.Context) (measure.Sample, error)
	last time.Duration
}

// all takes the CPU and heap profiles first, and only then those of blocking and
// of locks, whose bookkeeping would be seen in them.
func (p profiler) all(ctx context.Context) error {
	if err := os.MkdirAll(p.dir, 0o750); err != nil {
		return err
	}
	err := p.into("cpu", func(file *os.File) error {
		if err := pprof.StartCPUProfile(file); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
		return p.repeat(ctx)
	})
	if err != nil {
		return err
	}
	runtime.GC() // the heap profile is of the last collection
	if err := p.snapshot("allocs"); err != nil {
		return err
	}
	if err := p.snapshot("heap"); err != nil {
		return err
	}
	runtime.SetBlockProfileRate(1000) // nanoseconds
	runtime.SetMutexProfileFraction(10)
	defer runtime.SetBlockProfileRate(0)
	defer runtime.SetMutexProfileFraction(0)
	err = p.repeat(ctx)
	return errors.Join(err, p.snapshot("block"), p.snapshot("mutex"))
}

// repeat runs the variant until the time is over.
func (p profiler) repeat(ctx context.Context) error {
	for began := time.Now(); time.Since(began) < p.last; {
		if _, err := p.run(ctx); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

func (p profiler) snapshot(name string) error {
	return p.into(name, func(file *os.File) error { return pprof.Lookup(name).WriteTo(file, 0) })
}

func (p profiler) into(name string, write func(*os.File) error) error {
	file, err := os.Create(filepath.Join(p.dir, name+".prof")) //nolint:gosec // the user names the folder
	if err != nil {
		return err
	}
	return errors.Join(write(file), file.Close())
}
