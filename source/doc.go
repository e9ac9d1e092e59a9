// Package source has the sources that need no system behind them: values in
// memory, files, and whatever a program hands in.
//
// # Making and checking
//
// Constructors neither fail nor panic. What is wrong with their arguments is
// said by Validate, all of it at once, and again by Start and Fetch: each fault
// is an *ergon.ConfigError. A nil option changes nothing.
//
// # Names and ids
//
// A source with a position makes ids of the form "name:position". Named sets
// the name; without it, it is what the source is ("slice", "seq", "ticker") or
// the last element of its path. Sinks recognise duplicates by id, so two sources
// behind one sink need two names, and so does a file that comes again under its
// old name with other content. Sources with no position (Chan, Func) leave the
// id empty, and the pipeline makes one up.
//
// # Running again
//
// Start begins at the first transaction, so that a pipeline may be run again;
// Start after Start changes nothing, and Stop closes what was opened. Fetch
// without Start works too. Chan, Func and Push are streams of the outside world,
// which goes on where it was.
//
// # Counting
//
// Count is what has not been fetched yet, and may be called by any goroutine.
// These sources cannot be told what became of a transaction (Push and Merge can),
// so what was fetched is theirs no longer.
//
// # What fails
//
// For the same reason these sources take nothing back. What fails for a while,
// a service that is down, and has used up its attempts would be Returned, which
// needs a source that takes things back: a queue, Push. With Slice, Seq, Chan,
// Func, Ticker and the sources of files it is unhandled, and the run returns a
// *pipeline.UnhandledError, unless OnError decides otherwise or the error is
// Business or Permanent and there is a DeadLetter to store it.
//
// # Files
//
// Files are opened through an os.Root of their directory: a symbolic link that
// leads out of it is refused. A file that cannot be opened is a Permanent error,
// which names the path as it was given and ends a run at once. A line or record
// that is at fault is a transaction like any other and carries its error, marked
// Business, and its text; the run goes on behind it. A byte order mark is
// skipped, CRLF and LF both end a line, the last line may lack either, and bytes
// that are not UTF-8 are kept as they are.
package source
