// Command bench measures ergon beside channels by hand and other libraries, on the
// same work, and says which of its goals are met.
//
//	bench                         every scenario, in 20 rounds
//	bench -quick                  in few and short ones, for a first look
//	bench -scenario one-stage,cpu some of them; -list names all
//	bench -scenario P1 -rounds 10 what one goal needs, and nothing else
//	bench -report ../docs         write benchmarks.md and benchmarks.svg there
//	bench -scenario cpu -profile DIR
//	                              profiles of ergon's part in it
//
// Command tune is the same without what takes long to build.
package main

import (
	"slices"

	"github.com/ergon-go/ergon/bench/internal/durable"
	"github.com/ergon-go/ergon/bench/internal/heavy"
	"github.com/ergon-go/ergon/bench/internal/program"
	"github.com/ergon-go/ergon/bench/internal/scenarios"
)

func main() { everything().Main() }

func everything() program.Program {
	return program.Program{Makers: slices.Concat(scenarios.All(), durable.All()), Others: heavy.All()}
}
