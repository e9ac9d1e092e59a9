package engine

import (
	"errors"
	"fmt"
	"time"

	"github.com/ergon-go/ergon"
)

// act is what happens to an item after an attempt that failed.
type act uint8

const (
	actRetry act = iota
	actFail
	actDrop
	actHold
	actFatal
)

// ruling is what an error means for one item.
type ruling struct {
	act      act
	err      error
	category ergon.Category
	verdict  ergon.Verdict // with actFail
	delay    time.Duration // with actRetry: at least; with actHold; with actFail and Returned
}

// unset says that a Returned transaction waits as the policy says.
const unset = time.Duration(-1)

// leastHold keeps a stage that holds for no time from spinning.
const leastHold = time.Millisecond

// plainRuling is what an error means that says nothing.
func plainRuling(err error) ruling {
	return ruling{err: err, delay: unset, verdict: ergon.Returned}
}

// ruleStage is what the errors of stages and sinks mean: the table of steering.
func ruleStage(err error) ruling {
	steering, d := ergon.SteeringOf(err)
	r := plainRuling(err)
	switch steering {
	case ergon.SteerBusiness, ergon.SteerPermanent, ergon.SteerDeadLetter:
		r.act, r.verdict = actFail, ergon.DeadLettered
	case ergon.SteerReturn:
		r.act, r.delay = actFail, d
	case ergon.SteerRetryAfter:
		r.delay = d
	case ergon.SteerHold:
		r.act, r.delay = actHold, max(d, leastHold)
	case ergon.SteerDrop:
		r.act = actDrop
	case ergon.SteerFatal:
		r.act = actFatal
	case ergon.SteerRetry, ergon.SteerHandled:
	}
	return r
}

// ruleHandler is what is left of it for an OnError handler, whose answers have
// been understood before: everything else is tried again.
func ruleHandler(err error) ruling {
	r := ruleStage(err)
	if r.act != actHold {
		r.act, r.verdict = actRetry, ergon.Returned
	}
	return r
}

// rule returns what an error means here, with its category.
func (p *core) rule(err error, timedOut bool) ruling {
	if s, _ := ergon.SteeringOf(err); timedOut && s == ergon.SteerRetry && !errors.Is(err, ErrAttemptTimeout) {
		err = fmt.Errorf("%w: %w", ErrAttemptTimeout, err)
	}
	rule := p.body.rule
	if rule == nil {
		rule = ruleStage
	}
	r := rule(err)
	r.category = ergon.CategoryOf(err)
	if timedOut && r.category == ergon.CategorySystem {
		r.category = ergon.CategoryTimeout
	}
	if s, _ := ergon.SteeringOf(err); s == ergon.SteerRetry && p.step.Settings.Classify != nil {
		p.classify(&r, err)
	}
	return r
}

// classify asks the user's function for the category of a plain error. One that
// panics has no opinion.
func (p *core) classify(r *ruling, err error) {
	defer func() { _ = recover() }()
	r.category = p.step.Settings.Classify(err)
	if r.category == ergon.CategoryBusiness {
		r.act, r.verdict = actFail, ergon.DeadLettered
	}
}
