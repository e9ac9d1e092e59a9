package measure

import (
	"math"
	"slices"
)

// level is how often an interval must cover the true median.
const level = 0.95

// Interval is a median and what is known of it.
type Interval struct {
	Median, Low, High float64
	N                 int     // of how many values
	Covers            float64 // how often such an interval covers the true median
}

// IntervalOf returns the median of values and the narrowest pair of order
// statistics, as far from one end as from the other, that covers the true median
// in at least 95 % of cases. It assumes nothing of the distribution: of n values,
// the r-th smallest and the r-th largest lie around the median with probability
//
//	1 - 2 · Σ_{i<r} C(n, i) / 2^n
//
// (H. A. David, H. N. Nagaraja, Order Statistics, 3rd ed., 2003, section 7.1;
// W. J. Conover, Practical Nonparametric Statistics, 3rd ed., 1999, section 3.2).
// Of 20 values these are the 6th and the 15th. Below 6 values not even all of them
// cover that much, and Covers says what they do.
func IntervalOf(values []float64) Interval {
	n := len(values)
	if n == 0 {
		return Interval{Median: math.NaN(), Low: math.NaN(), High: math.NaN()}
	}
	sorted := slices.Sorted(slices.Values(values))
	rank, covers := rankOf(n)
	return Interval{
		Median: (sorted[(n-1)/2] + sorted[n/2]) / 2,
		Low:    sorted[rank-1], High: sorted[n-rank],
		N: n, Covers: covers,
	}
}

// rankOf returns the highest rank, from 1, whose interval still covers enough, and
// how much that is.
func rankOf(n int) (rank int, covers float64) {
	choose, below := 1.0, 0.0 // C(n, i), and the sum of those below the rank
	scale := math.Exp2(-float64(n))
	rank, covers = 1, 1-2*scale
	for i := range (n + 1) / 2 {
		below += choose
		choose = choose * float64(n-i) / float64(i+1)
		if c := 1 - 2*below*scale; c >= level {
			rank, covers = i+1, c
		}
	}
	return rank, max(0, covers)
}

// Spread is how far the interval reaches to either side of the median, as a share
// of it.
func (i Interval) Spread() float64 {
	return max(i.High-i.Median, i.Median-i.Low) / math.Abs(i.Median)
}
