package planted

// orderBugs break the order of Ordered and of KeyBy.
func orderBugs() []bug {
	const (
		ordered = "what is handed on below Ordered is in the order of fetching"
		keyed   = "nothing of a key is begun while an earlier one of it goes on, waits included"
		engine  = "internal/engine/"
		seam    = "internal/seam/"
	)
	return []bug{
		{
			name: "retried-leaves-out-of-turn", promise: ordered, file: engine + "succeed.go",
			old:  "case t.turn != nil:\n\t\tt.take(",
			new:  "case t.turn != nil && !(bug.On(\"retried-leaves-out-of-turn\") && t.tries != nil && p.body.out != nil && !p.body.splits):\n\t\tt.take(",
			more: []edit{{"case t.turn != nil:\n\t\tt.takeOne", "case t.turn != nil && !(bug.On(\"retried-leaves-out-of-turn\") && t.tries != nil && p.body.out != nil && !p.body.splits):\n\t\tt.takeOne"}},
		},
		{
			name: "turn-is-not-waited-for", promise: ordered, file: seam + "line.go",
			old: "if p == nil || !p.ended {",
			new: "for t, other := range l.waiting {\n\t\tif bug.On(\"turn-is-not-waited-for\") && other.ended && t != l.turn && len(other.slab) > 0 {\n\t\t\tearly := other.slab\n\t\t\tother.slab = nil\n\t\t\tl.mu.Unlock()\n\t\t\tl.deliver(early)\n\t\t\tl.mu.Lock()\n\t\t}\n\t}\n\t@",
		},
		{
			name: "filtered-keeps-its-turn", promise: "what is filtered out gives its turn up", file: engine + "conclude.go",
			old: "case r.act == actDrop:\n\t\tp.ended(t, i, p.body.dropped)",
			new: "case r.act == actDrop && t.turn != nil && bug.On(\"filtered-keeps-its-turn\"):\n\t\tp.body.dropped(t.items.node(i))\n\t@",
		},
		{
			name: "key-is-free-during-a-wait", promise: keyed, file: engine + "conclude.go",
			old: "p.run.books.retries.Add(int64(part.items.len()))",
			new: "@\n\tif bug.On(\"key-is-free-during-a-wait\") {\n\t\tfor i := range part.items.len() {\n\t\t\tp.self.freeKey(part.items, i)\n\t\t}\n\t}",
		},
		{
			name: "key-is-never-free", promise: "a key goes on when the one before has left", file: seam + "keys.go",
			old: "for s.kept < most && s.parked.length > 0 {",
			new: "for s.kept < most && s.parked.length > bug.One(\"key-is-never-free\") {",
		},
		{
			name: "parked-is-overtaken", promise: keyed, file: seam + "keys.go", by: finder{"internal/seam", "."},
			old: "if s == nil || s.slab == slab && s.kept == 0 && s.parked.length == 0 {",
			new: "if s == nil || s.slab == slab && (s.kept == 0 && s.parked.length == 0 || bug.On(\"parked-is-overtaken\")) {",
		},
		{
			name: "key-is-taken-twice", promise: keyed, file: seam + "keys.go",
			old: "if s == nil || s.slab == slab && s.kept == 0 && s.parked.length == 0 {",
			new: "if s != nil && s.out < 2 && s.parked.length == 0 && bug.On(\"key-is-taken-twice\") {\n\t\tk.note(v, slab)\n\t\treturn true\n\t}\n\t@",
		},
		{
			name: "spots-of-a-retry-are-wrong", promise: ordered, file: engine + "task.go",
			old: "p.spots = append(p.spots, t.spot(i))",
			new: "p.spots = append(p.spots, t.spot(i)*(1-bug.One(\"spots-of-a-retry-are-wrong\")))",
		},
	}
}
