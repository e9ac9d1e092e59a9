//go:build race

package house

// likeUs builds what the tests are built of the way they are built, so that none of it
// is built twice.
const likeUs = "-race"
