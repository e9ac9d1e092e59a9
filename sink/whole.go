package sink

// Whole returns a sink that writes a new file instead of adding to one, and puts
// it under its name only when it is complete: until Stop the name stands for what
// it stood for before. It is made of one that adds, with the same arguments:
//
//	flow.To(sink.Whole(sink.CSV[Order]("orders.csv")))
//
// Start begins a hidden file beside it, Stop makes that durable and renames it.
// Since a transaction is safe only then, a pipeline refuses such a sink behind a
// source that is told before: one that is an ergon.Settler.
//
// A run that failed must leave no partial file. Stop therefore removes the hidden
// file and leaves what stands under the name as it is where
//
//   - a transaction was handed over and could not be stored, unless as a fault of
//     the data: it is also an error, which matches ErrIncomplete;
//   - nothing was stored since Start, which may be a run without data or one that
//     came to nothing;
//   - its context has ended, which is also its error;
//   - Abandon was called: whoever runs the sink knows of a failure elsewhere.
//
// A process that is killed leaves a hidden file, named like the file with a dot
// before it and ".tmp" behind it, which may be removed.
func Whole[T any](f *File[T]) *File[T] {
	if f == nil || f.disk == nil {
		return newFile("", kind[T]{name: "sink.Whole"}, fault("sink.Whole", "f", "was not made by a constructor"))
	}
	return &File[T]{kind: f.kind, path: f.path, whole: true, faults: f.faults, disk: f.disk}
}
