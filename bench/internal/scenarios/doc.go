// Package scenarios is what is measured: each scenario is a set of variants that
// run side by side, and the figures that are worked out of them, with the goals
// they are held against.
package scenarios
