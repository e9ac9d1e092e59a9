package planted

// fetchBugs break how a source is asked, and what is done with its answers.
func fetchBugs() []bug {
	const (
		taken  = "whatever a source hands out is worked on, and settled"
		cool   = "a source that has nothing, or fails, is asked again after a wait"
		engine = "internal/engine/"
	)
	return []bug{
		{
			name: "hot-fetch-when-empty", promise: cool, file: engine + "fetch.go",
			old: "f.run.clock.sleep(f.ctx, wait, f.run.drained)",
			new: "if !bug.On(\"hot-fetch-when-empty\") {\n\t\t@\n\t}",
		},
		{
			name: "hot-fetch-on-errors", promise: cool, file: engine + "fetch.go",
			old: "f.run.clock.sleep(f.ctx, wait, nil)",
			new: "if !bug.On(\"hot-fetch-on-errors\") {\n\t\t@\n\t}",
		},
		{
			name: "more-than-asked-is-dropped", promise: taken, file: engine + "fetch.go",
			old: "f.empties = 0",
			new: "if len(txs) > asked && bug.On(\"more-than-asked-is-dropped\") {\n\t\t\ttxs = txs[:asked]\n\t\t}\n\t\t@",
		},
		{
			name: "items-beside-an-error-are-dropped", promise: taken, file: engine + "fetch.go",
			old: "if len(txs) > 0 {\n\t\tif len(txs) > asked {",
			new: "if len(txs) > 0 && !(err != nil && bug.On(\"items-beside-an-error-are-dropped\")) {\n\t\tif len(txs) > asked {",
		},
		{
			name: "first-of-each-fetch-is-dropped-after-an-error", promise: taken, file: engine + "admit.go",
			old: "n := f.collect(lot, txs, now)",
			new: "if f.failures > 0 && bug.On(\"first-of-each-fetch-is-dropped-after-an-error\") {\n\t\ttxs = txs[1:]\n\t}\n\t@",
		},
		{
			name: "fetch-ends-with-its-goroutine", promise: "code that ends its goroutine ends nothing else", file: engine + "scope.go",
			old: "} else if !ended {",
			new: "} else if !ended && !bug.On(\"fetch-ends-with-its-goroutine\") {",
		},
		{
			name: "empty-is-the-end", promise: "a run ends when the source has nothing left, not when it has nothing now", file: engine + "fetch.go", by: finder{"pipeline", "^Test(ARun|Empty|I18|WhatA|WhatW)"},
			old: "case wasIdle && (!known || held <= f.run.leftThere.Load()):",
			new: "case wasIdle && (!known || held <= f.run.leftThere.Load() || bug.On(\"empty-is-the-end\")):",
		},
		{
			name: "made-up-ids-repeat", promise: "every transaction in flight has an id of its own", file: engine + "run.go",
			old: "r.made.Add(1))",
			new: "r.made.Add(int64(1-bug.One(\"made-up-ids-repeat\"))))",
		},
		{
			name: "leases-are-not-extended", promise: "the lease of what is in flight is extended", file: engine + "leases.go", by: finder{"pipeline", "^TestI21_AnExtension"},
			old: "\tl.extend()\n",
			new: "\tif !bug.On(\"leases-are-not-extended\") {\n\t\tl.extend()\n\t}\n",
		},
		{
			name: "goes-on-without-a-lease", promise: "what has lost its lease is given up", file: engine + "leases.go", by: finder{"pipeline", "^TestI21"},
			old: "o.mark(lost)",
			new: "if !bug.On(\"goes-on-without-a-lease\") {\n\t\t\t@\n\t\t}",
		},
	}
}
