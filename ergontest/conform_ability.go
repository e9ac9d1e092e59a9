package ergontest

import (
	"time"

	"github.com/ergon-go/ergon"
)

// conformAbility is a set of what a connector can do and what its suite offers.
type conformAbility uint64

// What its interfaces show.
const (
	ableSettle conformAbility = 1 << iota
	ableReturn
	ableRelease
	ableSetAside
	ableCount
	ableFind
	ableLease
	ableStart
	ableStop
	ableHealth
	ableBound
	ableFill
	// What traits declare.
	ableOrder
	ableIDs
	ableNames
	ableMetadata
	ableDurable
	ableWait
	ableLive
	ableEnd
	ableRewind
	ableCountDeliveries
	ableDelay
	ableShare
	ablePartition
	ableConcurrent
	ableKnowIDs
	ableDuplicate
	ableAtomic
	ablePart
	ableSeenAtOnce
	ableReplace
	// What is left to the suite: nil means that there is no such thing.
	ableCut
	ableDown
	ableMiss
	ableRefuse
	ablePending
)

// whyNot says why tests do not apply, for each ability that may be missing.
func (a conformAbility) whyNot() string {
	switch a {
	case ableSettle:
		return "no ergon.Settler"
	case ableReturn, ableRelease, ableSetAside:
		return "the verdict is not accepted"
	case ableCount:
		return "no ergon.Counter"
	case ableFind:
		return "no ergon.Finder"
	case ableLease:
		return "no ergon.Extender with a lease"
	case ableStart:
		return "no ergon.Starter"
	case ableStop:
		return "no ergon.Stopper"
	case ableHealth:
		return "no ergon.HealthChecker"
	case ableBound:
		return "no ergon.Prefetcher"
	case ableFill:
		return "no ergon.Filler"
	case ableCut, ableDown, ableMiss, ableRefuse, ablePending:
		return "the suite has no " + map[conformAbility]string{
			ableCut: "Cut", ableDown: "Down", ableMiss: "Unreachable", ableRefuse: "Refused", ablePending: "Pending",
		}[a]
	default:
		return a.whyNotDeclared()
	}
}

func (a conformAbility) whyNotDeclared() string {
	if trait, ok := map[conformAbility]string{
		ableNames: "Anonymous", ableLive: "Fixed", ableKnowIDs: "Duplicates", ablePart: "Atomic", ableSeenAtOnce: "Whole",
	}[a]; ok {
		return "Traits." + trait + " is declared"
	}
	return "Traits." + map[conformAbility]string{
		ableOrder: "Order", ableIDs: "IDs", ableMetadata: "Metadata", ableDurable: "Durable", ableWait: "Waits",
		ableEnd: "Ends", ableRewind: "Rewinds", ableCountDeliveries: "Deliveries", ableDelay: "Delays", ableShare: "Shared",
		ablePartition: "Partitions", ableConcurrent: "Concurrent", ableDuplicate: "Duplicates", ableAtomic: "Atomic",
		ableReplace: "Whole",
	}[a] + " is not declared"
}

// lacking returns the first ability of wanted that is not there, 0 for none.
func (a conformAbility) lacking(wanted conformAbility) conformAbility {
	missing := wanted &^ a
	return missing & -missing
}

func (a conformAbility) has(wanted conformAbility) bool { return a&wanted == wanted }

// conformIf is the ability, where there is one.
func conformIf(there bool, a conformAbility) conformAbility {
	if there {
		return a
	}
	return 0
}

// conformAbilities reads what the interfaces of a source or a sink show.
func conformAbilities[T any](of any) conformAbility {
	_, settles := of.(ergon.Settler[T])
	_, counts := of.(ergon.Counter)
	_, finds := of.(ergon.Finder[T])
	_, starts := of.(ergon.Starter)
	_, stops := of.(ergon.Stopper)
	_, tells := of.(ergon.HealthChecker)
	_, bounds := of.(ergon.Prefetcher)
	_, fills := of.(ergon.Filler[T])
	verdicts := conformVerdicts[T](of)
	return conformIf(settles, ableSettle) | conformIf(counts, ableCount) | conformIf(finds, ableFind) |
		conformIf(starts, ableStart) | conformIf(stops, ableStop) | conformIf(tells, ableHealth) | conformIf(bounds, ableBound) |
		conformIf(verdicts.Has(ergon.Returned), ableReturn) | conformIf(verdicts.Has(ergon.Released), ableRelease) |
		conformIf(verdicts.Has(ergon.DeadLettered), ableSetAside) | conformIf(settles && conformLease[T](of) > 0, ableLease) |
		conformIf(fills, ableFill)
}

// conformVerdicts returns the verdicts that a source accepts.
func conformVerdicts[T any](of any) ergon.Verdicts {
	if _, settles := of.(ergon.Settler[T]); !settles {
		return 0
	}
	if a, ok := of.(ergon.Accepter); ok {
		return a.Accepts()
	}
	return ergon.VerdictSet(ergon.Acked, ergon.Released, ergon.Returned)
}

// conformLease returns the lease of a source, 0 where there is none.
func conformLease[T any](of any) time.Duration {
	if e, ok := of.(ergon.Extender[T]); ok {
		return max(e.Lease(), 0)
	}
	return 0
}

// abilities returns what traits declare, and what a sink says of itself.
func (t Traits) abilities(sink any) conformAbility {
	w, ok := sink.(interface{ Whole() bool })
	whole := t.Whole || ok && w.Whole()
	return conformIf(t.Order, ableOrder) | conformIf(t.IDs, ableIDs) | conformIf(!t.Anonymous, ableNames) |
		conformIf(t.Metadata, ableMetadata) | conformIf(t.Durable, ableDurable) | conformIf(t.Waits, ableWait) |
		conformIf(!t.Fixed, ableLive) | conformIf(t.Ends, ableEnd) | conformIf(t.Rewinds, ableRewind) |
		conformIf(t.Deliveries, ableCountDeliveries) | conformIf(t.Delays, ableDelay) | conformIf(t.Shared, ableShare) |
		conformIf(t.Partitions, ablePartition) | conformIf(t.Concurrent, ableConcurrent) |
		conformIf(!t.Duplicates, ableKnowIDs) | conformIf(t.Duplicates, ableDuplicate) |
		conformIf(t.Atomic, ableAtomic) | conformIf(!t.Atomic, ablePart) |
		conformIf(!whole, ableSeenAtOnce) | conformIf(whole, ableReplace)
}

// abilities returns what the suite offers.
func (r conformRig[T]) abilities() conformAbility {
	return conformIf(r.cut != nil, ableCut) | conformIf(r.down != nil, ableDown) | conformIf(len(r.refused) > 0, ableRefuse) |
		conformIf(r.noSource != nil || r.noSink != nil, ableMiss) | conformIf(r.pending != nil, ablePending)
}
