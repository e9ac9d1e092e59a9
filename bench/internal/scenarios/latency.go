package scenarios

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ergon-go/ergon/bench/internal/measure"
	"github.com/ergon-go/ergon/bench/internal/peers"
	"github.com/ergon-go/ergon/bench/internal/work"
)

// parked is how long nothing happens before an item comes, so that no worker
// still looks for one.
const parked = time.Millisecond

// latency is how long one item takes through three stages that have nothing else
// to do: the median of many that come one after another at once (hot), or each
// after a while (parked).
func latency() Maker {
	return Maker{Name: "latency", Title: "One item through three idle stages, the median", Goals: []string{"P9"}, Open: openLatency}
}

func openLatency(_ context.Context, s Settings) (*measure.Scenario, error) {
	o := &measure.Scenario{Unit: measure.Nanos, Profile: "ergon, hot"}
	for _, c := range []struct {
		how  string
		wait time.Duration
		n    int
		must float64
	}{
		{"hot", 0, s.Some(20_000, 5000, 100), 1.25},
		{"parked", parked, s.Some(200, 60, 10), 1.5},
	} {
		with, byHand := "ergon, "+c.how, "raw channels, "+c.how
		o.Variants = append(o.Variants,
			passing(with, c.wait, c.n, func(ctx context.Context) *peers.Line { return peers.ErgonLine(ctx, 3, work.Trivial) }),
			passing(byHand, c.wait, c.n, func(context.Context) *peers.Line { return peers.RawLine(3, work.Trivial) }))
		o.Figures = append(o.Figures, Ratio("P9", "one item through three idle stages, "+c.how+" ÷ raw channels", with, byHand, c.must, 0.65))
	}
	return o, nil
}

func passing(name string, wait time.Duration, n int, open func(context.Context) *peers.Line) measure.Variant {
	return measure.Variant{Name: name, Run: func(ctx context.Context) (sample measure.Sample, err error) {
		line := open(ctx)
		defer func() { err = errors.Join(err, line.Close()) }()
		sample.Value, err = passes(line, wait, n)
		return sample, err
	}}
}

// passes returns the median of n passes, in nanoseconds, after some that do not
// count.
func passes(line *peers.Line, wait time.Duration, n int) (float64, error) {
	warm := n / 10
	took := make([]time.Duration, 0, n)
	for i, v := range work.Items(warm + n) {
		if wait > 0 {
			time.Sleep(wait)
		}
		began := time.Now()
		got := line.Pass(v)
		if i >= warm {
			took = append(took, time.Since(began))
		}
		want := v
		for range 3 {
			want = work.Trivial(want)
		}
		if got != want {
			return 0, fmt.Errorf("scenarios: item %d came out as another", i)
		}
	}
	slices.Sort(took)
	return float64(took[n/2].Nanoseconds()), nil
}
