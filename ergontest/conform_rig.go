package ergontest

import (
	"context"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
)

// conformRig is what the suites have in common: a place, and what may be done with
// it.
type conformRig[T any] struct {
	source    func(t *testing.T) ergon.Source[T] // nil: there is none
	sink      func(t *testing.T) ergon.Sink[T]   // nil: there is none
	publish   func(t *testing.T, txs ...ergon.Transaction[T])
	stored    func(t *testing.T) []ergon.Transaction[T]
	payload   func(text string) (T, bool)
	text      func(payload T) string
	pass      func(d time.Duration)
	restart   func(t *testing.T)
	cut       func(t *testing.T)
	down      func(t *testing.T) (up func())
	noSource  func(t *testing.T) ergon.Source[T]
	noSink    func(t *testing.T) ergon.Sink[T]
	secret    string
	pending   func(t *testing.T) int
	dead      func(t *testing.T) []string
	revoke    func(t *testing.T)
	rebalance func(t *testing.T)
	refused   []ergon.Transaction[T]
	lacks     []string // required functions that are not given
}

func (s SourceSuite[T]) rig() conformRig[T] {
	r := conformRig[T]{
		source: s.Open, publish: s.Publish, payload: s.Payload, text: s.Text, pass: s.Pass, restart: s.Restart,
		cut: s.Cut, down: s.Down, noSource: s.Unreachable, secret: s.Secret, pending: s.Pending, dead: s.Dead,
		revoke: s.Revoke, rebalance: s.Rebalance,
	}
	r.require("Open", s.Open != nil)
	r.require("Publish", s.Publish != nil)
	return r.withTexts()
}

func (s SinkSuite[T]) rig() conformRig[T] {
	r := conformRig[T]{
		sink: s.Open, stored: s.Stored, payload: s.Payload, text: s.Text, pass: s.Pass, restart: s.Restart,
		down: s.Down, noSink: s.Unreachable, secret: s.Secret, refused: s.Refused,
	}
	r.require("Open", s.Open != nil)
	r.require("Stored", s.Stored != nil)
	return r.withTexts()
}

func (s ConnectorSuite[T]) rig() conformRig[T] {
	r := conformRig[T]{
		publish: s.Publish, stored: s.Stored, payload: s.Payload, text: s.Text, pass: s.Pass, restart: s.Restart,
		cut: s.Cut, down: s.Down, secret: s.Secret, pending: s.Pending, dead: s.Dead,
		revoke: s.Revoke, rebalance: s.Rebalance, refused: s.Refused,
	}
	r.require("Open", s.Open != nil)
	r.require("Stored", s.Stored != nil)
	if s.Open != nil {
		r.source = func(t *testing.T) ergon.Source[T] { return s.Open(t) }
		r.sink = func(t *testing.T) ergon.Sink[T] { return s.Open(t) }
	}
	if s.Unreachable != nil {
		r.noSource = func(t *testing.T) ergon.Source[T] { return s.Unreachable(t) }
		r.noSink = func(t *testing.T) ergon.Sink[T] { return s.Unreachable(t) }
	}
	if r.publish == nil && r.sink != nil {
		r.publish = conformPublishing(r.sink)
	}
	return r.withTexts()
}

// conformPublishing publishes by means of a sink of its own.
func conformPublishing[T any](open func(t *testing.T) ergon.Sink[T]) func(t *testing.T, txs ...ergon.Transaction[T]) {
	return func(t *testing.T, txs ...ergon.Transaction[T]) {
		t.Helper()
		sink := open(t)
		if s, ok := sink.(ergon.Starter); ok {
			if err := s.Start(t.Context()); err != nil {
				t.Fatalf("ergontest: to publish by Dispatch: Start: %v", err)
			}
		}
		if s, ok := sink.(ergon.Stopper); ok {
			t.Cleanup(func() { _ = s.Stop(context.Background()) }) //nolint:errcheck // what it says is the matter of other tests
		}
		if err := sink.Dispatch(t.Context(), txs); err != nil {
			t.Fatalf("ergontest: to publish by Dispatch: %v", err)
		}
	}
}

func (r *conformRig[T]) require(name string, given bool) {
	if !given {
		r.lacks = append(r.lacks, name)
	}
}

// withTexts returns the rig with payloads made of texts: as they are, where T is
// one.
func (r conformRig[T]) withTexts() conformRig[T] {
	var zero T
	switch any(zero).(type) {
	case string:
		r.orTexts(func(text string) any { return text }, func(p any) string { return p.(string) })
	case []byte:
		r.orTexts(func(text string) any { return []byte(text) }, func(p any) string { return string(p.([]byte)) })
	}
	r.require("Payload", r.payload != nil)
	r.require("Text", r.text != nil)
	return r
}

func (r *conformRig[T]) orTexts(payload func(text string) any, text func(payload any) string) {
	if r.payload == nil {
		r.payload = func(text string) (T, bool) {
			p, ok := payload(text).(T)
			return p, ok
		}
	}
	if r.text == nil {
		r.text = func(p T) string { return text(p) }
	}
}
