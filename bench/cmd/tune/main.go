// Command tune is command bench without the heavy peers and without databases: it
// builds in seconds, for whoever changes the engine and looks at a goal again and
// again.
//
//	tune -scenario P1 -rounds 10
package main

import (
	"github.com/ergon-go/ergon/bench/internal/program"
	"github.com/ergon-go/ergon/bench/internal/scenarios"
)

func main() { program.Program{Makers: scenarios.All()}.Main() }
