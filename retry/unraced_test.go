//go:build !race

package retry_test

// whenRaced chooses between what holds with the race detector and without.
func whenRaced(_, without float64) float64 { return without }
