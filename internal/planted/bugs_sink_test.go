package planted

// sinkBugs are those of package sink.
func sinkBugs() []bug {
	const disk = "what was confirmed is on disk, and outlives a loss of power"
	files := finder{"sink", "^Test[^K].*(Power|Torn|Whole|Confirmed|Record|OnDisk|RunThatFailed)"}
	return []bug{
		{
			name: "confirmed-before-it-is-on-disk", promise: disk, file: "sink/output.go", by: files,
			old: "if err == nil && o.hidden == \"\" {",
			new: "if err == nil && o.hidden == \"\" && !bug.On(\"confirmed-before-it-is-on-disk\") {",
		},
		{
			name: "half-a-record-stays", promise: "another attempt finds no half record", file: "sink/output.go", by: files,
			old: "if info.Size() > o.length {",
			new: "if info.Size() > o.length && !bug.On(\"half-a-record-stays\") {",
		},
		{
			name: "whole-file-is-renamed-before-it-is-on-disk", promise: disk, file: "sink/draft.go", by: files,
			old: "err = o.file.Sync()",
			new: "if !bug.On(\"whole-file-is-renamed-before-it-is-on-disk\") {\n\t\t\t@\n\t\t}",
		},
		{
			name: "abandoned-file-is-published", promise: "a run that failed leaves no partial file", file: "sink/file.go", by: files,
			old: "case abandoned || !ended.stored:",
			new: "case abandoned && !bug.On(\"abandoned-file-is-published\") || !ended.stored:",
		},
		{
			name: "error-of-another-payload", promise: "only items that are reported as stored are acked", file: "sink/items.go", by: finder{"sink", "^Test(Lines|JSON|CSV|What|Each|Func)"},
			old: "errs[i] = err",
			new: "errs[i+bug.One(\"error-of-another-payload\")*(n-1-2*i)] = err",
		},
	}
}
