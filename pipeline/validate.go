package pipeline

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/check"
	"github.com/ergon-go/ergon/internal/engine"
)

// facts are what the checks must know that depends on the type of the source.
type facts struct {
	settler   bool
	accepts   ergon.Verdicts
	hasError  bool
	hasLetter bool
	twice     []string
}

func (h *head[In]) facts(p *plan) facts {
	f := facts{hasError: h.onError != nil, hasLetter: h.letters != nil, twice: h.twice}
	if !check.Nil(h.source) {
		_, f.settler = h.source.(ergon.Settler[In])
		f.accepts = ergon.VerdictSet(ergon.Acked, ergon.DeadLettered, ergon.Released, ergon.Returned) // no further fault if it cannot say
		p.ask("pipeline.From", "Accepts", func() { f.accepts = engine.Accepts(h.source) })
	}
	return f
}

// validate finds everything that is wrong with the plan as a whole, and with
// each step for itself.
func (p *plan) validate(f facts) {
	p.faults = append(p.faults, p.policy.validate()...)
	p.checkSource(f)
	if p.name == "" && p.source != nil {
		p.faults = append(p.faults, &ergon.ConfigError{Where: "pipeline.Named", Why: "a name must not be empty"})
	}
	for _, name := range f.twice {
		p.faults = append(p.faults, &ergon.ConfigError{Where: name, Why: "it is set twice; a flow has one"})
	}
	for i, o := range p.watchers {
		if check.Nil(o) {
			p.faults = append(p.faults, &ergon.ConfigError{Where: "pipeline.Observe", Why: fmt.Sprintf("observer %d is nil", i+1)})
		}
	}
	for _, s := range p.order {
		p.checkStep(s, f)
	}
	p.checkNames()
}

func (p *plan) checkSource(f facts) {
	where := "pipeline.From"
	if check.Nil(p.source) {
		why := "the source is nil"
		if p.source != nil {
			why += fmt.Sprintf(" (%T)", p.source)
		}
		p.faults = append(p.faults, &ergon.ConfigError{Where: where, Field: "source", Why: why})
		return
	}
	p.checkPart(where, p.source)
	if f.settler && !f.accepts.Has(ergon.Acked) {
		p.faults = append(p.faults, &ergon.ConfigError{Where: where, Field: "source", Why: "it settles but does not accept Acked"})
	}
	if f.settler && !f.accepts.Has(ergon.Returned) && !f.hasError && !f.hasLetter {
		p.faults = append(p.faults, &ergon.ConfigError{
			Where: where, Field: "source",
			Why: "it does not take back what fails, and there is neither OnError nor DeadLetter to decide what becomes of it",
		})
	}
}

// checkPart asks a source or sink what is wrong with it.
func (p *plan) checkPart(where string, part any) {
	v, ok := part.(interface{ Validate() error })
	if !ok {
		return
	}
	p.ask(where, "Validate", func() {
		p.faults = append(p.faults, check.Placed(where, v.Validate())...)
	})
}

// ask calls a method of a connector. One that panics is a fault too.
func (p *plan) ask(where, method string, call func()) {
	defer func() {
		if v := recover(); v != nil {
			why := (&ergon.PanicError{Value: v}).Error()
			p.faults = append(p.faults, &ergon.ConfigError{Where: where, Field: method, Why: why})
		}
	}()
	call()
}

func (p *plan) checkStep(s *step, f facts) {
	where := p.where(s)
	if s.missing {
		what := "the function is nil"
		switch s.kind {
		case "sink":
			what = "the sink is nil"
		case "dead-letter":
			what = "the sink, or the function that makes its payload, is nil"
		}
		p.faults = append(p.faults, &ergon.ConfigError{Where: where, Why: what})
	}
	if s.gathers && s.batch < 1 {
		p.faults = append(p.faults, &ergon.ConfigError{Where: where, Field: "n", Value: strconv.Itoa(s.batch), Why: "must be at least 1"})
	}
	if s.within < 0 {
		p.faults = append(p.faults, &ergon.ConfigError{Where: where, Field: "within", Value: fmt.Sprint(s.within), Why: "must not be negative"})
	}
	if over := p.policy.Stages[p.steps[s].Name]; s.sink == nil && (over.Batch != 0 || over.Within != 0) {
		p.faults = append(p.faults, &ergon.ConfigError{Where: where, Field: "Batch", Value: strconv.Itoa(over.Batch), Why: "the policy asks for batches, which only a sink takes"})
	}
	if e := p.steps[s]; e.Workers != 0 {
		if err := e.Settings.Validate(where); err != nil {
			p.faults = append(p.faults, err)
		}
	}
	p.checkIdle(s, where)
	if s.sink != nil && !s.missing {
		p.checkPart(where, s.sink)
		if p.isWhole(where, s.sink) && f.settler {
			p.faults = append(p.faults, &ergon.ConfigError{
				Where: where, Why: "a file that is written as a whole appears only at the end, and the source would be told before: use a sink that appends",
			})
		}
	}
}

// checkIdle finds settings that would have no effect.
func (p *plan) checkIdle(s *step, where string) {
	given := p.steps[s].Settings.Policy
	if (s.group || s.keyed) && given.Workers > 1 {
		p.faults = append(p.faults, &ergon.ConfigError{Where: where, Field: "Workers", Value: strconv.Itoa(given.Workers), Why: "it always has one"})
	}
	if p.isEnding(s) && given.Buffer > 0 {
		p.faults = append(p.faults, &ergon.ConfigError{Where: where, Field: "Buffer", Value: strconv.Itoa(given.Buffer), Why: "it holds whatever is in flight: leave Buffer out"})
	}
}

// isEnding reports whether a step is about whole transactions.
func (p *plan) isEnding(s *step) bool {
	return s.kind == "on-error" || s.kind == "dead-letter" || s.kind == engine.SuccessStage
}

// isWhole reports whether a sink publishes what it stores only at its Stop.
func (p *plan) isWhole(where string, sink any) (whole bool) {
	if w, ok := sink.(interface{ Whole() bool }); ok {
		p.ask(where, "Whole", func() { whole = w.Whole() })
	}
	return whole
}

// checkNames finds policies for steps that do not exist, or have no name of
// their own that a policy could rely on.
func (p *plan) checkNames() {
	known := maps.Clone(p.names)
	for _, s := range p.order {
		if p.isEnding(s) {
			known[p.steps[s].Name] = true
		}
	}
	var named []string
	for _, name := range slices.Sorted(maps.Keys(known)) {
		named = append(named, onOneLine(name))
	}
	for _, name := range slices.Sorted(maps.Keys(p.policy.Stages)) {
		if !known[name] {
			p.faults = append(p.faults, &ergon.ConfigError{
				Where: "pipeline.Policy", Field: "Stages", Value: fmt.Sprintf("%q", name),
				Why: fmt.Sprintf("no step was given this name; named are: %s", strings.Join(named, ", ")),
			})
		}
	}
}

// title is the method of Flow that makes a step of a kind.
func title(kind string) string {
	switch kind {
	case "sink":
		return "To"
	case engine.SuccessStage:
		return "OnSuccess"
	}
	var b strings.Builder
	for word := range strings.SplitSeq(kind, "-") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}
