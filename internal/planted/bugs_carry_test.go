package planted

// carryBugs break how what was made is carried on, who is relieved of it, and how
// a Hand is lent for it.
func carryBugs() []bug {
	const (
		relief = "where what is carried on takes its time, another goes on with everything else"
		slots  = "a stage never has more calls than workers"
		lent   = "what is lent is done once, in its turn, and whole"
		engine = "internal/engine/"
		seam   = "internal/seam/"
	)
	later := finder{"pipeline", "^TestNothingThatIsFetchedLater"}
	calls := finder{"pipeline", "^TestHoweverOftenNoStage"}
	finished := finder{"pipeline", "^TestWhatIsFinished"}
	seamTests := finder{"internal/seam", "."}
	return []bug{
		{
			name: "nobody-is-relieved", promise: relief, file: engine + "warden.go", by: later,
			old: "if r.since.Load() < tick && r.relieve(",
			new: "if r.since.Load() < tick && !bug.On(\"nobody-is-relieved\") && r.relieve(",
		},
		{
			name: "warden-looks-only-once", promise: relief, file: engine + "warden.go", by: later,
			old: "w.armed.Store(false)",
			new: "if !bug.On(\"warden-looks-only-once\") {\n\t\t@\n\t}",
		},
		{
			name: "relief-frees-no-slot", promise: relief, file: engine + "core.go", by: finder{"pipeline", "^TestSlowSettle"},
			old: "\t\treturn\n\t}\n\tp.live.Add(-1)\n",
			new: "\t\treturn\n\t}\n\tif !bug.On(\"relief-frees-no-slot\") {\n\t\tp.live.Add(-1)\n\t}\n",
		},
		{
			name: "relieved-takes-a-slot-that-is-not-free", promise: slots, file: engine + "core.go", by: calls,
			old: "!some && n < int64(p.step.Workers); n",
			new: "!some && n < int64(p.step.Workers+bug.One(\"relieved-takes-a-slot-that-is-not-free\")); n",
		},
		{
			name: "relieved-goes-on-without-a-slot", promise: slots, file: engine + "core.go", by: calls,
			old: "some := w.self.regain()",
			new: "some := w.self.regain() || bug.On(\"relieved-goes-on-without-a-slot\")",
		},
		{
			name: "place-of-who-is-away-is-never-free", promise: relief, file: engine + "core.go", by: finder{"pipeline", "^TestWhatHangs"},
			old: "if !lent {\n",
			new: "if !lent && !bug.On(\"place-of-who-is-away-is-never-free\") {\n",
		},
		{
			name: "withdrawn-hand-goes-back", promise: slots, file: seam + "lend.go", by: seamTests,
			old: "case h.withdrawn:",
			new: "case h.withdrawn && !bug.On(\"withdrawn-hand-goes-back\"):",
		},
		{
			name: "who-is-away-is-woken", promise: "what was put is begun as soon as somebody can", file: seam + "parking.go", by: seamTests,
			old: "!at.away {",
			new: "!at.away || bug.On(\"who-is-away-is-woken\") {",
		},
		{
			name: "what-a-guest-leaves-is-lost", promise: lent, file: seam + "lend.go", by: seamTests,
			old: "if l.Hand != h || h.away {",
			new: "if l.Hand != h && !bug.On(\"what-a-guest-leaves-is-lost\") || h.away {",
		},
		{
			name: "back-while-its-hand-is-lent", promise: slots, file: seam + "away.go", by: seamTests,
			old: "return here || q.parked(h.spot)",
			new: "return here || bug.On(\"back-while-its-hand-is-lent\") || q.parked(h.spot)",
		},
		{
			name: "away-is-forgotten-with-a-goroutine", promise: slots, file: engine + "worker.go", by: calls,
			old: "if (w.away || w.leads())",
			new: "if (w.away && !bug.On(\"away-is-forgotten-with-a-goroutine\") || w.leads())",
		},
		{
			name: "what-is-finished-waits", promise: "what is finished does not wait for what hangs beside it", file: engine + "core.go", by: finished,
			old: "again := p.unstick()",
			new: "again := !bug.On(\"what-is-finished-waits\") && p.unstick()",
		},
		{
			name: "finished-is-handed-on-twice", promise: "what is finished is handed on once", file: engine + "shelf.go", by: finished,
			old: "taken = w.shelf.taken\n",
			new: "taken = w.shelf.taken * (1 - bug.One(\"finished-is-handed-on-twice\"))\n",
		},
		{
			name: "lent-hand-is-not-begun", promise: lent, file: engine + "onward.go",
			old: "for spent := time.Duration(0);",
			new: "for spent := carryTime * time.Duration(bug.One(\"lent-hand-is-not-begun\"));",
		},
		{
			name: "lent-hand-is-done-twice", promise: lent, file: seam + "lend.go",
			old: "\t\th.filled = false\n",
			new: "\t\th.filled = bug.On(\"lent-hand-is-done-twice\")\n",
		},
		{
			name: "lent-batch-forgets-what-waited", promise: lent, file: seam + "lend.go",
			old: "append(q.items.popAll(h.room[:0], n), slab...)",
			new: "append(q.items.popAll(h.room[:0], n)[:n*(1-bug.One(\"lent-batch-forgets-what-waited\"))], slab...)",
		},
		{
			name: "lent-only-in-part", promise: lent, file: seam + "lend.go", by: seamTests,
			old: "\t\tq.mu.Unlock()\n\t\treturn Lent[T]{}, false",
			new: "\t\tif n := q.room(len(slab)); bug.On(\"lent-only-in-part\") {\n\t\t\tq.items.pushAll(slab[:n])\n\t\t\tq.arrived(n)\n\t\t}\n@",
		},
		{
			name: "lent-overtakes-what-waits", promise: lent, file: seam + "lend.go", by: seamTests,
			old:  "q.config.Key != nil || q.ready > 0 ||",
			new:  "q.config.Key != nil || q.ready > 0 && !(bug.On(\"lent-overtakes-what-waits\") && q.config.Batch <= 1) ||",
			more: []edit{{"case n > 0:", "case n > 0 && !(bug.On(\"lent-overtakes-what-waits\") && q.config.Batch <= 1):"}},
		},
		{
			name: "lent-slab-is-not-kept", promise: lent, file: seam + "lend.go", by: seamTests,
			old: "\t\th.keep()\n",
			new: "\t\tif !bug.On(\"lent-slab-is-not-kept\") {\n\t\t\th.keep()\n\t\t}\n",
		},
		{
			name: "what-waits-behind-a-turn-is-forgotten", promise: "what is due is delivered by whoever brings the one before", file: seam + "line.go",
			old: "l.mu.Lock()\n\tl.deliverAll()",
			new: "l.mu.Lock()\n\tif bug.On(\"what-waits-behind-a-turn-is-forgotten\") {\n\t\tl.delivering = false\n\t\tl.mu.Unlock()\n\t\treturn\n\t}\n\tl.deliverAll()",
		},
	}
}

