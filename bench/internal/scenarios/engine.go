package scenarios

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/ergon-go/ergon/bench/internal/measure"
)

// engine runs the benchmarks that stand in the engine itself, because nothing
// outside can call what they measure alone. The go command builds them once.
type engine struct {
	binary string
	each   string // how long one takes
}

func buildEngine(ctx context.Context, s Settings) (engine, error) {
	e := engine{binary: filepath.Join(s.Dir, "engine.test"), each: s.sample().String()}
	build := exec.CommandContext(ctx, "go", "test", "-c", "-o", e.binary, "github.com/ergon-go/ergon/internal/engine") //nolint:gosec // a file of ours
	if out, err := build.CombinedOutput(); err != nil {
		return e, fmt.Errorf("scenarios: building the benchmarks of the engine: %w\n%s", err, out)
	}
	return e, nil
}

// variants returns the sub benchmarks of a benchmark, "Attempt/bare" and so on.
func (e engine) variants(name string, subs ...string) []measure.Variant {
	var all []measure.Variant
	for _, sub := range subs {
		full := name + "/" + sub
		all = append(all, measure.Variant{Name: full, Run: func(ctx context.Context) (measure.Sample, error) {
			pattern := "^Benchmark" + name + "$/^" + sub + "$"
			out, err := exec.CommandContext(ctx, e.binary, "-test.run=^$", "-test.bench="+pattern, "-test.benchtime="+e.each, "-test.benchmem").CombinedOutput() //nolint:gosec // a file of ours
			if err != nil {
				return measure.Sample{}, fmt.Errorf("scenarios: %w\n%s", err, out)
			}
			return parseBenchmark(string(out), "Benchmark"+full)
		}})
	}
	return all
}

// parseBenchmark finds the line of a benchmark in what the testing package prints.
func parseBenchmark(out, name string) (measure.Sample, error) {
	for line := range strings.Lines(out) {
		fields := strings.Fields(line)
		if len(fields) < 4 || fields[0] != name && !strings.HasPrefix(fields[0], name+"-") {
			continue
		}
		var s measure.Sample
		for i := 2; i+1 < len(fields); i += 2 {
			v, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				return s, fmt.Errorf("scenarios: %q: %w", line, err)
			}
			switch fields[i+1] {
			case "ns/op":
				s.Value = v
			case "allocs/op":
				s.Allocs = v
			}
		}
		return s, nil
	}
	return measure.Sample{}, fmt.Errorf("scenarios: no %s in %q", name, out)
}
