// Package faults decides what goes wrong in a simulated run.
package faults

import "slices"

// Plan says what goes wrong in one run. Every answer is a pure function of the
// seed and the question, so that another schedule asks other questions and gets
// the same answers. The zero value lets nothing go wrong.
type Plan struct {
	seed    uint64
	weights [Kinds]float64
}

// swarm are the weights that a kind may have. Runs differ in what goes wrong in
// them: where everything does, much is never reached.
var swarm = []float64{0, .3, 1, 1, 4, 12}

// New returns the Plan of a seed.
func New(seed uint64) *Plan {
	p := &Plan{seed: seed}
	for k := range Kinds {
		p.weights[k] = swarm[p.hash(k, "weight", 0)%uint64(len(swarm))]
	}
	return p
}

// Without returns a Plan in which faults of these kinds do not occur.
func (p *Plan) Without(kinds ...Kind) *Plan {
	less := *p
	for _, k := range kinds {
		less.weights[k] = 0
	}
	return &less
}

// Active returns the kinds that occur.
func (p *Plan) Active() []Kind {
	var kinds []Kind
	for k := range Kinds {
		if p.weights[k] > 0 {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// most bounds how often anything goes wrong: trying again must help in the end.
const most = .6

// Hits reports whether a kind of fault hits something, the nth time that it is
// attempted.
func (p *Plan) Hits(k Kind, id string, attempt int) bool {
	chance := min(often[k]*p.weights[k], most)
	return chance > 0 && float64(p.hash(k, id, attempt)>>11)/(1<<53) < chance
}

// First returns the first of several kinds that hits something, or Kinds.
func (p *Plan) First(kinds []Kind, id string, attempt int) Kind {
	i := slices.IndexFunc(kinds, func(k Kind) bool { return p.Hits(k, id, attempt) })
	if i < 0 {
		return Kinds
	}
	return kinds[i]
}

// Number returns a number in [0, n) that goes with a fault, or with a choice.
func (p *Plan) Number(k Kind, id string, attempt int, n uint64) uint64 {
	if n == 0 {
		return 0
	}
	return mix(p.hash(k, id, attempt)) % n
}

func (p *Plan) hash(k Kind, id string, attempt int) uint64 {
	h := mix(p.seed ^ uint64(k)<<56 ^ uint64(attempt)<<32)
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * 0x100000001b3
	}
	return mix(h)
}

// mix spreads the bits of a number over all of it.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
