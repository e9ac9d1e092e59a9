//go:build race

package ergontest

// simRace says that the race detector is on.
const simRace = true
