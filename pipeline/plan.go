package pipeline

import (
	"cmp"
	"fmt"
	"math"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/check"
	"github.com/ergon-go/ergon/internal/engine"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/stage"
)

// plan is a description worked out: every step with its name and all defaults
// filled in, and everything that is wrong with it.
type plan struct {
	name     string
	policy   Policy
	watchers []ergon.Observer
	source   any
	inFlight int
	lease    time.Duration // of the source; 0: it has none

	root  []*step
	steps map[*step]*engine.Step
	order []*step // in which they were found
	sinks []*step
	lines map[*step]int // the lines in which order begins late, by the step in front of which they stand
	below map[*step][]int
	calm  map[*step]bool // branches that nobody waits for

	names  map[string]bool
	faults []error
}

// plan works the description out.
func (d *ended[In]) plan() *plan {
	p := &plan{
		steps: map[*step]*engine.Step{}, lines: map[*step]int{}, below: map[*step][]int{},
		calm: map[*step]bool{}, names: map[string]bool{}, root: d.steps,
	}
	if d.head == nil || d.head.source == nil && d.attach == nil {
		p.faults = append(p.faults, errEmpty)
		return p
	}
	p.name, p.policy, p.watchers, p.source = d.head.name, d.head.policy, d.head.observers, d.head.source
	endings := d.head.endings()
	p.nameAll(endings)
	p.limits()
	p.walk(d.steps, route{ordered: true, group: 1})
	p.feed(nil, d.steps)
	for _, e := range endings {
		p.ending(e)
	}
	p.validate(d.head.facts(p))
	return p
}

// endings returns the steps of what is set for the flow as a whole.
func (h *head[In]) endings() []*step {
	var steps []*step
	for _, e := range []*ending[In]{h.onError, h.letters, h.success} {
		if e != nil {
			steps = append(steps, e.step)
		}
	}
	return steps
}

// limits works out how much may be in flight.
func (p *plan) limits() {
	p.inFlight = cmp.Or(p.policy.InFlight, max(defaultInFlight, 2*p.widest()))
	if source, ok := p.source.(ergon.Prefetcher); ok && !check.Nil(p.source) {
		p.ask("pipeline.From", "Prefetch", func() {
			if n := source.Prefetch(); n > 0 {
				p.inFlight = min(p.inFlight, n)
			}
		})
	}
	if source, ok := p.source.(interface{ Lease() time.Duration }); ok && !check.Nil(p.source) {
		p.ask("pipeline.From", "Lease", func() { p.lease = source.Lease() })
	}
}

// widest returns how many workers the step has that has most. Twice as many in
// flight is as little as keeps all of them busy while others wait for their batch.
func (p *plan) widest() int {
	most := 1
	for _, s := range p.order {
		most = max(most, p.settings(s).Policy.Workers)
	}
	return most
}

// nameAll gives every step its name: what it was given, or what it does, with a
// number where that is taken.
func (p *plan) nameAll(endings []*step) {
	all := append(flat(p.root), endings...)
	for _, s := range all {
		if name := s.settings.Name; name != "" {
			p.names[name] = true
		}
	}
	taken := map[string]bool{}
	for _, s := range all {
		name := s.settings.Name
		if name == "" {
			name = s.kind
			for n := 2; taken[name] || p.names[name]; n++ {
				name = fmt.Sprintf("%s-%d", s.kind, n)
			}
		}
		taken[name] = true
		p.steps[s] = &engine.Step{Name: name, Index: len(p.order), Node: nodeID(len(p.order))}
		p.order = append(p.order, s)
	}
	p.checkUnique()
}

// feed notes what each step hands on to; the first of them to what above does.
func (p *plan) feed(above *engine.Step, steps []*step) {
	for _, s := range steps {
		next := above
		if s.kind != "fork" && s.kind != "ordered" { // neither has room of its own
			next = p.steps[s]
		}
		if next != above && above != nil {
			above.Feeds = append(above.Feeds, next)
		}
		above = next
		for _, b := range s.branches {
			p.feed(above, b.branch)
		}
	}
}

// checkUnique finds names that were given twice.
func (p *plan) checkUnique() {
	first := map[string]*step{}
	for _, s := range p.order {
		name := s.settings.Name
		if name == "" {
			continue
		}
		if other := first[name]; other != nil {
			p.fault(s, "Named", fmt.Sprintf("%s has this name already", p.where(other)))
			continue
		}
		first[name] = s
	}
}

