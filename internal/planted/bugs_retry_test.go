package planted

// retryBugs break how often, when and for how long things are tried.
func retryBugs() []bug {
	const (
		wait   = "between attempts there is the wait that was asked for"
		engine = "internal/engine/"
		count  = "a policy says how often something is tried, the first time included"
		ends   = "the context of an attempt ends with it"
	)
	tests := finder{"retry", "."}
	leashTests := finder{"internal/leash", "^Test(ALeashIs|AnAttempt|WhatIsAsked|TheTime)"}
	return []bug{
		{
			name: "retry-without-a-wait", promise: wait, file: engine + "conclude.go",
			old: "p.run.clock.wait(again.wait, p.body.expired != nil, func() {",
			new: "p.run.clock.wait(again.wait*time.Duration(1-bug.One(\"retry-without-a-wait\")), p.body.expired != nil, func() {",
		},
		{
			name: "asked-for-wait-ignored", promise: wait, file: engine + "conclude.go",
			old: "wait := max(p.run.delay(p.step.Retry, tr.count-1), r.delay)",
			new: "wait := max(p.run.delay(p.step.Retry, tr.count-1), r.delay*time.Duration(1-bug.One(\"asked-for-wait-ignored\")))",
		},
		{
			name: "hold-holds-nobody", promise: "a stage that is to hold holds", file: "internal/seam/batching.go",
			old: "q.held, q.until = true, until",
			new: "q.held, q.until = !bug.On(\"hold-holds-nobody\"), until",
		},
		{
			name: "hold-never-ends", promise: "a hold ends", file: "internal/seam/batching.go",
			old: "if q.holds == hold {",
			new: "if q.holds == hold && !bug.On(\"hold-never-ends\") {",
		},
		{
			name: "what-held-is-forgotten", promise: "what held a stage is tried again", file: engine + "conclude.go",
			old: "defer p.belt.Reopen(hold)\n\t\tdefer p.belt.Again(part)",
			new: "defer p.belt.Reopen(hold)\n\t\tif !bug.On(\"what-held-is-forgotten\") {\n\t\t\tdefer p.belt.Again(part)\n\t\t}",
		},
		{
			name: "no-timeout", promise: "an attempt ends with its time", file: engine + "attempt.go",
			old: "limit := p.step.Timeout",
			new: "@ + 1000*time.Hour*time.Duration(bug.One(\"no-timeout\"))",
		},
		{
			name: "second-attempt-beside-a-deaf-one", promise: "nothing is attempted twice at once", file: engine + "attempt.go",
			old: "return p.self.invoke(&a.call.clock, &a.call, a.items, a.results)",
			new: "if bug.On(\"second-attempt-beside-a-deaf-one\") {\n\t\treturn bug.Impatient(&a.call.clock, func() error { @ })\n\t}\n\t@",
		},
		{
			name: "whole-batch-is-tried-again", promise: "only what has failed is handed to a sink again", file: engine + "conclude.go",
			old: "again := &retrial{}",
			new: `@
	if bug.On("whole-batch-is-tried-again") && p.body.kind == ergon.KindDispatch {
		for i, e := range errs {
			if e == nil {
				errs[i], rulings[i] = err, ruling{err: err, delay: unset}
			}
		}
	}`,
		},
		{
			name: "part-of-a-batch-is-forgotten", promise: "whatever has failed is tried again, or fails", file: engine + "task.go",
			old: "for _, i := range indexes {",
			new: "for n, i := range indexes {\n\t\tif n > 0 && n == t.items.len()-1 && bug.On(\"part-of-a-batch-is-forgotten\") {\n\t\t\tbreak\n\t\t}",
		},
		{
			name: "flat-map-hands-on-twice", promise: "a FlatMap that is tried again does not hand on again", file: engine + "flatmap.go",
			old: "if s.known(ordinal, err) {",
			new: "if s.known(ordinal, err) && !bug.On(\"flat-map-hands-on-twice\") {",
		},
		{
			name: "flat-map-skips-one-too-many", promise: "a FlatMap that is tried again goes on where it was", file: engine + "flatmap.go",
			old: "t := s.call.task\n\treturn ordinal",
			new: "t := s.call.task\n\tif t.tries != nil && t.skip > 0 && ordinal == t.skip && err == nil && bug.On(\"flat-map-skips-one-too-many\") {\n\t\treturn true\n\t}\n\treturn ordinal",
		},
		{
			name: "flat-map-retry-in-a-part-forgets", promise: "a FlatMap that is tried again goes on where it was", file: engine + "task.go",
			old: "skip: t.skip, bad: t.bad, first",
			new: "skip: t.skip * (1 - bug.One(\"flat-map-retry-in-a-part-forgets\")), bad: t.bad, first",
		},
		{
			name: "one-attempt-too-many", promise: count, file: "retry/call.go", by: tests,
			old: "c.made >= c.policy.Attempts()",
			new: "c.made >= c.policy.Attempts()+bug.One(\"one-attempt-too-many\")",
		},
		{
			name: "one-attempt-too-few", promise: count, file: "retry/call.go", by: tests,
			old: "c.made >= c.policy.Attempts()",
			new: "bug.One(\"one-attempt-too-few\")+@",
		},
		{
			name: "attempt-with-an-ended-context", promise: "nothing is tried once the context has ended", file: "retry/do.go", by: tests,
			old: "if err := c.over(ctx, 0); err != nil {",
			new: "if err := c.over(ctx, 0); err != nil && !bug.On(\"attempt-with-an-ended-context\") {",
		},
		{
			name: "wait-outlasts-its-context", promise: "a wait ends with its context", file: "retry/do.go", by: tests,
			old: "case <-ctx.Done():\n",
			new: "case <-ctx.Done():\n\t\tif bug.On(\"wait-outlasts-its-context\") {\n\t\t\t<-timer.C\n\t\t}\n",
		},
		{
			name: "attempt-outlives-its-failure", promise: ends, file: "retry/wrap.go", by: tests,
			old: "\t\tl.Cut()\n",
			new: "\t\tif !bug.On(\"attempt-outlives-its-failure\") {\n\t\t\tl.Cut()\n\t\t}\n",
		},
		{
			name: "asked-leash-is-used-again", promise: ends, file: "internal/leash/leash.go", by: leashTests,
			old: "if !l.state.CompareAndSwap(running, hanging) {",
			new: "if !l.state.CompareAndSwap(running, hanging) && !(bug.On(\"asked-leash-is-used-again\") && l.state.CompareAndSwap(asked, hanging)) {",
		},
		{
			name: "leash-asked-late-lives", promise: ends, file: "internal/leash/leash.go", by: leashTests,
			old: "l.alive(s == ended)",
			new: "l.alive(s == ended && !bug.On(\"leash-asked-late-lives\"))",
		},
		{
			name: "leash-asked-when-hung-up-lives", promise: ends, file: "internal/leash/leash.go", by: leashTests,
			old: "l.state.CompareAndSwap(hanging, ended)",
			new: "l.state.CompareAndSwap(hanging, ended-2*uint32(bug.One(\"leash-asked-when-hung-up-lives\")))",
		},
		{
			name: "moment-begins-late", promise: "the time of an attempt is up when it is", file: "internal/leash/moment.go", by: leashTests,
			old: "over != nil && over.Before(now)",
			new: "!bug.On(\"moment-begins-late\") && @",
		},
		{
			name: "stage-tries-once-too-often", promise: count, file: engine + "conclude.go", by: finder{"pipeline", "^TestAnAttemptThatTakesTooLong"},
			old: "tr.count < p.step.Retry.Attempts() {",
			new: "tr.count-bug.One(\"stage-tries-once-too-often\") < p.step.Retry.Attempts() {",
		},
		{
			name: "stage-tries-once-too-rarely", promise: count, file: engine + "conclude.go", by: finder{"pipeline", "^Test(Original7|Limits|ARetry|Steering)"},
			old: "tr.count < p.step.Retry.Attempts() {",
			new: "bug.One(\"stage-tries-once-too-rarely\")+@",
		},
	}
}
