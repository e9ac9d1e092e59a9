package pipeline_test

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

// policyTexts are policies as a file may have them, good and bad.
var policyTexts = []string{
	`{}`, `null`, `{"InFlight":1}`, `{"InFlight":-1,"FetchBatch":-1,"Limit":-1,"RunTimeout":-1,"TransactionTimeout":-1,"Drain":-1,"Grace":-1}`,
	`{"MaxDeliveries":-1,"MaxFailures":{"Count":1,"Share":0.5}}`, `{"MaxDeliveries":-2,"MaxFailures":{"Count":-1,"Share":1.5}}`,
	`{"Limit":2,"FetchBatch":1,"InFlight":2}`, `{"RunTimeout":1}`, `{"TransactionTimeout":1,"Drain":1,"Grace":1}`,
	`{"Redelivery":{"MaxAttempts":1},"Empty":{"Within":1},"Fetch":{"Backoff":-1},"Settle":{"Jitter":9}}`,
	`{"Stages":{"price":{"Workers":3,"Buffer":1,"Retry":{"MaxAttempts":2,"Backoff":1,"BackoffCap":1}}}}`,
	`{"Stages":{"price":{"Workers":-3,"Buffer":-1,"Batch":4,"Within":-1,"Retry":{"MaxAttempts":-5}},"none":{},"a\nb":{}}}`,
	`{"Stages":{"store":{"Batch":5,"Within":3600000000000}},"InFlight":4}`, `{"Stages":{"store":{"Batch":5,"Within":3600000000000}}}`,
	`{"Stages":{"on-error":{"Retry":{"MaxAttempts":1}},"store":{"Retry":{"MaxAttempts":1}}},"Redelivery":{"Backoff":1,"Jitter":2}}`,
	`{"Stages":{"on-error":{"Buffer":1},"price":{"Retry":{"Within":1}}}}`,
}

// FuzzPolicy holds that whatever a file says, and whatever steps are called, a
// policy is either refused, each fault with its place, or survives being written
// and read, and gives a run that ends with a ledger that balances.
func FuzzPolicy(f *testing.F) {
	for _, text := range policyTexts {
		f.Add([]byte(text), "price")
	}
	for _, name := range []string{"", "a\nb", "\u202eecirp", "on-error", "store", "source", "<b>\"#", "a\xff", "\x1b[31m"} {
		f.Add([]byte(`{"Stages":{"a":{},"store":{"Workers":2}}}`), name)
	}
	f.Fuzz(func(t *testing.T, text []byte, name string) {
		var policy pipeline.Policy
		if json.Unmarshal(text, &policy) != nil {
			return
		}
		err := shaped(policy, name, source.Slice([]int{1})).Validate()
		checkDrawing(t, shaped(policy, name, source.Slice([]int{1})).Topology())
		if err != nil {
			checkNamed(t, err)
			return
		}
		var again pipeline.Policy
		written, err := json.Marshal(policy)
		if err != nil || json.Unmarshal(written, &again) != nil || !reflect.DeepEqual(policy, again) {
			t.Fatalf("%+v became %+v: %v", policy, again, err)
		}
		if bearable(policy) {
			synctest.Test(t, func(t *testing.T) { runs(t, policy, name) })
		}
	})
}

// shaped returns a pipeline under a policy, with a stage of the given name, that
// fails once.
func shaped(policy pipeline.Policy, name string, from ergon.Source[int]) pipeline.Pipeline {
	var failed atomic.Bool
	once := func(_ context.Context, v int) (int, error) {
		if v == 1 && failed.CompareAndSwap(false, true) {
			return 0, errBoom
		}
		return v, nil
	}
	seen := func(context.Context, ergon.Failure[int]) error { return nil }
	return pipeline.From(from, pipeline.With(policy)).Map(once, stage.Named(name)).
		OnError(seen).To(sink.Discard[int](), stage.Named("store"))
}

// checkNamed holds that an error is nothing but faults, each in a line of its own
// that says where it is, and shows no character that would not be seen.
func checkNamed(t *testing.T, err error) {
	t.Helper()
	if several, ok := err.(interface{ Unwrap() []error }); ok { //nolint:errorlint // the walk through what is joined
		for _, one := range several.Unwrap() {
			checkNamed(t, one)
		}
		return
	}
	var fault *ergon.ConfigError
	if !errors.As(err, &fault) || fault.Where == "" || fault.Why == "" {
		t.Fatalf("a fault that is not named: %v", err)
	}
	if strings.ContainsFunc(err.Error(), unseen) || !utf8.ValidString(err.Error()) {
		t.Fatalf("shows what cannot be seen: %q", err)
	}
}

// unseen finds characters that are no part of a line of text.
func unseen(r rune) bool { return !unicode.IsPrint(r) }

// checkDrawing holds that no name changes the shape of a drawing.
func checkDrawing(t *testing.T, got pipeline.Topology) {
	t.Helper()
	plain := got
	plain.Nodes = slices.Clone(got.Nodes)
	for i := range plain.Nodes {
		plain.Nodes[i].Name = "plain"
	}
	for kind, draw := range map[string]func(pipeline.Topology) string{
		"text": pipeline.Topology.String, "mermaid": pipeline.Topology.Mermaid, "dot": pipeline.Topology.DOT,
	} {
		text := draw(got)
		if lines, want := strings.Count(text, "\n"), strings.Count(draw(plain), "\n"); lines != want {
			t.Fatalf("%s has %d lines, not %d:\n%s", kind, lines, want, text)
		}
		if strings.ContainsFunc(strings.ReplaceAll(text, "\n", ""), unicode.IsControl) {
			t.Fatalf("%s shows a control character: %q", kind, text)
		}
		if kind == "mermaid" && strings.Count(text, `"`) != strings.Count(draw(plain), `"`) {
			t.Fatalf("a name ends its quotes:\n%s", text)
		}
	}
}

// bearable reports whether a run under the policy comes to its end before virtual
// time does.
func bearable(p pipeline.Policy) bool {
	const most = 365 * 24 * time.Hour
	waits := []time.Duration{p.RunTimeout, p.TransactionTimeout, p.Drain, p.Grace}
	retries := []retry.Policy{p.Redelivery, p.Empty, p.Fetch, p.Settle}
	for _, s := range p.Stages {
		waits, retries = append(waits, s.Within), append(retries, s.Retry)
	}
	for _, r := range retries {
		waits = append(waits, r.AttemptTimeout, r.Within, r.Backoff, r.BackoffCap)
	}
	return slices.Max(waits) < most
}

// runs runs a pipeline of three transactions, one of which fails the first time it
// is delivered.
func runs(t *testing.T, policy pipeline.Policy, name string) {
	defer time.Sleep(time.Hour)
	from := tell(3)
	p := shaped(policy, name, from)
	err := p.Run(t.Context())
	ledger := p.Ledger()
	if errors.Is(err, pipeline.ErrUnbalanced) || !ledger.Balanced() || ledger.InFlight != 0 {
		t.Fatalf("%v: %v", ledger, err)
	}
	if limit := policy.Limit; limit > 0 && ledger.Fetched > limit {
		t.Fatalf("%d fetched, and %d is the limit", ledger.Fetched, limit)
	}
	if told := int64(len(from.told)); told != ledger.Settled() || len(from.twice) > 0 {
		t.Fatalf("%d settled, %v twice, and %v", told, from.twice, ledger)
	}
	for _, most := range from.asked {
		if bound := policy.InFlight; bound > 0 && most > bound {
			t.Fatalf("asked for %d, and %d may be in flight", most, bound)
		}
	}
}
