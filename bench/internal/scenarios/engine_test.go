package scenarios

import (
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/bench/internal/measure"
)

func TestTheLineOfABenchmarkIsRead(t *testing.T) {
	const out = "goos: linux\nBenchmarkCall/one-2   \t 1000\t 12.50 ns/op\t 48 B/op\t 2 allocs/op\nBenchmarkCall/oneself 	5	1 ns/op\nPASS\n"
	for _, c := range []struct {
		name string
		want measure.Sample
		ok   bool
	}{
		{"BenchmarkCall/one", measure.Sample{Value: 12.5, Allocs: 2}, true},
		{"BenchmarkCall/oneself", measure.Sample{Value: 1}, true},
		{"BenchmarkCall/none", measure.Sample{}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			got, err := parseBenchmark(out, c.name)
			is.Equal(got, c.want)
			is.Equal(err == nil, c.ok)
		})
	}
}
