// Package examples holds whole programs, one in each folder.
package examples
