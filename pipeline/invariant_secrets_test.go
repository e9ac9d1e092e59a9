package pipeline_test

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/stage"
)

// canary stands in a payload, in a metadata value and in a receipt.
const canary = "canary-7531"

type bytesFlow = pipeline.Flow[[]byte, []byte]

// guarded is a source of transactions that are nothing but secrets.
type guarded struct {
	settle error  // what Settle answers
	id     string // of every transaction
	twins  bool   // every transaction comes twice
}

func (g guarded) Fetch(context.Context, int) ([]ergon.Transaction[[]byte], error) {
	var txs []ergon.Transaction[[]byte]
	for i := range 2 {
		tx := ergon.NewTransaction(g.id, []byte(canary)).WithMeta("text", canary).WithMeta("bytes", []byte(canary))
		tx = tx.WithReceipt(fmt.Sprint(canary, i))
		if txs = append(txs, tx); g.twins {
			txs = append(txs, tx)
		}
	}
	return txs, io.EOF
}

func (g guarded) Settle(context.Context, []ergon.Settlement[[]byte]) error { return g.settle }

// telltale keeps whatever observers and handlers are shown, as text.
type telltale struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *telltale) note(what any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		fmt.Fprintf(&s.text, verb+"\n", what)
	}
	log := slog.New(slog.NewJSONHandler(&s.text, nil))
	log.Info("run", "it", what)
}

func (s *telltale) Begin(ctx context.Context, e *ergon.Event) context.Context {
	s.note(*e)
	return ctx
}

func (s *telltale) End(_ context.Context, e *ergon.Event) {
	s.note(*e)
	s.errors(e.Err)
}

// errors notes an error and all that it wraps.
func (s *telltale) errors(err error) {
	if err == nil {
		return
	}
	s.note(err)
	switch e := err.(type) { //nolint:errorlint // the walk through what is joined
	case interface{ Unwrap() error }:
		s.errors(e.Unwrap())
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			s.errors(inner)
		}
	}
}

// shown returns the lines that show a secret in any form.
func (s *telltale) shown() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	numbers := fmt.Sprint([]byte(canary)) //nolint:staticcheck // [99 97 …] is meant
	gone := fmt.Sprintf("%#v", []byte(canary))
	var lines []string
	for line := range strings.Lines(s.text.String()) {
		for _, form := range []string{canary, hex.EncodeToString([]byte(canary)), strings.Trim(numbers, "[]"), gone[len("[]byte{") : len(gone)-1]} {
			if strings.Contains(strings.ToLower(line), form) {
				lines = append(lines, line)
			}
		}
	}
	return lines
}

