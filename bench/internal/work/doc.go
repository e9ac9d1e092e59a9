// Package work is what every variant of a comparison does: the items, the steps
// they go through, and how it is checked that they all did.
package work
