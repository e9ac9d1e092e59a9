package retry_test

import (
	"math"
	"testing"
	"time"

	"github.com/ergon-go/ergon/retry"
	"github.com/matryer/is"
)

func TestDelaySeries(t *testing.T) {
	const s = time.Second
	for _, test := range []struct {
		name string
		p    retry.Policy
		want []time.Duration
	}{
		{"doubled up to the cap", retry.Policy{Backoff: s, BackoffMultiplier: 2, BackoffCap: 10 * s}, []time.Duration{s, 2 * s, 4 * s, 8 * s, 10 * s, 10 * s}},
		{"defaults", retry.Policy{}, []time.Duration{s / 10, s / 5, 2 * s / 5, 4 * s / 5, 8 * s / 5, 16 * s / 5, 32 * s / 5, 64 * s / 5, 128 * s / 5, 30 * s}},
		{"constant", retry.Policy{Backoff: s, BackoffMultiplier: 1}, []time.Duration{s, s, s}},
		{"cap is the backoff", retry.Policy{Backoff: s, BackoffCap: s}, []time.Duration{s, s, s}},
		{"backoff above the default cap is the cap", retry.Policy{Backoff: 60 * s}, []time.Duration{60 * s, 60 * s, 60 * s}},
		{"no rounding on the way", retry.Policy{Backoff: 1, BackoffMultiplier: 1.5}, []time.Duration{1, 1, 2, 3, 5, 7}},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			test.p.Jitter = retry.NoJitter
			for i, want := range test.want {
				is.Equal(test.p.Delay(i), want)
			}
		})
	}
}

func TestDelayFarOut(t *testing.T) {
	for _, test := range []struct {
		name string
		p    retry.Policy
		want time.Duration
	}{
		{"defaults", retry.Policy{}, 30 * time.Second},
		{"constant", retry.Policy{BackoffMultiplier: 1}, 100 * time.Millisecond},
		{"no cap to speak of", retry.Policy{BackoffCap: math.MaxInt64}, math.MaxInt64},
		{"multiplier beyond all bounds", retry.Policy{BackoffMultiplier: math.MaxFloat64}, 30 * time.Second},
		{"slow growth", retry.Policy{BackoffMultiplier: 1.01}, 30 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			test.p.Jitter = retry.NoJitter
			is.Equal(test.p.Delay(10_000), test.want)
			is.Equal(test.p.Delay(math.MaxInt), test.want)
		})
	}
}

func TestDelayOfWhatValidateRefuses(t *testing.T) {
	for _, test := range []struct {
		name  string
		p     retry.Policy
		retry int
		want  time.Duration
	}{
		{"negative retry is the first", retry.Policy{}, -1, 100 * time.Millisecond},
		{"negative backoff is unset", retry.Policy{Backoff: -1}, 0, 100 * time.Millisecond},
		{"negative cap is unset", retry.Policy{BackoffCap: -1}, 99, 30 * time.Second},
		{"shrinking multiplier is unset", retry.Policy{BackoffMultiplier: 0.5}, 1, 200 * time.Millisecond},
		{"multiplier not a number is unset", retry.Policy{BackoffMultiplier: math.NaN()}, 1, 200 * time.Millisecond},
		{"infinite multiplier is unset", retry.Policy{BackoffMultiplier: math.Inf(1)}, 1, 200 * time.Millisecond},
		{"negative cap is unset, and not below the backoff", retry.Policy{Backoff: time.Minute, BackoffCap: -1}, 0, time.Minute},
		{"backoff above the cap is the cap", retry.Policy{Backoff: time.Minute, BackoffCap: 30 * time.Second}, 0, 30 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.p.Jitter = retry.NoJitter
			is.New(t).Equal(test.p.Delay(test.retry), test.want)
		})
	}
}

func TestJitterStaysInItsBoundsAndFillsThem(t *testing.T) {
	const wait = 1000 * time.Nanosecond
	for _, test := range []struct {
		jitter      retry.Jitter
		least, most time.Duration
	}{
		{retry.FullJitter, 0, wait},
		{retry.EqualJitter, wait / 2, wait},
		{retry.NoJitter, wait, wait},
		{retry.Jitter(200), 0, wait}, // unknown ones are the default
	} {
		t.Run(test.jitter.String(), func(t *testing.T) {
			is := is.New(t)
			p := retry.Policy{Backoff: wait, BackoffMultiplier: 1, BackoffCap: wait, Jitter: test.jitter}
			lowest, highest := wait, time.Duration(0)
			for range 20_000 {
				d := p.Delay(3)
				lowest, highest = min(lowest, d), max(highest, d)
			}
			is.True(lowest >= test.least && highest <= test.most)
			near := (test.most - test.least) / 10 // missed by 20,000 draws about once in 10^900 runs
			is.True(lowest <= test.least+near && highest >= test.most-near)
		})
	}
}

func FuzzDelay(f *testing.F) {
	f.Add(0, int64(0), 0.0, int64(0), uint8(0))
	f.Add(10_000, int64(time.Second), 2.0, int64(10*time.Second), uint8(0))
	f.Add(math.MaxInt, int64(1), 1.0000001, int64(math.MaxInt64), uint8(1))
	f.Add(62, int64(1), 2.0, int64(math.MaxInt64), uint8(2))
	f.Add(63, int64(1), 2.0, int64(math.MaxInt64), uint8(2))
	f.Add(1, int64(math.MaxInt64/2+1), 2.0, int64(math.MaxInt64), uint8(2))
	f.Add(1, int64(math.MaxInt64), 1.0, int64(math.MaxInt64), uint8(0))
	f.Add(math.MinInt, int64(math.MinInt64), math.Inf(-1), int64(math.MinInt64), uint8(255))
	f.Add(5, int64(time.Hour), math.NaN(), int64(0), uint8(1))
	f.Add(3, int64(7), math.SmallestNonzeroFloat64, int64(3), uint8(1))
	f.Fuzz(func(t *testing.T, n int, backoff int64, multiplier float64, most int64, jitter uint8) {
		is := is.New(t)
		p := retry.Policy{
			Backoff: time.Duration(backoff), BackoffMultiplier: multiplier,
			BackoffCap: time.Duration(most), Jitter: retry.Jitter(jitter),
		}
		bound := p.BackoffCap
		if bound <= 0 {
			bound = max(30*time.Second, p.Backoff)
		}
		d := p.Delay(n)
		is.True(0 <= d && d <= bound)
		p.Jitter = retry.NoJitter
		is.True(p.Delay(n) > 0)
		if n >= 0 && n < math.MaxInt {
			is.True(p.Delay(n) <= p.Delay(n+1))
		}
	})
}
