// Package sqlite keeps transactions in a file: a durable queue, and tables as
// sinks, on SQLite (pure Go, no cgo). Nothing has to be installed or run beside
// the program.
//
// # Service
//
// Open returns a DB, which knows nothing of transactions. It can be read through
// Reader, an ordinary *sql.DB that cannot write, and written with Exec. Everything
// that is written in a process, by however many goroutines, goes through one
// goroutine: what comes while a transaction is being committed shares the next
// one, and its fsync. Each caller's part can fail without the others', and a
// caller is told that its part is stored only after the commit.
//
// # Queue
//
// Queue is a Connector: Dispatch enqueues, Fetch leases, Settle carries out all
// four verdicts. Ids are known again: one that is queued, leased, dead or was
// acked within the retention is not queued a second time. What a consumer leased
// and did not settle, because it was killed, say, comes again when the lease has
// run out, and that delivery counts; a Released one does not. What cannot be
// decoded is moved to the dead letters, which are kept until they are put back
// with Requeue or deleted by hand from ergon_dead.
//
// # Table
//
// Table is a Sink: a row for each transaction, written once for each id.
//
// # Durability
//
// The file is in WAL mode with synchronous=FULL: what Dispatch, Settle, Extend or
// Exec has confirmed has been synced, and outlives the process and, as far as disk
// and file system keep their word, a power cut. Any number of processes of one
// machine may use a file at once; while another process writes, a call waits until
// its context ends. Not so on network file systems, where SQLite's locks and
// shared memory do not work. Beside the file lie two more, -wal and -shm, which
// belong to it: copy all three, or none while it is open. A query of Reader that
// is left open keeps -wal from being worked off, so that it grows.
//
// Leases and delays are kept in the wall clock of the machine. A clock that is
// put forward ends leases early, which leads to a second delivery, never to a
// loss; put back, it makes leases and delays longer.
//
// # Defaults
//
//	setting              default   set by
//	lease                1m        Lease
//	retention of ids     168h      Retention
//	reading connections  4         Readers
//	column of the id     id        Key
//	making the table     no        Create
//	mode of a new file   0600      -
//	writes in a commit   256       -
//	rows in a commit     4096      -
package sqlite
