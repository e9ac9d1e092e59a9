// Package engine runs pipelines. Package pipeline describes them and hands the
// description over complete: every name, default and check is done by then.
//
// # The parts
//
//   - A Run is what does not depend on types: contexts, timers, counts, and when
//     it ends. A Pipe is a Run with the type of what it fetches.
//   - The fetcher takes transactions from the source, as many as there are slots,
//     and opens an origin for each: the account that is settled in the end. Who has
//     its baton fetches: one runner, or several by turns where what was fetched can
//     be worked on beside the next fetch.
//   - A node counts what came of an origin (or of a group of them, or of a copy
//     that nobody waits for) and has not ended. Whoever makes more of it raises the
//     count first. At 0 its owner decides what follows.
//   - A pool is a bounded number of workers in front of a seam.Queue that call one
//     body: a stage, a sink, OnError, OnSuccess, dead letters, settling. All rules
//     of attempts, retries, holds, budgets, panics and stops are in it, once.
//   - The core of a pool and the seat of a worker are what does not depend on types.
//     They see items as things, and results as places in a tray, which an outlet
//     hands on. See "What is generic".
//   - A worker begins what it has taken item by item, in a burst: for as long as
//     attempts simply succeed, nothing is settled, handed on or counted for one of
//     them alone. What does not simply succeed leaves the burst as a task.
//   - The pace of a pool says how many items a worker takes: one, until attempts
//     are known to be short, then as many as take 50 µs.
//   - A carrier is who hands on what it has made. What takes less time than waking
//     the next worker is carried on in its place, by the worker above or by the
//     runner that has fetched it, through stages and sink to the settlement: one
//     goroutine, one processor, whose caches have it all. To hand an item of 48
//     bytes over to another processor costs more than three stages of trivial work.
//   - A root is a goroutine that carries. It goes onward one pool at a time: it borrows
//     a place there before it gives back the one above, so that another can follow
//     with what was fetched next, and none overtakes. As a guest it brings a hand of
//     its own, whose memory is where it has used it last.
//   - The warden relieves who is kept from its own work by what it carries, once
//     that has taken a millisecond or two after all: somebody else fetches, or takes
//     its slot, and it has to find a slot again when it comes back. It also wakes
//     helpers for what lies unbegun in the hand of a worker that is stuck, and hands
//     on what that worker has finished before, see shelf.
//   - A leash is the context of all attempts of a worker for as long as none of
//     them asks it anything. A lot is the memory of a fetch, used again.
//   - A task is what a worker tries until it has ended. Between attempts it is a
//     timer of the clock, and holds no worker.
//
// # What is generic
//
// Whatever has a type parameter is compiled for every type in the chains of a
// program, at every build of it; and if it is a type, all of its methods are, whether
// they are called or not, for every type that is ever named. So generic is only what
// is done for each item of a quick stage (pool, worker, rows, the seam's Queue), and
// what is a type of the caller's own. A pool has the type of its items alone as its
// parameter, never of its results too, and it is the payload's: a parameter that is
// itself an instance, as Item[T] is, would be compiled twice. A test in package house
// counts what a stage adds to a program.
//
// # The way of a transaction
//
// fetcher → first Port → … → Sink → node at 0 → origin.ended → OnError, dead
// letters or OnSuccess if need be → settle → Run.free. A stage ends an item in
// exactly one way: handed on, failed, dropped, released at a stop, or lost with
// its lease; see body.
//
// # The end
//
// A run has come to its end when nothing is in flight and nothing will be; no
// channel is closed in a cascade. At a stop the fetcher ends, batches no longer
// wait, and what is in flight goes on; after Drain the work context ends and every
// queue rushes: what is taken from then on is released. After Grace the run is
// over whatever is left: workers find Over closed, late results are dropped, and
// those still in user code are named.
//
// # User code
//
// It is called in deferred-safe frames only: whether it returns, panics or ends
// its goroutine, what follows happens in a deferred function, and another
// goroutine goes on in its place.
package engine
