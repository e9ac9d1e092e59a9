package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"github.com/ergon-go/ergon/bench/internal/measure"
	"github.com/ergon-go/ergon/bench/internal/report"
	"github.com/ergon-go/ergon/bench/internal/scenarios"
)

// job is one run of the bench.
type job struct {
	flags
	dir           string // for files, removed afterwards
	out, progress io.Writer
}

// settings are those of every scenario.
func (j job) settings() scenarios.Settings {
	s := scenarios.Settings{Dir: j.dir}
	if j.quick {
		s.Size = scenarios.Quick
	}
	return s
}

func (j job) tellf(format string, args ...any) {
	_, _ = fmt.Fprintf(j.progress, format+"\n", args...) // there is nobody else to tell
}

// measure measures the chosen scenarios, one after another, and shows what came
// out.
func (j job) measure(ctx context.Context) error {
	r := report.Run{Quick: j.quick, Rounds: j.rounds, Began: time.Now(), Machine: report.ThisMachine(compared[:])}
	for _, m := range j.makers {
		o, err := j.scenario(ctx, m)
		if err != nil {
			return err
		}
		r.Outcomes = append(r.Outcomes, o)
		debug.FreeOSMemory() // what it held is not the next one's
	}
	r.Took = time.Since(r.Began)
	if err := report.Table(j.out, r); err != nil {
		return err
	}
	if j.report == "" {
		return nil
	}
	return report.Write(j.report, r)
}

func (j job) scenario(ctx context.Context, m scenarios.Maker) (o measure.Outcome, err error) {
	rounds := j.rounds
	if j.quick && m.Most > 0 {
		rounds = min(rounds, m.Most)
	}
	began := time.Now()
	s, err := m.Open(ctx, j.settings())
	if err != nil {
		return o, fmt.Errorf("%s: %w", m.Name, err)
	}
	if s.Close != nil {
		defer func() { err = errors.Join(err, s.Close()) }()
	}
	s.Name, s.Title = m.Name, m.Title
	o, err = s.Measure(ctx, rounds)
	j.tellf("%-14s %2d rounds in %v", m.Name, rounds, time.Since(began).Round(time.Millisecond))
	return o, err
}

// compared is the modules whose versions belong to the figures.
var compared = [...]string{ //nolint:gochecknoglobals // Go has no constant arrays
	"github.com/destel/rill", "github.com/sourcegraph/conc", "github.com/reugn/go-streams", "github.com/samber/ro",
	"github.com/ThreeDotsLabs/watermill", "github.com/redpanda-data/benthos/v4",
	"github.com/cenkalti/backoff/v4", "github.com/failsafe-go/failsafe-go", "modernc.org/sqlite",
}
