package planted

// batchBugs break batches, and what waits in queues.
func batchBugs() []bug {
	const (
		full   = "a batch goes when it is full, or when its time is up"
		index  = "results belong to values by index"
		engine = "internal/engine/"
		seam   = "internal/seam/"
	)
	return []bug{
		{
			name: "partial-batch-is-never-flushed", promise: full, file: seam + "batching.go",
			old:  "if q.alarm || q.items.length == q.ready {",
			new:  "if q.alarm || q.items.length == q.ready || bug.On(\"partial-batch-is-never-flushed\") {",
			more: []edit{{"became := q.release(q.items.length - q.ready)\n\tif q.config.Batch > 1 {", "became := 0\n\tif !bug.On(\"partial-batch-is-never-flushed\") {\n\t\tbecame = q.release(q.items.length - q.ready)\n\t}\n\tif q.config.Batch > 1 {"}},
		},
		{
			name: "alarm-takes-one-too-few", promise: full, file: seam + "batching.go",
			old: "became = q.release(q.items.length - q.ready)\n\t\t} else {",
			new: "became = q.release(q.items.length - q.ready - bug.One(\"alarm-takes-one-too-few\"))\n\t\t} else {",
		},
		{
			name: "short-results-are-taken", promise: "a wrong number of results means that all have failed", file: engine + "stages.go",
			old: "if len(next) != len(values) && !allFailed(errs) {",
			new: "if len(next) != len(values) && !allFailed(errs) && !bug.On(\"short-results-are-taken\") {",
			by:  finder{"pipeline", "^TestMapBatch|Shape"},
		},
		{
			name: "results-are-of-another-item", promise: index, file: engine + "stages.go",
			old: "*resultAt[Next](into, i) = become(items[i], next[i])",
			new: "*resultAt[Next](into, i) = become(items[i*(1-bug.One(\"results-are-of-another-item\")*min(1, len(errs)))], next[i])",
		},
		{
			name: "putter-is-not-woken", promise: "who waits for room goes on when there is some", file: seam + "take.go", by: finder{"internal/seam", "."},
			old: "woke := q.roomy() && q.putters.wake()",
			new: "woke := q.roomy() && !bug.On(\"putter-is-not-woken\") && q.putters.wake()",
		},
		{
			name: "taker-is-not-woken", promise: "what is there to be done is done", file: seam + "queue.go",
			old: "q.again.push(r)\n\tidle := q.stir()",
			new: "q.again.push(r)\n\tidle := !bug.On(\"taker-is-not-woken\") && q.stir()",
		},
		{
			name: "put-loses-what-finds-no-room", promise: "nothing is lost between two stages", file: seam + "queue.go", by: finder{"internal/seam", "."},
			old: "slab = slab[n:]",
			new: "if slab = slab[n:]; n > 0 && len(slab) > 0 && bug.On(\"put-loses-what-finds-no-room\") {\n\t\t\tslab = slab[1:]\n\t\t}",
		},
	}
}
