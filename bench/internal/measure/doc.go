// Package measure takes samples in interleaved rounds and says, with an interval,
// what they show.
//
// In a round every variant of a scenario runs once, in an order that changes from
// round to round, each after a garbage collection. A figure is worked out inside
// each round, from variants that ran within seconds of each other, so that the
// drift of a shared machine cancels. What is reported is the median over the
// rounds and an interval that covers it.
package measure
