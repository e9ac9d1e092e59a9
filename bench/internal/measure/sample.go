package measure

import "context"

// Sample is what one run of a variant measured.
type Sample struct {
	Value  float64 // in the unit of its scenario
	Allocs float64 // for each item
	Live   float64 // bytes that were reachable above the start, at most
	Heap   float64 // bytes above the start, what was not collected yet included, at most
	Growth float64 // bytes by which Live was higher towards the end than at the beginning
}

// Round is the samples of one round, by the name of the variant.
type Round map[string]Sample

// Ratio returns how many times the value of one variant another one's is.
func (r Round) Ratio(of, to string) float64 { return r[of].Value / r[to].Value }

// Variant is one thing that a scenario measures.
type Variant struct {
	Name string
	Run  func(context.Context) (Sample, error)
	Note string // what a reader of the figures must know
}