// flat returns the steps of a description and of all its branches, in order.
func flat(steps []*step) []*step {
	var all []*step
	for _, s := range steps {
		if s.kind != "branch" && s.kind != "ordered" {
			all = append(all, s)
		}
		for _, b := range s.branches {
			all = append(all, flat(b.branch)...)
		}
	}
	return all
}

// settings returns those of a step: policy, then options.
func (p *plan) settings(s *step) stage.Settings {
	if over, ok := p.policy.Stages[p.steps[s].Name]; ok {
		return s.settings.Override(over)
	}
	return s.settings
}

// fill fills in the settings of a step: policy, then options, then defaults.
func (p *plan) fill(s *step, defaults retry.Policy) *engine.Step {
	e, settings := p.steps[s], p.settings(s)
	if settings.HasRetry() && defaults.MaxAttempts == 1 {
		defaults.MaxAttempts = 0 // whoever asks for retries without a number gets retry's own
	}
	e.Settings = settings
	e.Workers = cmp.Or(settings.Policy.Workers, 1)
	e.Batch, e.Within = s.batch, s.within
	if s.sink != nil {
		e.Batch, e.Within = settings.Policy.Batch, settings.Policy.Within
	}
	e.Within = cmp.Or(e.Within, stage.DefaultWithin)
	e.Buffer = cmp.Or(settings.Policy.Buffer, max(defaultBuffer, e.Workers+e.Batch))
	e.Retry = settings.Policy.Retry.Or(defaults)
	e.Timeout = cmp.Or(e.Retry.AttemptTimeout, defaultTimeout)
	return e
}

// ending fills in what is done with whole transactions: it holds as many as can
// be in flight, so that nobody waits to hand one over.
func (p *plan) ending(s *step) {
	defaults := handlerRetry
	if s.sink != nil {
		defaults = sinkRetry
		if s.settings.BestEffort {
			defaults = stageRetry
		}
		p.sinks = append(p.sinks, s)
	}
	e := p.fill(s, defaults)
	e.Buffer = p.inFlight
	p.batches(s, &route{group: 1}, e.Batch)
}

// settle returns the step of telling the source.
func (p *plan) settle() *engine.Step {
	policy := p.policy.Settle
	if policy.MaxAttempts == 0 && policy.Within == 0 {
		policy.Within = defaultSettleWithin
		if p.lease > 0 {
			policy.Within = max(p.lease, time.Second)
		}
	}
	policy = policy.Or(settleRetry)
	return &engine.Step{
		Name: "settle", Workers: 1, Buffer: p.inFlight, Slab: p.inFlight,
		Retry: policy, Timeout: cmp.Or(policy.AttemptTimeout, defaultTimeout),
	}
}

// config returns the policy of a run with all defaults.
func (p *plan) config(streaming bool) engine.Config {
	fetch := retry.Policy{MaxAttempts: 5}
	if streaming {
		fetch.MaxAttempts = retry.Unlimited
	}
	deliveries := cmp.Or(p.policy.MaxDeliveries, defaultMaxDeliveries)
	if deliveries == retry.Unlimited {
		deliveries = math.MaxInt
	}
	return engine.Config{
		Name: p.name, Streaming: streaming, InFlight: p.inFlight,
		FetchBatch: cmp.Or(p.policy.FetchBatch, defaultFetchBatch), Limit: p.policy.Limit,
		RunTimeout: p.policy.RunTimeout, TransactionTimeout: p.policy.TransactionTimeout,
		Drain: cmp.Or(p.policy.Drain, defaultDrain), Grace: cmp.Or(p.policy.Grace, defaultGrace),
		Redelivery: p.policy.Redelivery.Or(redeliveryRetry), MaxDeliveries: deliveries,
		MaxFailures: p.policy.MaxFailures.Count, MaxFailureShare: p.policy.MaxFailures.Share,
		Fetch: p.policy.Fetch.Or(fetch), FetchTimeout: p.policy.Fetch.AttemptTimeout,
		Empty: p.policy.Empty.Or(emptyRetry), Settle: p.settle(),
		Observers: p.watchers, Lines: len(p.lines),
	}
}
