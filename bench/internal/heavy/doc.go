// Package heavy has the peers that bring hundreds of packages with them: message
// buses and stream processors. They stand apart from the others so that whoever
// works on the engine need not build them.
package heavy

import "github.com/ergon-go/ergon/bench/internal/peers"

// All returns the heavy peers.
func All() []peers.Peer { return []peers.Peer{Watermill(), Benthos()} }
