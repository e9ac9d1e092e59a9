package main

import (
	"hash/fnv"
	"math/rand/v2"
	"time"
)

// temper is how the directory behaves: what it answers is decided by the seed,
// the request and how often that came, so one seed shows the same faults again,
// whatever the order of requests.
type temper struct{ seed uint64 }

// How often it refuses, takes its time, or takes longer than anybody waits.
const (
	refusing = 0.05
	slow     = 0.02
	stuck    = 0.003
)

// answer is how one request is met.
type answer struct {
	refused bool
	delay   time.Duration
}

// of returns the answer to a request that comes for the n-th time, from 0.
func (t temper) of(request string, nth int) answer {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(request)) // never fails
	random := rand.New(rand.NewPCG(t.seed+uint64(nth), hash.Sum64()))
	switch draw := random.Float64(); {
	case draw < refusing:
		return answer{refused: true}
	case draw < refusing+slow:
		return answer{delay: time.Duration(20+random.IntN(60)) * time.Millisecond}
	case draw < refusing+slow+stuck:
		return answer{delay: time.Second}
	}
	return answer{}
}
