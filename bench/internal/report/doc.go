// Package report shows what was measured: as a table for a terminal, as a page in
// Markdown, and as a plot.
package report
