// Package tracker knows how far a partition of a log has been dealt with, for
// sources that may only tell the log one number: everything before this offset
// is done.
//
// One Tracker stands for one assignment of one partition. A partition that is
// taken away and given back gets a new one; no receipt of the old can reach it.
//
// The rules, which connectors rely on:
//
//   - Add takes the offsets of an assignment in the order in which they are read.
//     What is missing between two of them was never there (compaction, markers)
//     and costs nothing.
//   - Mark.Done is said in any order, once or more often, by any goroutine. A mark
//     that is never done holds the low mark where it is.
//   - Low is the offset to be read next: every offset before it is done. It never
//     falls, and it never passes an offset that was added and is not done.
//   - Commit and Revoke alone tell the log. At most one of them does at a time, and
//     what they tell never falls.
//   - From the moment Revoke is called no Done counts, and once it has had its
//     turn the log is told nothing more of this assignment.
//   - No more than the window is held. Room says how much is left; at 0 whoever
//     reads the partition pauses it until there is room again.
//   - No lock is held while the log is told: Add, Done, Low and Room never wait.
package tracker
