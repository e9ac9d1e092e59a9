package ergontest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/internal/lab"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
)

// funcPlace is where the function is called that is tested.
const funcPlace = "the function"

// funcRun is one Call that is made.
type funcRun[In, Out any] struct {
	Call[In, Out]
	caseEnd
	life *caseLife
	tx   ergon.Transaction[In]
	fn   transform[In, Out]
	got  fed[ergon.Transaction[Out]]
}

// funcCall makes a call in a bubble of its own. What is wrong is told as one fault.
func funcCall[In, Out any](t *testing.T, report func([]string), c Call[In, Out], index int, build func(*Fakes) transform[In, Out]) {
	t.Helper()
	r := &funcRun[In, Out]{Call: c, tx: c.transaction(index)}
	r.ids = []string{r.tx.ID()}
	tell := func(faults []string) {
		t.Helper()
		if faults = slices.Concat(faults, r.caseEnd.faults); len(faults) > 0 {
			report([]string{r.message(faults)})
		}
	}
	inBubble(t, tell, func(t *testing.T, b *bubble) {
		r.caseScript = newScript(r.ids, c.Faults)
		r.life = r.caseScript.life(t.Context(), func() {})
		defer r.life.die()
		fakes := &Fakes{T: t, director: r.life}
		r.fn = build(fakes)
		r.caseEnd.faults = append(r.caseEnd.faults, r.mistakes(fakes.fakes)...)
		if len(r.caseEnd.faults) > 0 {
			return
		}
		r.run(t.Context(), b)
	})
}

// transaction returns what a call feeds to the function.
func (c Call[In, Out]) transaction(index int) ergon.Transaction[In] {
	tx := ergon.Numbered("test", int64(index), c.In)
	if c.ID != "" {
		tx = tx.WithID(c.ID)
	}
	return tx.WithMetadata(c.Metadata)
}

// mistakes returns what makes no sense in a call.
func (r *funcRun[In, Out]) mistakes(fakes []string) []string {
	var all []string
	for _, f := range r.Faults {
		all = append(all, f.mistakes(1)...)
		switch f.act {
		case actStop, actCrash, actCrashAfter:
			all = append(all, fmt.Sprintf("%v: there is no run here that could end, but a call", f))
		}
		all = append(all, missingFake(f.String(), f.place.name, fakes)...)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Calls)) {
		all = append(all, missingFake("Calls", name, fakes)...)
	}
	if err := r.Retry.Validate(); err != nil {
		all = append(all, err.Error())
	}
	return all
}

func missingFake(who, name string, fakes []string) []string {
	if slices.Contains(fakes, name) {
		return nil
	}
	return []string{fmt.Sprintf("%s: there is no fake %q, only %q", who, name, fakes)}
}

// run makes the call, and sees whether what comes of it is as wanted.
func (r *funcRun[In, Out]) run(ctx context.Context, b *bubble) {
	ctx = lab.With(ctx, &lab.Lab{Random: longest})
	began := time.Now()
	out, done := r.out(ctx)
	timer := time.NewTimer(LongestRun)
	defer timer.Stop()
	select {
	case err := <-done:
		r.got = fed[ergon.Transaction[Out]]{*out, err, time.Since(began)}
	case <-timer.C:
		b.faultf("%v", errHangs)
		return
	}
	for _, d := range append(r.answer(r.got), r.result(r.got)...) {
		r.differ(nil, d.what, d.want, d.got)
	}
	r.count()
}

// out begins the call, and returns where its result will be once it is done.
func (r *funcRun[In, Out]) out(ctx context.Context) (*ergon.Transaction[Out], <-chan error) {
	var out ergon.Transaction[Out]
	number := 0
	try := func(ctx context.Context) (struct{}, error) {
		number++
		var err error
		out, err = r.attempt(ctx, number)
		return struct{}{}, err
	}
	policy := r.Retry
	policy.AttemptTimeout = 0 // an attempt keeps to it by itself, as those of a stage do
	if r.Retry == (retry.Policy{}) {
		policy.MaxAttempts = 1
	}
	return &out, async(func() error {
		_, err := retry.Do(ctx, policy, try)
		if exhausted := (*retry.ExhaustedError)(nil); errors.As(err, &exhausted) {
			err = exhausted.Attempts[len(exhausted.Attempts)-1].Err // what a stage fails with
		}
		return err
	})
}

// attempt calls the function once.
func (r *funcRun[In, Out]) attempt(ctx context.Context, number int) (out ergon.Transaction[Out], err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, cmp.Or(r.Retry.AttemptTimeout, longestCall), pipeline.ErrAttemptTimeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = &ergon.PanicError{Value: p, Stack: debug.Stack()}
		}
	}()
	c := crossing{kind: ergon.KindAttempt, place: funcPlace, stage: funcPlace, ids: r.ids, attempt: number}
	err = r.life.around(context.WithValue(ctx, crossingKey{}, c), c, func(ctx context.Context) (err error) {
		out, err = r.fn(ctx, r.tx)
		return err
	})
	return out, err
}

// count compares how often the function and its fakes were called, and finds
// faults that never came about.
func (r *funcRun[In, Out]) count() {
	if n := len(r.calls(funcPlace)); r.Attempts != 0 && n != r.Attempts {
		r.differ(nil, "attempts", fmt.Sprint(r.Attempts), fmt.Sprint(n))
	}
	for _, name := range slices.Sorted(maps.Keys(r.Calls)) {
		callsWant{name, r.Calls[name]}.check(&r.caseEnd)
	}
	for i, f := range r.Faults {
		whom := ""
		if len(f.place.nth) > 0 {
			whom = r.ids[0]
		}
		if !f.maybe && !r.came[caseTry{i, whom}] {
			r.notef(nil, "%v never came about", f)
		}
	}
}

// message tells of everything that was wrong with a call, and of its attempts.
func (r *funcRun[In, Out]) message(faults []string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "call %q, transaction %q: %s", r.Name, r.tx.ID(), brief(r.tx.Payload()))
	for _, fault := range faults {
		text.WriteString("\n\t" + strings.ReplaceAll(fault, "\n", "\n\t"))
	}
	if r.caseScript != nil {
		if history := r.history(0); len(history) > 0 {
			text.WriteString("\n\twhat happened:\n\t\t" + strings.Join(history, "\n\t\t"))
		}
	}
	return text.String()
}
