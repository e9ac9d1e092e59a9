package measure_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/bench/internal/measure"
)

func upTo(n int) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[(i*7)%n] = float64(i + 1)
	}
	return values
}

// The ranks are those of the tables of the binomial distribution with p = 1/2.
func TestTheIntervalIsBetweenTheRanksOfTheTables(t *testing.T) {
	for _, c := range []struct {
		n                 int
		median, low, high float64
		covers            float64
	}{
		{1, 1, 1, 1, 0},
		{2, 1.5, 1, 2, 0.5},
		{5, 3, 1, 5, 0.9375},
		{6, 3.5, 1, 6, 0.96875},
		{8, 4.5, 1, 8, 0.9921875},
		{9, 5, 2, 8, 0.9609375},
		{20, 10.5, 6, 15, 0.958611},
		{25, 13, 8, 18, 0.956715},
		{100, 50.5, 40, 61, 0.964800},
	} {
		is := is.New(t)
		got := measure.IntervalOf(upTo(c.n))
		is.Equal([3]float64{got.Median, got.Low, got.High}, [3]float64{c.median, c.low, c.high})
		is.True(math.Abs(got.Covers-c.covers) < 1e-6)
		is.Equal(got.N, c.n)
	}
}

func TestNoValuesHaveNoMedian(t *testing.T) {
	is.New(t).True(math.IsNaN(measure.IntervalOf(nil).Median))
}

func TestTheIntervalCoversTheMedianAsOftenAsItSays(t *testing.T) {
	is := is.New(t)
	random := rand.New(rand.NewPCG(1, 2))
	covered, tries := 0, 20_000
	for range tries {
		values := make([]float64, 20)
		for i := range values {
			values[i] = random.ExpFloat64() // far from symmetric
		}
		if i := measure.IntervalOf(values); i.Low <= math.Ln2 && math.Ln2 <= i.High {
			covered++
		}
	}
	is.True(math.Abs(float64(covered)/float64(tries)-0.9586) < 0.006)
}
