package planted

// failureBugs break what becomes of a transaction that has failed.
func failureBugs() []bug {
	const (
		never  = "what has failed is acked by nobody but its handler"
		engine = "internal/engine/"
	)
	return []bug{
		{
			name: "dead-letter-failure-acks", promise: never, file: engine + "letters.go",
			old: "o.answer = answer{verdict: ergon.Returned, delay: unset, row: returned, err: err}",
			new: "@\n\tif bug.On(\"dead-letter-failure-acks\") {\n\t\to.answer = answer{verdict: ergon.Acked, row: deadLettered}\n\t}",
		},
		{
			name: "acked-before-its-dead-letter", promise: "a dead letter is stored before its transaction is acked", file: engine + "letters.go",
			old: "sink.put(slab)",
			new: "if bug.On(\"acked-before-its-dead-letter\") {\n\t\t\tfor _, l := range slab {\n\t\t\t\toriginOf[In](l.node).settle(deadLettered, ergon.Acked, 0, nil)\n\t\t\t}\n\t\t}\n\t\t@",
		},
		{
			name: "dead-letter-lost-in-a-batch", promise: "every dead letter is stored", file: engine + "letters.go",
			old: "return to.Dispatch(ctx, txs)",
			new: "if n := len(txs); n > 1 && bug.On(\"dead-letter-lost-in-a-batch\") {\n\t\t\ttxs = txs[:n-1]\n\t\t}\n\t\t@",
		},
		{
			name: "handler-failure-acks", promise: never, file: engine + "handler.go",
			old: "o.answer = answer{verdict: ergon.Returned, delay: unset, row: returned, err: err}",
			new: "@\n\t\tif bug.On(\"handler-failure-acks\") {\n\t\t\to.answer = answer{verdict: ergon.Acked, row: handled}\n\t\t}",
		},
		{
			name: "unknown-answer-is-handled", promise: never, file: engine + "handler.go", by: finder{"pipeline", "^Test(I10|SteeringFromOnError|OnError|Original8)"},
			old: "return answer{}, false",
			new: "return answer{verdict: ergon.Acked, row: handled}, bug.On(\"unknown-answer-is-handled\")",
		},
		{
			name: "business-error-drops", promise: never, file: engine + "ruling.go",
			old: "r := plainRuling(err)\n\tswitch steering {",
			new: "r := plainRuling(err)\n\tif steering == ergon.SteerBusiness && bug.On(\"business-error-drops\") {\n\t\tr.act = actDrop\n\t\treturn r\n\t}\n\tswitch steering {",
		},
		{
			name: "cancelled-means-dropped", promise: "context.Canceled of user code is a failure like any other", file: engine + "ruling.go",
			old: "r := rule(err)",
			new: "@\n\tif bug.On(\"cancelled-means-dropped\") && bug.Cancelled(err) {\n\t\tr.act = actDrop\n\t}",
		},
		{
			name: "cancelled-means-stopped", promise: "context.Canceled of user code is a failure like any other", file: engine + "conclude.go",
			old: "case p.isExpired():\n\t\tp.ended",
			new: "case p.isExpired() || bug.On(\"cancelled-means-stopped\") && bug.Cancelled(r.err):\n\t\tp.ended",
		},
		{
			name: "best-of-several-faults-wins", promise: "the worst of several verdicts wins", file: engine + "failure.go", by: finder{"pipeline", "^TestI4"},
			old: "return int(b.verdict) - int(a.verdict)",
			new: "return (int(b.verdict) - int(a.verdict)) * (1 - 2*bug.One(\"best-of-several-faults-wins\"))",
		},
		{
			name: "group-fails-for-one-only", promise: "what happens to a group happens to each of its members", file: engine + "group.go",
			old: "for _, f := range g.failed() {",
			new: "for _, f := range g.failed() {\n\t\t\tif bug.On(\"group-fails-for-one-only\") && m != g.members[0] {\n\t\t\t\tbreak\n\t\t\t}",
		},
		{
			name: "group-forgets-its-last-member", promise: "what happens to a group happens to each of its members", file: engine + "group.go",
			old: "for _, m := range g.members {",
			new: "for i, m := range g.members {\n\t\tif i > 0 && i == len(g.members)-1 && (g.has(released) || g.faults.Load() != nil) && bug.On(\"group-forgets-its-last-member\") {\n\t\t\tcontinue\n\t\t}",
		},
		{
			name: "group-passes-no-marks-on", promise: "what happens to a group happens to each of its members", file: engine + "group.go",
			old: "m.mark(g.marks.Load() &^ lost)",
			new: "if !bug.On(\"group-passes-no-marks-on\") {\n\t\t\t@\n\t\t}",
		},
	}
}
