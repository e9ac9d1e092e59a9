// Package house holds what must be true of this repository as a whole: which
// package may import which, what the public surface is, that the documents'
// snippets compile, and that files are kept in order.
//
// Everything here runs as a test. Each check is a function that returns all its
// faults at once, and has a test of its own on made-up repositories, so that a
// check which finds nothing is known to be able to find something.
package house
