package planted

// verdictBugs break what a source is told.
func verdictBugs() []bug {
	const (
		told   = "a source is told the verdict that was reached, and hears of every one"
		ledger = "the ledger says what became of each transaction"
		engine = "internal/engine/"
	)
	return []bug{
		{
			name: "verdicts-swapped", promise: told, file: engine + "settle.go",
			old: "s, o := &room[i], origins[i].payload",
			new: `@
			if bug.On("verdicts-swapped") && o.verdict >= ergon.Released {
				o.verdict = ergon.Released + ergon.Returned - o.verdict
			}`,
		},
		{
			name: "returned-at-a-stop", promise: "a stop is no failure: what it cuts short is released", file: engine + "origin.go",
			old: "\tcase o.run.isOver():",
			new: "\tcase o.run.isOver():\n\tcase o.has(released) && o.faults.Load() == nil && bug.On(\"returned-at-a-stop\"):\n\t\to.settle(returned, ergon.Returned, 0, nil)",
		},
		{
			name: "returned-without-delay", promise: "what comes back does so after a delay", file: engine + "origin.go",
			old: "a.delay = max(a.least, o.run.delay(o.run.Redelivery, max(0, o.head.Deliveries()-1)))",
			new: "@\n\t\tif bug.On(\"returned-without-delay\") {\n\t\t\ta.delay = 0\n\t\t}",
		},
		{
			name: "settle-failure-forgotten", promise: told, file: engine + "settle.go",
			old: "return p.settler.Settle(ctx, settlements(c, origins))",
			new: "if err := p.settler.Settle(ctx, settlements(c, origins)); !bug.On(\"settle-failure-forgotten\") {\n\t\t\treturn err\n\t\t}\n\t\treturn nil",
		},
		{
			name: "settle-error-drops-the-others", promise: told, file: engine + "conclude.go",
			old: "p.succeedItem(t, i, results)\n\t\t\tcontinue",
			new: "if !bug.On(\"settle-error-drops-the-others\") || p.body.kind != ergon.KindSettle {\n\t\t\t\tp.succeedItem(t, i, results)\n\t\t\t}\n\t\t\tcontinue",
		},
		{
			name: "settled-again-with-the-others", promise: "a transaction is settled exactly once", file: engine + "conclude.go",
			old: "errs := ergon.ItemErrorsOf(err, t.items.len())",
			new: `@
	if bug.On("settled-again-with-the-others") && p.body.kind == ergon.KindSettle && len(errs) > 0 {
		for i, e := range errs {
			if e == nil {
				errs[i], rulings[i] = err, ruling{err: err, delay: unset}
			}
		}
	}`,
		},
		{
			name: "verdict-of-another", promise: told, file: engine + "settle.go",
			old: "*o.tx, o.verdict, 0, nil",
			new: `*o.tx, origins[i*(1-bug.One("verdict-of-another"))].payload.verdict, 0, nil`,
		},
		{
			name: "row-of-another-verdict", promise: ledger, file: engine + "handler.go", by: finder{"pipeline", "^Test(I4|Returned|Random|Max)"},
			old: "row: rowOf(f.Verdict), err: f.Err}",
			new: "row: rowOf(f.Verdict - ergon.Verdict(bug.One(\"row-of-another-verdict\"))), err: f.Err}",
		},
		{
			name: "released-in-no-row", promise: ledger, file: engine + "run.go",
			old: "r.books.rows[row].Add(n)",
			new: "if !bug.On(\"released-in-no-row\") || row != releasedRow {\n\t\t@\n\t}",
		},
	}
}