// turnBugs break how several fetch by turns, and the memory that they fetch into.
func turnBugs() []bug {
	const (
		one    = "a source is asked by one at a time, in whose turn nobody overtakes"
		memory = "memory is used again only when nothing of what was fetched into it is in flight"
		engine = "internal/engine/"
	)
	turns := finder{"pipeline", "^TestFetching"}
	filled := finder{"pipeline", "Fill"}
	return []bug{
		{
			name: "fetch-without-the-baton", promise: one, file: engine + "fetch_runner.go", by: turns,
			old: "if !b.held.Load() && b.held.CompareAndSwap(false, true) {",
			new: "if bug.On(\"fetch-without-the-baton\") || !b.held.Load() && b.held.CompareAndSwap(false, true) {",
		},
		{
			name: "baton-is-never-passed-on", promise: "a run goes on as soon as there is room", file: engine + "fetch_runner.go",
			old: "b.held.Store(false)",
			new: "b.held.Store(bug.On(\"baton-is-never-passed-on\"))",
		},
		{
			name: "baton-of-another-is-passed-on", promise: one, file: engine + "fetch_runner.go", by: turns,
			old: "if !t.root.lost && t.holds {",
			new: "if (!t.root.lost || bug.On(\"baton-of-another-is-passed-on\")) && t.holds {",
		},
		{
			name: "relief-gets-no-baton", promise: "where what is carried on takes its time, another fetches", file: engine + "fetch_runner.go",
			by:  finder{"pipeline", "^TestNothingThatIsFetchedLater"},
			old: "if t.holds {\n\t\tt.fetch.baton.pass()",
			new: "if t.holds && !bug.On(\"relief-gets-no-baton\") {\n\t\tt.fetch.baton.pass()",
		},
		{
			name: "lot-of-a-declined-fill-is-used", promise: memory, file: engine + "fetch_call.go", by: filled,
			old: "\t\terr = ergon.ErrGoexit\n",
			new: "\t\terr = ergon.ErrGoexit\n\t\tif bug.On(\"lot-of-a-declined-fill-is-used\") {\n\t\t\tlot = f.lots.get(n, f.desk)\n\t\t\tf.lots.put(lot)\n\t\t}\n",
		},
		{
			name: "lot-of-a-fill-is-given-back", promise: memory, file: engine + "fetch_call.go", by: filled,
			old: "if got == 0 {",
			new: "if got == 0 || bug.On(\"lot-of-a-fill-is-given-back\") {",
		},
		{
			name: "lot-is-used-too-early", promise: memory, file: engine + "exit.go", by: filled,
			old: "n++\n\t}\n\tof.gone(n)",
			new: "n++\n\t}\n\tof.gone(n + bug.One(\"lot-is-used-too-early\"))",
		},
		{
			name: "fills-for-another-source", promise: "a Filler fills for itself only", file: "source/items.go", by: finder{"source", "^TestFill"},
			old: "if source != ergon.Source[T](s) {",
			new: "if source != ergon.Source[T](s) && !bug.On(\"fills-for-another-source\") {",
		},
	}
}
