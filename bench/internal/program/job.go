package program

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"github.com/ergon-go/ergon/bench/internal/measure"
	"github.com/ergon-go/ergon/bench/internal/peers"
	"github.com/ergon-go/ergon/bench/internal/report"
	"github.com/ergon-go/ergon/bench/internal/scenarios"
)

// job is one run of the bench.
type job struct {
	flags

	others        []peers.Peer
	dir           string // for files, removed afterwards
	out, progress io.Writer
}

// settings are those of every scenario.
func (j job) settings() scenarios.Settings {
	s := scenarios.Settings{Dir: j.dir, Others: j.others}
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
	for _, c := range j.chosen {
		o, err := j.scenario(ctx, c)
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
	if j.some {
		if err := report.Samples(j.out, r); err != nil {
			return err
		}
	}
	if j.report == "" {
		return nil
	}
	return report.Write(j.report, r)
}

func (j job) scenario(ctx context.Context, c choice) (o measure.Outcome, err error) {
	rounds := j.rounds
	if j.quick && c.Most > 0 {
		rounds = min(rounds, c.Most)
	}
	began := time.Now()
	s, err := c.open(ctx, j.settings())
	if err != nil {
		return o, err
	}
	if s.Close != nil {
		defer func() { err = errors.Join(err, s.Close()) }()
	}
	defer s.Release()
	o, err = s.Measure(ctx, rounds)
	j.tellf("%-14s %2d rounds in %v", c.Name, rounds, time.Since(began).Round(time.Millisecond))
	return o, err
}

// compared is the modules whose versions belong to the figures.
var compared = [...]string{ //nolint:gochecknoglobals // Go has no constant arrays
	"github.com/destel/rill", "github.com/sourcegraph/conc", "github.com/reugn/go-streams", "github.com/samber/ro",
	"github.com/ThreeDotsLabs/watermill", "github.com/redpanda-data/benthos/v4",
	"github.com/cenkalti/backoff/v4", "github.com/failsafe-go/failsafe-go", "go.opentelemetry.io/otel/sdk", "modernc.org/sqlite",
}
