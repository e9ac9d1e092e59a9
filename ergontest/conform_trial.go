package ergontest

import (
	"fmt"
	"strings"
	"time"
)

// conformTrial is a test of one promise.
type conformTrial[T any] struct {
	name    string
	promise string         // what the contract says, in one sentence
	of      conformAbility // without which there is nothing to test
	needs   conformNeed    // functions of the suite without which it cannot be tested
	texts   []string       // it needs payloads of these texts
	sink    bool           // it is of a sink
	run     func(p *conformProbe[T])
}

// conformNeed is a set of functions that a suite must have where an ability is
// there.
type conformNeed uint8

const (
	needPass conformNeed = 1 << iota
	needRestart
	needDead
	needPartitions
	needClock
)

// longestNap is how long a test may really wait for time to pass.
const longestNap = time.Second

// missing says what the suite has to be given, for a trial that applies.
func (s *conformSurvey[T]) missing(need conformNeed) string {
	var what []string
	if need&needPass != 0 && s.traits.RealTime && s.rig.pass == nil && s.lease > longestNap {
		what = append(what, fmt.Sprintf("Pass, or a lease of at most %v", longestNap))
	}
	if need&needClock != 0 && s.traits.RealTime && s.rig.pass == nil {
		what = append(what, "Pass, as Traits.Delays is declared")
	}
	if need&needRestart != 0 && s.rig.restart == nil {
		what = append(what, "Restart, as Traits.Durable is declared")
	}
	if need&needDead != 0 && s.rig.dead == nil {
		what = append(what, "Dead, as the source accepts DeadLettered")
	}
	if need&needPartitions != 0 && (s.rig.revoke == nil || s.rig.rebalance == nil) {
		what = append(what, "Revoke and Rebalance, as Traits.Partitions is declared")
	}
	return strings.Join(what, "; ")
}

// conformSurvey is what is known of a connector before it is tested.
type conformSurvey[T any] struct {
	traits Traits
	rig    conformRig[T]
	source conformAbility
	sink   conformAbility
	lease  time.Duration
	names  []string // of the types that are tested
}

// whyNot says why a trial does not apply, "" where it does.
func (s *conformSurvey[T]) whyNot(trial conformTrial[T]) string {
	able := s.source
	if trial.sink {
		able = s.sink
	}
	if lacking := able.lacking(trial.of); lacking != 0 {
		return lacking.whyNot()
	}
	for _, text := range trial.texts {
		if _, ok := s.rig.payload(text); !ok {
			return "there is no such payload"
		}
	}
	return ""
}

// faults returns what is wrong with the use of the kit.
func (s *conformSurvey[T]) faults() []string {
	var faults []string
	for _, name := range s.rig.lacks {
		faults = append(faults, "the suite has no "+name)
	}
	if len(faults) > 0 {
		return faults
	}
	for _, wrong := range []struct {
		traits, without conformAbility
		text            string
	}{
		{ableDelay, ableReturn, "Traits.Delays is declared, and Returned is not accepted"},
		{ableCountDeliveries, ableSettle, "Traits.Deliveries is declared, and there is no ergon.Settler"},
		{ablePartition, ableSettle, "Traits.Partitions is declared, and there is no ergon.Settler"},
	} {
		if s.rig.source != nil && s.source.has(wrong.traits) && !s.source.has(wrong.without) {
			faults = append(faults, wrong.text)
		}
	}
	if s.rig.source != nil && s.traits.Rewinds && s.source.has(ableSettle) {
		faults = append(faults, "Traits.Rewinds is declared, and there is an ergon.Settler")
	}
	if s.traits.Anonymous && s.traits.IDs {
		faults = append(faults, "Traits.Anonymous and Traits.IDs are both declared")
	}
	if _, ok := s.rig.payload("1"); !ok {
		faults = append(faults, `Payload makes no payload of the text "1"`)
	} else if p, _ := s.rig.payload("1"); s.rig.text(p) != "1" {
		faults = append(faults, `Text does not return the text "1" that Payload was given`)
	}
	return faults
}
