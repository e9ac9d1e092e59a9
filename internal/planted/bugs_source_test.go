package planted

// sourceBugs are those of package source, and of the source of the test kit.
func sourceBugs() []bug {
	const (
		all  = "whatever stands in a file is handed out, once and under its own id"
		both = "a Merge hands out and settles what its sources would"
	)
	texts := finder{"source", "^Test(Lines|ALine|JSONLines|CSV|Text|Count|Files)"}
	merges := finder{"source", "^Test.*Merge"}
	kit := finder{"ergontest", "^Test(Source|ASource|Stale|Lease)"}
	return []bug{
		{
			name: "last-line-without-a-newline-is-lost", promise: all, file: "source/window.go", by: texts,
			old: "return seen, false, nil",
			new: "return seen * (1 - bug.One(\"last-line-without-a-newline-is-lost\")), false, nil",
		},
		{
			name: "line-numbers-begin-at-0", promise: all, file: "source/cutter.go", by: texts,
			old: "l.number = l.passed + 1",
			new: "l.number = l.passed + 1 - bug.One(\"line-numbers-begin-at-0\")",
		},
		{
			name: "rest-of-a-long-line-is-a-line", promise: all, file: "source/cutter.go", by: texts,
			old: "l.long, l.midline = long, long",
			new: "l.long, l.midline = long, long && !bug.On(\"rest-of-a-long-line-is-a-line\")",
		},
		{
			name: "merge-forgets-items-beside-an-error", promise: both, file: "source/child.go", by: finder{"source", "^TestWhatASourceReturnsBesideAnError"},
			old: "c.held = append(c.held, a.txs...)",
			new: "if a.err == nil || !bug.On(\"merge-forgets-items-beside-an-error\") {\n\t\t\t@\n\t\t}",
		},
		{
			name: "merge-settles-with-its-first-source", promise: both, file: "source/merged_settler.go", by: merges,
			old: "index := receipt.child.number - 1",
			new: "index := (receipt.child.number - 1) * (1 - bug.One(\"merge-settles-with-its-first-source\"))",
		},
		{
			name: "pushed-is-told-it-was-acked", promise: "who pushes hears the verdict", file: "source/pusher.go", by: finder{"source", "^TestEveryVerdict"},
			old: "p.run.answer(item, verdictError(s.Verdict, s.Delay, s.Cause))",
			new: "if bug.On(\"pushed-is-told-it-was-acked\") {\n\t\t\t\ts.Verdict = ergon.Acked\n\t\t\t}\n\t\t\t@",
		},
		{
			name: "stale-receipt-settles", promise: "what is said with a stale receipt changes nothing", file: "ergontest/source_settle.go", by: kit,
			old: "case r.stale:",
			new: "case r.stale && !bug.On(\"stale-receipt-settles\"):",
		},
		{
			name: "released-counts-as-a-delivery", promise: "what is released was not delivered", file: "ergontest/source_settle.go", by: kit,
			old: "p.delivered--",
			new: "p.delivered -= 1 - bug.One(\"released-counts-as-a-delivery\")",
		},
	}
}
