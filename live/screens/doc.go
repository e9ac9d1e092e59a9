// Package screens looks at views as people do: at the page in a real browser, at the
// terminal in a real one. It is a module of its own, since what drives a browser is
// nothing that users of a view need.
package screens
