package planted

// sqliteBugs are those of package connector/sqlite.
func sqliteBugs() []bug {
	const (
		stale = "what is said with a stale receipt changes nothing"
		dir   = "connector/sqlite/"
	)
	queue := finder{"connector/sqlite", "^Test(Verdicts|ManyVerdicts|Stale|Receipt|Lease|ID|DeadLetter|Requeue|Fetch)"}
	return []bug{
		{
			name: "ack-without-a-lease", promise: stale, file: dir + "settle.go", by: queue,
			old: "t.exec(remove, v.acked.list(), v.queue)",
			new: "t.exec(bug.Without(\"ack-without-a-lease\", remove, \"m.lease = j.value ->> 1 AND \"), v.acked.list(), v.queue)",
		},
		{
			name: "return-without-a-lease", promise: stale, file: dir + "settle.go", by: queue,
			old: "t.exec(delay, v.returned.list(), v.queue)",
			new: "t.exec(bug.Without(\"return-without-a-lease\", delay, \" AND lease = j.value ->> 1\"), v.returned.list(), v.queue)",
		},
		{
			name: "release-counts-as-a-delivery", promise: "what is released was not delivered", file: dir + "settle.go", by: queue,
			old: "t.exec(release, v.released.list(), v.queue)",
			new: "t.exec(bug.Without(\"release-counts-as-a-delivery\", release, \", deliveries = max(deliveries - 1, 0)\"), v.released.list(), v.queue)",
		},
		{
			name: "acked-id-is-forgotten", promise: "an id that was acked is not enqueued again within the retention", file: dir + "settle.go", by: queue,
			old: "if _, err := t.exec(remember, v.acked.list(), v.queue, v.remembered); err != nil {",
			new: "if bug.On(\"acked-id-is-forgotten\") {\n\t} else @",
		},
		{
			name: "dead-letter-is-deleted", promise: "a dead letter is stored before it leaves the queue", file: dir + "dead.go", by: queue,
			old: "n, err := t.exec(die, d.position, d.lease, queue, now, d.undecodable, d.cause)",
			new: "if bug.On(\"dead-letter-is-deleted\") {\n\t\t_, err := t.exec(bury, d.position, d.lease, queue)\n\t\treturn err\n\t}\n\t@",
		},
		{
			name: "lost-lease-is-extended", promise: "Extend says which leases are lost", file: dir + "extend.go", by: queue,
			old: "!ours || !kept[r] {",
			new: "!ours || !kept[r] && !bug.On(\"lost-lease-is-extended\") {",
		},
		{
			name: "expired-lease-is-kept", promise: "what is neither settled nor extended in time is handed out again", file: dir + "fetch.go", by: queue,
			old: "t.exec(wake, q.name, now)",
			new: "t.exec(wake, q.name, now*int64(1-bug.One(\"expired-lease-is-kept\")))",
		},
		{
			name: "confirmed-without-a-commit", promise: "what is confirmed is committed", file: dir + "writer.go", by: queue,
			old: "if _, err := wr.tx.exec(\"COMMIT\"); err != nil {",
			new: "if bug.On(\"confirmed-without-a-commit\") {\n\t\twr.tx.rollback()\n\t\treturn nil\n\t}\n\t@",
		},
	}
}
