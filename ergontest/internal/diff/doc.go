// Package diff says how two values differ, for people who read why a test
// failed: path by path, and only what differs. It also tells what has changed in
// a value since a Snapshot of it.
//
// Values are compared by what is in them, unexported fields too. It is what
// reflect.DeepEqual does, but for
//
//   - instants, which are the same in every zone and with or without a monotonic
//     clock;
//   - NaN, which is itself;
//   - functions, channels and contexts, which are the same if they are identical;
//   - the locks of package sync, and what generated protocol buffers keep for
//     themselves, which are no part of a value.
//
// A nil slice or map is not an empty one.
package diff
