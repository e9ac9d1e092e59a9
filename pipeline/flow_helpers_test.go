package pipeline_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/ergon-go/ergon/retry"
)

// bubbled runs a test of its own in virtual time.
func bubbled(t *testing.T, name string, f func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { synctest.Test(t, f) })
}

// oneSecond is a policy of n attempts a second apart.
func oneSecond(n int) retry.Policy {
	return retry.Policy{MaxAttempts: n, Backoff: time.Second, BackoffMultiplier: 1, Jitter: retry.NoJitter}
}
