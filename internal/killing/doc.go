// Package killing kills processes, for tests of what is left when one dies: the
// test binary is started again as a child, works on files, and is killed at a
// moment that nobody chose. Its parent then looks at the files itself.
//
// A package of tests that kill has a TestMain that calls Main with the jobs its
// children can do. A Killer starts one child after the other: it gets settings,
// tells what it does in lines of words (Parent.Tell), and is killed up to Longest
// after it has told of the first thing it finished. A Plan says how often, and
// repeats the moments: ERGON_KILLS sets how many kills there are instead of
// Usual, ERGON_SEED the moments.
//
// A kill ends a process, not the machine: what was written and not synced
// survives it. Nothing here tests fsync.
package killing
