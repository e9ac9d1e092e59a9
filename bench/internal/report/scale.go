package report

import "math"

// scale is a logarithmic axis from one power of ten to another.
type scale struct{ from, to float64 }

// scaleOf returns the scale that just holds two values.
func scaleOf(from, to float64) scale {
	return scale{math.Floor(math.Log10(from)), math.Ceil(math.Log10(to))}
}

// over returns the scale with room for more values; those that have no logarithm
// stand at its left end.
func (s scale) over(values ...float64) scale {
	for _, v := range values {
		if v > 0 && !math.IsInf(v, 0) {
			s.from, s.to = max(-3, min(s.from, math.Floor(math.Log10(v)))), max(s.to, math.Ceil(math.Log10(v)))
		}
	}
	return s
}

// x returns where a value stands.
func (s scale) x(v float64) int {
	room := float64(plotWidth - labels - 3*margin)
	if v <= 0 || math.IsNaN(v) {
		return labels
	}
	share := (math.Log10(v) - s.from) / (s.to - s.from)
	return labels + int(room*min(1, max(0, share)))
}

// ticks are the powers of ten on the scale.
func (s scale) ticks() []float64 {
	var all []float64
	for e := s.from; e <= s.to; e++ {
		all = append(all, math.Pow(10, e))
	}
	return all
}