// Every way in which a run can fail is tried with transactions that are nothing
// but secrets: no error, event, failure or drawing of it shows one.
func TestNoSecretIsShownByARunThatFails(t *testing.T) {
	done := &ergontest.Sink[[]byte]{}
	to := func(f bytesFlow) pipeline.Pipeline { return f.To(done) }
	with := func(fn func(context.Context, []byte) ([]byte, error), opts ...stage.Option) func(bytesFlow) pipeline.Pipeline {
		return func(f bytesFlow) pipeline.Pipeline { return f.Map(fn, opts...).To(done) }
	}
	answering := func(err error) func(context.Context, []byte) ([]byte, error) {
		return func(_ context.Context, b []byte) ([]byte, error) { return b, err }
	}
	sinkOf := func(err error) *ergontest.Sink[[]byte] {
		return &ergontest.Sink[[]byte]{OnDispatch: func(context.Context, int, []ergon.Transaction[[]byte]) error { return err }}
	}
	for _, tc := range []struct {
		name   string
		source guarded
		build  func(bytesFlow) pipeline.Pipeline
		says   string // part of the error of Run, so that the row is what its name says
	}{
		{"what fails has no home", guarded{}, with(answering(ergon.Business(errBoom))), "unhandled"},
		{"the stage panics", guarded{}, with(func(_ context.Context, b []byte) ([]byte, error) { panic("slice bounds") }), "slice bounds"},
		{"the stage panics by itself", guarded{}, with(func(_ context.Context, b []byte) ([]byte, error) { return b[: len(b)+1000 : len(b)], nil }), "out of range"},
		{"the stage is deaf", guarded{}, with(func(_ context.Context, b []byte) ([]byte, error) { deafCode(); return b, nil }), "stuck"},
		{"the stage takes too long", guarded{}, with(func(ctx context.Context, b []byte) ([]byte, error) { <-ctx.Done(); return b, ctx.Err() }, stage.Retry(oneSecond(2))), "too long"},
		{"the run is stopped by Fatal", guarded{}, with(answering(ergon.Fatal(errBoom))), "released"},
		{"the source cannot be told", guarded{settle: ergon.Permanent(errBoom)}, to, "could not be settled"},
		{"the report of the source is wrong", guarded{settle: ergon.ItemErrors{}}, to, "item errors"},
		{"a bulk call returns too few", guarded{}, func(f bytesFlow) pipeline.Pipeline {
			return f.MapBatch(2, 0, func(_ context.Context, all [][]byte) ([][]byte, error) { return all[1:], nil }).To(done)
		}, "wrong number of results"},
		{"there is no such branch", guarded{}, func(f bytesFlow) pipeline.Pipeline { return f.Route(func([]byte) int { return 7 }, to) }, "no branch 7"},
		{"the report of the sink is wrong", guarded{}, func(f bytesFlow) pipeline.Pipeline {
			return f.To(sinkOf(ergon.ItemErrors{nil, nil, nil}), stage.Retry(oneSecond(2)))
		}, "item errors"},
		{"the dead letters cannot be stored", guarded{}, func(f bytesFlow) pipeline.Pipeline {
			return f.Map(answering(ergon.Business(errBoom))).DeadLetter(sinkOf(ergon.Business(errBoom))).To(done)
		}, "dead letter"},
		{"the handler panics", guarded{}, func(f bytesFlow) pipeline.Pipeline {
			return f.Map(answering(errBoom)).OnError(func(context.Context, ergon.Failure[[]byte]) error { panic("handler") }).To(done)
		}, "panic: handler"},
		{"a receipt comes twice", guarded{twins: true}, with(answering(ergon.Business(errBoom))), "unhandled"},
		{"the ids are missing", guarded{id: ""}, with(answering(ergon.Business(errBoom))), "unhandled"},
		{"the description is wrong", guarded{}, func(f bytesFlow) pipeline.Pipeline { return f.To(nil, stage.Batch(0, 0)) }, "the sink is nil"},
	} {
		bubbled(t, tc.name, func(t *testing.T) {
			is := is.New(t)
			told := &telltale{}
			if tc.name != "the ids are missing" {
				tc.source.id = "a"
			}
			onlyAck := accepting{tc.source, ergon.VerdictSet(ergon.Acked, ergon.Released)}
			policy := pipeline.Policy{RunTimeout: 10 * time.Minute, Drain: time.Second, Grace: time.Second}
			f := pipeline.From[[]byte](onlyAck, pipeline.With(policy), pipeline.Observe(told))
			if tc.name != "the handler panics" {
				f = f.OnError(func(_ context.Context, failure ergon.Failure[[]byte]) error { told.note(failure); return nil })
			}
			p := tc.build(f)
			err := p.Run(t.Context())
			is.True(err != nil && strings.Contains(err.Error(), tc.says))
			told.errors(err)
			told.errors(p.Validate())
			for _, what := range []any{err, p.Ledger(), p.Topology(), p.Topology().Mermaid(), p.Topology().DOT()} {
				told.note(what)
			}
			drain, unhandled := &pipeline.DrainError{}, &pipeline.UnhandledError{}
			if errors.As(err, &drain) {
				told.note(*drain)
			}
			if errors.As(err, &unhandled) {
				told.note(*unhandled)
			}
			is.Equal(told.shown(), nil)
			time.Sleep(2 * time.Hour) // what is deaf comes back
		})
	}
}

// accepting is a guarded source that takes back only some verdicts.
type accepting struct {
	guarded
	verdicts ergon.Verdicts
}

func (a accepting) Accepts() ergon.Verdicts { return a.verdicts }

// The search for secrets finds them in every form in which they could be shown.
func TestASecretThatIsShownIsFound(t *testing.T) {
	for name, show := range map[string]func(s *telltale){
		"as text":              func(s *telltale) { s.note(canary) },
		"as bytes":             func(s *telltale) { s.note([]byte(canary)) },
		"in an error":          func(s *telltale) { s.errors(fmt.Errorf("storing %s", canary)) },
		"in a wrapped error":   func(s *telltale) { s.errors(&hiding{errors.New(canary)}) },
		"in one of several":    func(s *telltale) { s.errors(&hiding{errors.Join(errBoom, errors.New(canary))}) },
		"in an event":          func(s *telltale) { s.End(t.Context(), &ergon.Event{Err: errors.New(canary)}) },
		"in the name of event": func(s *telltale) { s.Begin(t.Context(), &ergon.Event{Stage: canary}) },
	} {
		t.Run(name, func(t *testing.T) {
			var told telltale
			show(&told)
			is.New(t).True(len(told.shown()) > 0)
		})
	}
	t.Run("nothing", func(t *testing.T) {
		var told telltale
		told.note(ergon.NewTransaction("a", canary))
		is.New(t).Equal(told.shown(), nil)
	})
}

// hiding is an error that does not say what it wraps.
type hiding struct{ inner error }

func (*hiding) Error() string   { return "hiding" }
func (h *hiding) Unwrap() error { return h.inner }
