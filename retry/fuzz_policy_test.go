package retry_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/retry"
)

// policySeeds are policies as a file may have them, good and bad.
var policySeeds = []string{
	`{}`, `null`, `[]`, `{"MaxAttempts":-1}`, `{"MaxAttempts":-2,"Within":-1,"Backoff":-1,"BackoffCap":-1,"AttemptTimeout":-1,"BackoffMultiplier":0.5,"Jitter":3}`,
	`{"Backoff":1000000000,"BackoffMultiplier":2,"BackoffCap":10000000000,"Jitter":2}`,
	`{"Backoff":60000000000,"BackoffCap":1000000000}`, `{"BackoffCap":1}`, `{"Backoff":60000000000}`,
	`{"Backoff":9223372036854775807,"BackoffMultiplier":1e308}`, `{"BackoffMultiplier":1e309}`, `{"Jitter":256}`,
	`{"Backoff":"1s"}`, `{"maxattempts":7}`, `{"Jitter":1}`, `{"BackoffMultiplier":5e-324}`,
}

// policyOf reads a policy as package json does.
func policyOf(text []byte) (retry.Policy, bool) {
	var p retry.Policy
	err := json.Unmarshal(text, &p)
	return p, err == nil
}

// policyFaults returns the faults that Validate joins, each of which must say
// which setting is wrong, in one line.
func policyFaults(t *testing.T, p retry.Policy) (fields []string) {
	err := p.Validate()
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error }) //nolint:errorlint // what Validate returns itself
	if !ok || !errors.Is(err, ergon.ErrConfig) {
		t.Fatalf("%+v: %T", p, err)
	}
	for _, fault := range joined.Unwrap() {
		var config *ergon.ConfigError
		if !errors.As(fault, &config) || config.Where == "" || config.Field == "" || config.Why == "" {
			t.Fatalf("%+v: a fault that is not named: %v", p, fault)
		}
		if strings.ContainsFunc(fault.Error(), unicode.IsControl) {
			t.Fatalf("%+v: more than a line: %q", p, fault)
		}
		fields = append(fields, config.Field)
	}
	return fields
}

// mayWait holds a policy, whatever is wrong with it, to the bounds of its waits.
func mayWait(t *testing.T, p retry.Policy) {
	most := p.BackoffCap
	if most <= 0 {
		most = max(30*time.Second, p.Backoff)
	}
	steady := p
	steady.Jitter = retry.NoJitter
	for _, n := range []int{math.MinInt, -1, 0, 1, 2, 61, 62, 63, 64, 10_000, math.MaxInt} {
		if d, whole := p.Delay(n), steady.Delay(n); d < 0 || d > most || whole <= 0 || whole > most {
			t.Fatalf("%+v: retry %d after %v of %v, at most %v", p, n, d, whole, most)
		}
	}
	if n := p.Attempts(); n < 1 {
		t.Fatalf("%+v: %d attempts", p, n)
	}
}

// FuzzPolicy holds that no text makes a policy that panics, waits beyond its
// bounds, is faulty without saying where, or does not survive being written and
// read, and that of two policies the first wins field by field.
func FuzzPolicy(f *testing.F) {
	for i, seed := range policySeeds {
		f.Add([]byte(seed), []byte(policySeeds[len(policySeeds)-1-i]))
	}
	f.Fuzz(func(t *testing.T, one, other []byte) {
		p, ok := policyOf(one)
		q, also := policyOf(other)
		if !ok || !also {
			return
		}
		merged := p.Or(q)
		for _, policy := range []retry.Policy{p, q, merged} {
			mayWait(t, policy)
			text, err := json.Marshal(policy)
			if again, ok := policyOf(text); err != nil || !ok || again != policy {
				t.Fatalf("%+v became %+v: %v", policy, again, err)
			}
		}
		if p.Or(retry.Policy{}) != p || merged.Or(q) != merged || p.Or(p) != p {
			t.Fatalf("%+v or %+v is %+v", p, q, merged)
		}
		if again := merged.Or(p); again != merged {
			t.Fatalf("%+v or %+v: %+v, and with the first again %+v", p, q, merged, again)
		}
		firstWins(t, p, q, merged)
	})
}

// firstWins compares field by field, and holds that two policies without a fault
// make one that has none, but for a cap of the first below the wait of the second.
func firstWins(t *testing.T, p, q, merged retry.Policy) {
	t.Helper()
	want := p
	if want.MaxAttempts == 0 {
		want.MaxAttempts = q.MaxAttempts
	}
	if want.AttemptTimeout == 0 {
		want.AttemptTimeout = q.AttemptTimeout
	}
	if want.Within == 0 {
		want.Within = q.Within
	}
	if want.Backoff == 0 {
		want.Backoff = q.Backoff
	}
	if want.BackoffMultiplier == 0 {
		want.BackoffMultiplier = q.BackoffMultiplier
	}
	if want.Jitter == 0 {
		want.Jitter = q.Jitter
	}
	if want.BackoffCap == 0 {
		if want.BackoffCap = q.BackoffCap; q.BackoffCap > 0 {
			want.BackoffCap = max(q.BackoffCap, p.Backoff)
		}
	}
	if merged != want {
		t.Fatalf("%+v or %+v is %+v, not %+v", p, q, merged, want)
	}
	if len(policyFaults(t, p))+len(policyFaults(t, q)) > 0 {
		return
	}
	for _, field := range policyFaults(t, merged) {
		if field != "BackoffCap" || p.BackoffCap == 0 || q.Backoff == 0 {
			t.Fatalf("%+v or %+v: %s is at fault", p, q, field)
		}
	}
}
