// Package leash gives attempts a context that costs nothing until it is asked.
//
// A context with a timer costs half a microsecond and four allocations, and most
// attempts are over long before their time is up, many without a look at their
// context. A [Leash] is such a context whose timer and channel are made when
// somebody asks for them. What holds of it:
//
//   - What was asked during the attempt, by whomever, ends with the attempt at
//     the latest, and everything derived of it at once: context.WithTimeout,
//     context.AfterFunc and the others find a context of the standard library.
//   - Once the time is up Err is DeadlineExceeded and the cause the one that was
//     given. The end of the parent passes on as it is.
//   - Who keeps it beyond the attempt and asks it only then finds it ended, or
//     ending with an attempt that runs now under the same parent. Its values are
//     those of the parent of its attempt, always.
//   - Making one asks the parent nothing, but where a moment opens whether it can
//     end; and to ask for a value is not to ask.
//
// # Moments
//
// Where attempts under one parent follow each other within microseconds, even
// looking at the clock costs more than the rest: 20 to 40 ns. A [Peg] then opens a
// moment: for a millisecond, ended by a timer, attempts neither look at the clock
// nor make a Leash, but take the one that hangs on the peg and hang it back unless
// it was asked. Of an attempt that began in a moment it is known that it did so
// before the moment was over, and that counts as its begin: its time is never up
// too early, and too late by as much as a timer of a millisecond may be. Where a
// hundredth of the time is less than a moment, none is opened.
//
// # Bubbles of testing/synctest
//
// What hangs on a peg has no channel, since whoever asked for one took it from
// there for good, and nobody ever touches the timer of a moment. A moment is never
// opened in a bubble, where its timer would stand still once the bubble has ended
// and every begin has to be exact; and it is found only by who comes with the same
// parent. That must be one that can end, because a bubble makes such contexts for
// itself, whereas context.Background is the same everywhere. So a Peg may be shared
// by everybody, and pooled. Who takes a context that can end into a bubble from
// outside may find a begin taken for later than it was there.
package leash
