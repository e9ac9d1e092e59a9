package pipeline_test

import (
	"testing"
	"testing/synctest"
)

// bubbled runs a test of its own in virtual time.
func bubbled(t *testing.T, name string, f func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { synctest.Test(t, f) })
}
