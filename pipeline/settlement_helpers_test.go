package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
)

// teller is a source that hands out what it was made of, once, and keeps what
// it is told. Hooks take the place of what it would do.
type teller struct {
	accepts  ergon.Verdicts
	onFetch  func(ctx context.Context, call, most int) ([]ergon.Transaction[int], error)
	onSettle func(ctx context.Context, call int, all []ergon.Settlement[int]) error

	mu      sync.Mutex
	waiting []ergon.Transaction[int]
	asked   []int                   // of each Fetch: how many
	calls   int                     // of Settle
	now, at int                     // Settle calls at this moment, and the most there were
	told    []ergon.Settlement[int] // what it has stored
	twice   []string                // what it stored for a second time
	before  func(id string) error   // asked at the moment of an ack
	broken  []error                 // what before said
	stored  map[any]struct{}        // by receipt
}

// tell returns a source of n transactions "t:0", "t:1" … with the payloads 0, 1 …
func tell(n int) *teller {
	s := &teller{accepts: ergon.VerdictSet(ergon.Acked, ergon.DeadLettered, ergon.Released, ergon.Returned)}
	for i := range n {
		s.waiting = append(s.waiting, ergon.Numbered("t", int64(i), i).WithReceipt(i))
	}
	return s
}

// delivered returns a source of one transaction that is handed out for the n-th time.
func delivered(n int) *teller {
	s := tell(1)
	s.waiting[0] = s.waiting[0].WithDeliveries(n)
	return s
}

func (s *teller) Accepts() ergon.Verdicts { return s.accepts }

func (s *teller) Fetch(ctx context.Context, most int) ([]ergon.Transaction[int], error) {
	s.mu.Lock()
	s.asked = append(s.asked, most)
	call := len(s.asked)
	s.mu.Unlock()
	if s.onFetch != nil {
		return s.onFetch(ctx, call, most)
	}
	return s.hand(most)
}

// hand hands out up to n of what waits, and io.EOF with the last.
func (s *teller) hand(n int) ([]ergon.Transaction[int], error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n = min(n, len(s.waiting))
	txs := s.waiting[:n:n]
	s.waiting = s.waiting[n:]
	if len(s.waiting) == 0 {
		return txs, io.EOF
	}
	return txs, nil
}

func (s *teller) Settle(ctx context.Context, all []ergon.Settlement[int]) error {
	s.mu.Lock()
	s.calls++
	call := s.calls
	s.now++
	s.at = max(s.at, s.now)
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.now--
		s.mu.Unlock()
	}()
	var err error
	if s.onSettle != nil {
		err = s.onSettle(ctx, call, all)
	}
	errs := ergon.ItemErrorsOf(err, len(all))
	for i, one := range all {
		if errs == nil || errs[i] == nil {
			s.store(one)
		}
	}
	return err
}

// store keeps a settlement.
func (s *teller) store(one ergon.Settlement[int]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	receipt := one.Transaction.Receipt()
	if _, twice := s.stored[receipt]; twice {
		s.twice = append(s.twice, one.Transaction.ID())
		return
	}
	if s.stored == nil {
		s.stored = map[any]struct{}{}
	}
	s.stored[receipt] = struct{}{}
	s.told = append(s.told, one)
	if s.before != nil && one.Verdict == ergon.Acked {
		if err := s.before(one.Transaction.ID()); err != nil {
			s.broken = append(s.broken, err)
		}
	}
}

// panicPlace is where a panic says that it came from, which no test wants to know.
var panicPlace = regexp.MustCompile(` \([^()]+\.go:\d+, [^()]+\)`)

// lines returns what the source was told, a line each, sorted by id: "t:0 acked",
// "t:1 returned 5s: why".
func (s *teller) lines() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := slices.Clone(s.told)
	slices.SortStableFunc(all, func(a, b ergon.Settlement[int]) int {
		return a.Transaction.Payload() - b.Transaction.Payload()
	})
	lines := make([]string, len(all))
	for i, one := range all {
		lines[i] = fmt.Sprintf("%s %v", one.Transaction.ID(), one.Verdict)
		if one.Delay != 0 {
			lines[i] += fmt.Sprintf(" %v", one.Delay)
		}
		if one.Cause != nil {
			lines[i] += ": " + panicPlace.ReplaceAllString(one.Cause.Error(), "")
		}
	}
	return lines
}

// shelf is a sink that keeps what it is given, unless its hook says otherwise.
type shelf[T any] struct {
	onDispatch func(ctx context.Context, call int, txs []ergon.Transaction[T]) error

	mu    sync.Mutex
	sizes []int // of each Dispatch
	txs   []ergon.Transaction[T]
}

func (s *shelf[T]) Dispatch(ctx context.Context, txs []ergon.Transaction[T]) error {
	s.mu.Lock()
	s.sizes = append(s.sizes, len(txs))
	call := len(s.sizes)
	s.mu.Unlock()
	var err error
	if s.onDispatch != nil {
		err = s.onDispatch(ctx, call, txs)
	}
	errs := ergon.ItemErrorsOf(err, len(txs))
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, tx := range txs {
		if errs == nil || errs[i] == nil {
			s.txs = append(s.txs, tx)
		}
	}
	return err
}

// ids returns the ids of what was stored, sorted.
func (s *shelf[T]) ids() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := make([]string, len(s.txs))
	for i, tx := range s.txs {
		ids[i] = tx.ID()
	}
	slices.Sort(ids)
	return ids
}

// errBoom is a plain error.
var errBoom = errors.New("boom")

// same hands its value on.
func same(_ context.Context, v int) (int, error) { return v, nil }

// failing returns a stage function that fails for one value.
func failing(value int, err error) func(context.Context, int) (int, error) {
	return func(_ context.Context, v int) (int, error) {
		if v == value {
			return 0, err
		}
		return v, nil
	}
}

// exactly is a policy of n attempts, with waits of a second.
func exactly(n int) retry.Policy {
	return retry.Policy{MaxAttempts: n, Backoff: time.Second, BackoffMultiplier: 1, Jitter: retry.NoJitter}
}

// steadily makes every wait of a pipeline known.
func steadily() pipeline.Policy {
	return pipeline.Policy{Redelivery: retry.Policy{Jitter: retry.NoJitter}, Settle: retry.Policy{Jitter: retry.NoJitter}}
}

// inBubble runs a test in virtual time.
func inBubble(t *testing.T, name string, f func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { synctest.Test(t, f) })
}

// violations is an observer of broken contracts.
type violations struct {
	mu   sync.Mutex
	errs []error
}

func (v *violations) Begin(ctx context.Context, _ *ergon.Event) context.Context { return ctx }

func (v *violations) End(_ context.Context, e *ergon.Event) {
	if e.Kind == ergon.KindViolation {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.errs = append(v.errs, e.Err)
	}
}
