package ergontest

import "testing"

// given fails the test, and ends it, where something is nil that has to be there.
func given(t testing.TB, who, what string, there bool) {
	t.Helper()
	if !there {
		t.Fatalf("ergontest: %s: %s is nil", who, what)
	}
}
