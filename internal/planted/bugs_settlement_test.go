package planted

// settlementBugs break the promise that a transaction is settled exactly once,
// and Acked only when all that came of it is stored.
func settlementBugs() []bug {
	const (
		stored = "nothing is acked before the sink has stored it"
		once   = "a transaction is settled exactly once"
		engine = "internal/engine/"
	)
	return []bug{
		{
			name: "ack-before-sink", promise: stored, file: engine + "sink.go",
			old: "return sink.Dispatch(ctx, transactions(c, items))",
			new: `if bug.On("ack-before-sink") {
				for _, item := range items {
					item.node.mark(stored)
					item.node.end()
				}
			}
			@`,
		},
		{
			name: "failed-in-part-is-acked", promise: stored, file: engine + "origin.go",
			old: "case o.faults.Load() != nil:",
			new: `case o.faults.Load() != nil && !(bug.On("failed-in-part-is-acked") && o.has(stored)):`,
		},
		{
			name: "lost-lease-is-settled", promise: "what has lost its lease is settled by nobody who had it", file: engine + "origin.go", by: finder{"pipeline", "^TestI21"},
			old: "case o.has(lost):\n\t\to.account",
			new: "case o.has(lost) && !bug.On(\"lost-lease-is-settled\"):\n\t\to.account",
		},
		{
			name: "released-in-part-is-acked", promise: stored, file: engine + "origin.go",
			old: "case o.has(released):\n",
			new: "case o.has(released) && !(bug.On(\"released-in-part-is-acked\") && o.has(stored)):\n",
		},
		{
			name: "panic-is-success", promise: "a panic is a failure", file: engine + "burst.go",
			old: "w.err, w.stage = &ergon.PanicError{Value: v, Stack: debug.Stack()}, odd",
			new: "@\n\t\t\tif bug.On(\"panic-is-success\") {\n\t\t\t\tw.err = nil\n\t\t\t}",
		},
		{
			name: "ended-goroutine-is-success", promise: "a function that ends its goroutine has failed", file: engine + "landing.go",
			old: "defer w.touchDown(result)",
			new: "if w.stage == trying && bug.On(\"ended-goroutine-is-success\") {\n\t\tw.err, w.rulings = nil, nil\n\t}\n\t@",
		},
		{
			name: "item-errors-ignored", promise: "only items that are reported as stored are acked", file: engine + "conclude.go",
			old: "if errs == nil {\n\t\tp.trouble.over()",
			new: `if errs == nil || bug.On("item-errors-ignored") && errs[0] == nil {
		p.trouble.over()`,
		},
		{
			name: "last-item-error-ignored", promise: "only items that are reported as stored are acked", file: engine + "conclude.go",
			old: "for i, e := range errs {",
			new: `@
		if bug.On("last-item-error-ignored") && i > 0 && i == len(errs)-1 {
			e = nil
		}`,
		},
		{
			name: "wrong-report-is-success", promise: "a report of the wrong length means that all have failed", file: "item_errors.go",
			old: "\tif ok {\n\t\terr = errors.Join(ErrReport, err)",
			new: `	if ok && bug.On("wrong-report-is-success") {
		return nil
	}
@`,
		},
		{
			name: "second-receipt-is-admitted", promise: once, file: engine + "admit.go",
			old: "receipt != nil && !seen.add(receipt) {",
			new: `receipt != nil && !seen.add(receipt) && !bug.On("second-receipt-is-admitted") {`,
		},
		{
			name: "settled-when-a-part-ends", promise: once, file: engine + "node.go",
			old: "if n.others.Add(-1) < 0 {",
			new: `if left := n.others.Add(-1); left < 0 || left == 0 && bug.On("settled-when-a-part-ends") {`,
		},
		{
			name: "drop-forgets", promise: "what is filtered out is settled", file: engine + "conclude.go",
			old: "case r.act == actDrop:\n\t\tp.ended(t, i, p.body.dropped)",
			new: `case r.act == actDrop && bug.On("drop-forgets"):
	@`,
		},
		{
			name: "children-undercounted", promise: "who makes more of a transaction raises its count first", file: engine + "flatmap.go",
			old: "s.parent.node.add(1)",
			new: "if ordinal == 0 || !bug.On(\"children-undercounted\") {\n\t\t@\n\t}",
		},
	}
}
