package planted

// brokerBugs are those of simulated connectors, and of what keeps the offsets of a
// log.
func brokerBugs() []bug {
	const (
		low    = "a commit never passes an offset that is not done"
		queue  = "ergontest/internal/broker/queue.go"
		log    = "ergontest/internal/broker/log.go"
		track  = "internal/tracker/"
		leased = "what is leased is handed to nobody else"
	)
	return []bug{
		{
			name: "commit-is-one-too-far", promise: low, file: track + "tracker.go",
			old: "return t.marks.first()",
			new: "return t.marks.first() + int64(bug.One(\"commit-is-one-too-far\"))",
		},
		{
			name: "commit-passes-a-gap", promise: low, file: track + "marks.go",
			old: "if place == m.head {",
			new: "if place == m.head || place == m.head+1 && bug.On(\"commit-passes-a-gap\") {\n\t\tm.head = place",
		},
		{
			name: "done-after-a-revoke-counts", promise: "after a revoke no Done counts", file: track + "tracker.go",
			old: "return !m.tracker.revoked && m.tracker.marks.set(m.place)",
			new: "return (!m.tracker.revoked || bug.On(\"done-after-a-revoke-counts\")) && m.tracker.marks.set(m.place)",
		},
		{
			name: "returned-is-lost", promise: "what is returned comes again", file: queue,
			old: "q.waiting = append(q.waiting, i)\n}",
			new: "if !bug.On(\"returned-is-lost\") || delay == 0 {\n\t\tq.waiting = append(q.waiting, i)\n\t}\n}",
		},
		{
			name: "returned-offset-is-skipped", promise: "what is returned comes again", file: log,
			old: "if v == ergon.Returned {\n",
			new: "if v == ergon.Returned && !bug.On(\"returned-offset-is-skipped\") {\n",
		},
		{
			name: "revoked-reader-goes-on", promise: "an assignment goes on where it was committed", file: log,
			old: "p.read, _ = slices.BinarySearch(p.offsets, p.committed)",
			new: "if @; bug.On(\"revoked-reader-goes-on\") {\n\t\tp.read = min(len(p.items), p.read+1)\n\t}",
		},
	}
}
