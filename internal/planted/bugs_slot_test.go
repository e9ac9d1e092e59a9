package planted

// slotBugs break the bound of what is in flight, and the end of a run.
func slotBugs() []bug {
	const (
		bound  = "no more is in flight than may be, from fetch to settlement"
		free   = "a slot becomes free again, whatever user code does"
		engine = "internal/engine/"
	)
	return []bug{
		{
			name: "slot-lost-in-a-panic", promise: free, file: engine + "burst.go",
			old: "w.err, w.stage = &ergon.PanicError{Value: v, Stack: debug.Stack()}, odd",
			new: "@\n\t\t\tif bug.On(\"slot-lost-in-a-panic\") {\n\t\t\t\tw.stage = settled\n\t\t\t}",
		},
		{
			name: "slot-lost-with-a-goroutine", promise: free, file: engine + "landing.go",
			old: "if w.stage == trying {\n\t\tw.retire()\n\t\tp.tally.note(w.passed+1, 0)\n\t\tp.tally.fine.Add(int64(w.passed))\n\t}",
			new: "@\n\tif w.stage == trying && bug.On(\"slot-lost-with-a-goroutine\") {\n\t\tw.stage = settled\n\t}",
		},
		{
			name: "slot-freed-before-the-verdict", promise: bound, file: engine + "origin.go",
			old:  "o.pipe.settle.put(o.alone())",
			new:  "if bug.On(\"slot-freed-before-the-verdict\") {\n\t\t\to.run.slots.Add(-1)\n\t\t\tsignal(o.run.freed)\n\t\t}\n\t\t@",
			more: []edit{{"o.batch.end(o.run)\n", "@\t}\n\tif bug.On(\"slot-freed-before-the-verdict\") && o.verdict != 0 {\n\t\to.run.slots.Add(1)\n"}},
		},
		{
			name: "more-in-flight-than-may-be", promise: bound, file: engine + "fetch.go",
			old: "return min(most, free)",
			new: "return min(most, free+5*bug.One(\"more-in-flight-than-may-be\"))",
		},
		{
			name: "slot-of-what-is-returned-is-lost", promise: free, file: engine + "run.go",
			old: "if r.slots.Add(-n) == 0 {",
			new: "if row == returned && bug.On(\"slot-of-what-is-returned-is-lost\") {\n\t\treturn\n\t}\n\t@",
		},
		{
			name: "ends-before-the-last", promise: "a run ends when nothing is in flight", file: engine + "run.go", by: finder{"pipeline", "^Test(I1|I2)"},
			old: "if !r.fetchDone.Load() || r.slots.Load() != 0 {",
			new: "if !r.fetchDone.Load() || r.slots.Load() > int64(bug.One(\"ends-before-the-last\")) {",
		},
		{
			name: "nobody-hears-of-a-free-slot", promise: "a run goes on as soon as there is room", file: engine + "run.go",
			old: "\tsignal(r.freed)\n",
			new: "\tif !bug.On(\"nobody-hears-of-a-free-slot\") {\n\t\tsignal(r.freed)\n\t}\n",
		},
	}
}
