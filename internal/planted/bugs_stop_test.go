package planted

// stopBugs break what happens at a stop and after it.
func stopBugs() []bug {
	const (
		released = "what a stop cuts short is released, never acked"
		ends     = "a stop takes no longer than it may, and leaves nothing"
		after    = "nothing is attempted after the end of the drain"
		engine   = "internal/engine/"
	)
	return []bug{
		{
			name: "ack-on-cancel", promise: released, file: engine + "stages.go",
			old: "released: func(n *node) { n.mark(released); leave(n) },",
			new: "released: func(n *node) {\n\t\t\tif !bug.On(\"ack-on-cancel\") {\n\t\t\t\tn.mark(released)\n\t\t\t}\n\t\t\tleave(n)\n\t\t},",
		},
		{
			name: "sink-acks-on-cancel", promise: released, file: engine + "sink.go",
			old: "b.released = func(n *node) { n.mark(released); leave(n) }",
			new: "@\n\tif bug.On(\"sink-acks-on-cancel\") {\n\t\tb.released = b.passed\n\t}",
		},
		{
			name: "attempt-after-the-drain", promise: after, file: engine + "attempt.go",
			old: "case p.isExpired():\n\t\treturn errReleased",
			new: "case p.isExpired() && !bug.On(\"attempt-after-the-drain\"):\n\t\treturn errReleased",
		},
		{
			name: "wait-is-not-woken-by-a-stop", promise: ends, file: engine + "clock.go", by: finder{"pipeline", "^TestI12"},
			old:  "if a.abandon != nil && c.hopeless(a) {",
			new:  "if a.abandon != nil && c.hopeless(a) && !bug.On(\"wait-is-not-woken-by-a-stop\") {",
			more: []edit{{"hopeless := abandon != nil && (c.closed || c.hopeless(a))", "hopeless := abandon != nil && (c.closed || c.hopeless(a)) && !bug.On(\"wait-is-not-woken-by-a-stop\")"}},
		},
		{
			name: "partial-batch-is-dropped-at-a-stop", promise: ends, file: "internal/seam/batching.go",
			old: "q.eager = true\n\tq.mu.Unlock()",
			new: "q.eager = true\n\tif bug.On(\"partial-batch-is-dropped-at-a-stop\") && q.items.length > q.ready {\n\t\tq.items.length, q.times.length = q.ready, q.ready\n\t}\n\tq.mu.Unlock()",
		},
		{
			name: "drain-takes-its-time", promise: ends, file: engine + "drive.go",
			old: "clean = r.within(r.Drain)\n",
			new: "clean = r.within(r.Drain * time.Duration(1+9*bug.One(\"drain-takes-its-time\")))\n",
		},
		{
			name: "a-queue-is-forgotten-at-the-end", promise: ends, file: engine + "drive.go",
			old: "p.rush()",
			new: "if !bug.On(\"a-queue-is-forgotten-at-the-end\") {\n\t\t\t@\n\t\t}",
		},
		{
			name: "work-is-not-cancelled", promise: ends, file: engine + "drive.go",
			old: "r.endWork(ErrDrainTimeout)",
			new: "if !bug.On(\"work-is-not-cancelled\") {\n\t\t@\n\t}",
		},
		{
			name: "verdicts-are-not-told-after-the-drain", promise: "a source is told its verdicts also when the work is over", file: engine + "settle.go", by: finder{"pipeline", "^Test(I7|Settle|I17)"},
			old: "b.expired = func() bool { return r.settling.Err() != nil }",
			new: "@\n\tif bug.On(\"verdicts-are-not-told-after-the-drain\") {\n\t\tb.expired = r.expired\n\t}",
		},
		{
			name: "stop-drops-what-waits", promise: ends, file: "internal/seam/take.go",
			old: "q.ready -= n",
			new: "@\n\tif q.rushed && q.ready > 0 && bug.On(\"stop-drops-what-waits\") {\n\t\tq.items.pop()\n\t\tq.ready--\n\t}",
		},
	}
}
