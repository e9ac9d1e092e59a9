package pipeline_test

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"
)

// scripted is a source of randomness that is a script of bytes, and once that is
// at its end a series of its own.
type scripted struct {
	script []byte
	rest   rand.PCG
}

// Uint64 returns a number whose highest and lowest bits are the next byte: package
// rand takes either, according to what it is asked for.
func (s *scripted) Uint64() uint64 {
	if len(s.script) == 0 {
		return s.rest.Uint64()
	}
	b := uint64(s.script[0])
	s.script = s.script[1:]
	return b<<56 | 0x55555555555500 | b
}

// mostAsked is after how many questions nothing goes wrong any more: a script that
// lets everything fail for ever says nothing.
const mostAsked = 600

// scriptedWorld returns a world of n items in which a script of bytes says what
// goes wrong: at each place, each time it is asked, by one of them.
func scriptedWorld(n int, rate byte, faults []byte) *world {
	w := newWorld(uint64(rate%5), n)
	asked := 0
	w.roll = func(place string, times int) float64 {
		w.mu.Lock()
		asked++
		over := asked > mostAsked
		w.mu.Unlock()
		if over || len(faults) == 0 {
			return 1
		}
		h := fnv.New32a()
		fmt.Fprint(h, place, times)
		return float64(faults[int(h.Sum32())%len(faults)]) / 256
	}
	return w
}

// FuzzPipeline holds that a pipeline loses nothing whose shape, faults and stops
// are all a script of bytes: every run ends with a ledger that balances, nothing
// is settled twice, and nothing is acked before it is in its sink.
func FuzzPipeline(f *testing.F) {
	mixed := make([]byte, 120)
	for i := range mixed {
		mixed[i] = byte(i*101 + i/7)
	}
	for i := range byte(40) {
		at := int(i) * 2
		f.Add(i, i%5, mixed[at:at+40], mixed[at:], []byte{i, i * 3}[:i%3])
		f.Add(i, byte(4), mixed[at:at+40], []byte{10, 20, 45, i * 6, 30, 43, 255}, []byte{i}[:i%2]) // little works
	}
	f.Add(byte(5), byte(4), []byte{}, []byte{0}, []byte{})              // everything fails, and then nothing
	f.Add(byte(5), byte(4), []byte{9, 9, 9}, []byte{45}, []byte{1})     // holds
	f.Add(byte(9), byte(4), []byte{9, 9, 9}, []byte{37, 255}, []byte{}) // hangs
	f.Add(byte(1), byte(0), []byte{}, []byte{}, []byte{1, 1, 1, 1, 1, 1})
	f.Fuzz(func(t *testing.T, items, rate byte, shape, faults, stops []byte) {
		synctest.Test(t, func(t *testing.T) {
			w := scriptedWorld(1+int(items%30), rate, faults)
			p := w.pipeline(rand.New(&scripted{script: shape, rest: *rand.NewPCG(1, 2)}))
			w.runs(t, "script", p, func(turn int) time.Duration {
				if turn >= min(len(stops), 10) {
					return 0
				}
				return time.Duration(stops[turn])*time.Second + time.Millisecond
			})
		})
	})
}
