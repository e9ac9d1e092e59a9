// Package durable has the scenarios that need a database on a disk: the durable
// queue, and the orders job from end to end.
package durable

import "github.com/ergon-go/ergon/bench/internal/scenarios"

// All returns every scenario of this package.
func All() []scenarios.Maker { return []scenarios.Maker{Queue(), Orders()} }
