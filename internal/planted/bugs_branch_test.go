package planted

// branchBugs break Fork, Route and what nobody waits for.
func branchBugs() []bug {
	const (
		counted = "what is handed to several branches is counted for all before the first gets it"
		spare   = "nobody waits for a best-effort branch, and it decides nothing"
		engine  = "internal/engine/"
	)
	return []bug{
		{
			name: "fan-out-undercounted", promise: counted, file: engine + "fork.go",
			old: "item.node.add(int64(waited - 1))",
			new: "item.node.add(int64(max(0, waited-1-bug.One(\"fan-out-undercounted\"))))",
		},
		{
			name: "fan-out-counted-late", promise: counted, file: engine + "fork.go", by: finder{"pipeline", "^TestI4_NothingIsSettledBetweenTheBranches"},
			old:  "item.node.add(int64(waited - 1))",
			new:  "if !bug.On(\"fan-out-counted-late\") {\n\t\t@\n\t}",
			more: []edit{{"b.Port.put([]Item[T]{item})\n\t\t}\n\t}\n}\n\n// spare hands", "b.Port.put([]Item[T]{item})\n\t\t}\n\t}\n\tif bug.On(\"fan-out-counted-late\") {\n\t\titem.node.add(int64(waited - 1))\n\t}\n}\n\n// spare hands"}},
		},
		{
			name: "a-branch-is-left-out", promise: "every branch gets every item", file: engine + "fork.go",
			old: "item.node.add(int64(waited - 1))",
			new: "if bug.On(\"a-branch-is-left-out\") && waited > 1 && headOf(&item).Deliveries() > 1 {\n\t\tb := f.branches[0]\n\t\tb.Port.put([]Item[T]{item})\n\t\treturn\n\t}\n\t@",
		},
		{
			name: "best-effort-is-waited-for", promise: spare, file: engine + "fork.go", by: finder{"pipeline", "^TestABestEffortBranch"},
			old: "s := newSpare(f.run, item.node, *headOf(&item))",
			new: "if bug.On(\"best-effort-is-waited-for\") {\n\t\titem.node.add(1)\n\t\tf.run.move(1)\n\t\tb.Port.put([]Item[T]{item})\n\t\treturn\n\t}\n\t@",
		},
	}
}
