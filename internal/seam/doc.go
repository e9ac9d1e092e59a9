// Package seam is where the workers of one stage hand items over to those of the
// next. It knows nothing of transactions, retries or user code.
//
// The rules, which everything on both sides relies on:
//
//   - A Queue is bounded in items. Put waits for room, Take for items; both give
//     up at once, and for good, when the run is over.
//   - Items leave in the order in which they came, in slabs, each with a Ticket:
//     the place of the slab in the order of taking. How many are taken at once
//     the taker says each time. Nothing waits for a slab to fill; so slabs form
//     only where more comes than is taken, and small ones merge as they wait.
//   - What is taken is in a Hand, and begun there one item after the other. With
//     Help, who has nothing to do takes half of what somebody else has not begun.
//   - Who waits for room is woken when half of it is free, not for every item, and
//     goes before who has woken it.
//   - Lend is Put for who can do the work of a worker that waits: instead of waking
//     that worker, its place is lent to the caller until GiveBack, with its Hand or
//     with one that the caller brings. What is lent never overtakes: the Hand gets
//     what is due next.
//   - A worker that does something else says so with Away, and its place can be lent
//     like that of one who waits; but nobody counts on it to wake up. Back ends that.
//     Withdraw takes the place from it for good, as soon as nobody works there.
//   - A Hand of which more could be begun than its worker can is known to all, but
//     nobody is woken for it unless that is worth it. Nudge wakes somebody later,
//     where nothing of it has been begun meanwhile.
//   - In a batching Queue items wait until a batch is full, its time is up, or
//     somebody says Flush; only then are they ready to be taken.
//   - What a worker must take up again (after a retry's wait) lives outside and
//     comes back through Again, which never waits and goes before everything new.
//   - With a Window, no more than so many slabs are out that have not Passed.
//   - With a Key, no item is taken while an earlier one of its key is out; Done
//     gives the key to the next. The others go on.
//   - Hold keeps everything from being taken for a while. Rush ends all waiting:
//     holds, windows, keys and batches no longer count, since nothing taken from
//     then on will be worked on.
//   - No lock is held over anything that blocks, and callbacks (Idle, Ready) are
//     never called under one.
//
// A Line brings the slabs of concurrent workers back into the order of tickets.
package seam
