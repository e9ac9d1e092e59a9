// Package plain does the job of examples/orders without ergon, as a good engineer
// would write it for this one job: the standard library, the same SQLite driver,
// and what the job itself needs to be as safe as the other is. It is what ergon is
// compared with end to end.
//
// What is the same: the lines go through a durable queue, 500 in a transaction;
// they are leased 100 at a time, for the same time, with leases that are extended,
// and up to 1,024 in flight; 32 callers ask the same directory, with 150 ms for an
// answer and up to eight attempts; invoices and rejections are written 200 in a
// transaction or after 50 ms; the file is synced as often as is asked of it (WAL,
// synchronous=FULL); a line that comes again is known by its id; a panic costs one
// line; a stop drains for 20 seconds and gives back the rest.
//
// What it may do because it is no library: the row of the queue goes in the
// transaction that writes the invoice, so nothing has to be acknowledged by
// itself; the tables of the results are what ids are known by; the columns of the
// queue are those of the export; and a line whose attempt failed waits where it is.
package plain
