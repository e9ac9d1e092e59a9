// Package planted holds bugs. Its tests plant every one of them in a copy of the
// library, switch them on one after the other, and fail where one is not found:
// they test what is to find the bugs of tomorrow.
//
// A bug is data: a text that stands exactly once in a file, what takes its place,
// and the promise that is broken by it. No file of the library knows of it. The
// copies exist in an overlay of the go command alone, as does the package with the
// switch, so no build has them but the one that the tests make for themselves.
//
// Where a bug's text is not found any more, the code has moved on, and the bug has
// to be planted anew.
package planted
