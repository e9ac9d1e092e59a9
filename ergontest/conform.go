package ergontest

import "testing"

// TestSource holds a source against the contract of ergon.Source and of every
// ability that it has: those whose interfaces it implements, and those that
// traits declare. Each promise is a test of its own, which names the promise and
// what was seen instead. A source that is an ergon.Filler is asked by Fill and by
// Fetch in turn, as both promise the same. Which of them apply, and why the others do not, is logged
// at the end.
//
// fresh is called once for each test, and returns a place with nothing in it. An
// ability that cannot be tested, as the suite lacks a function for it, fails. So
// does a goroutine that is left when the test, and what it registered with Cleanup,
// is over.
//
// Everything runs in virtual time, in a bubble for each test, unless the traits
// say RealTime. A source that loops without ever waiting keeps that time from
// passing: only the timeout of go test ends it, and shows where. TestSource must
// not be called in a bubble.
func TestSource[T any](t *testing.T, traits Traits, fresh func(t *testing.T) SourceSuite[T]) {
	t.Helper()
	given(t, "TestSource", "fresh", fresh != nil)
	conforms(t, traits, conformTrialsOfSource[T](), func(t *testing.T) conformRig[T] { return fresh(t).rig() })
}

// TestSink is TestSource for a sink.
func TestSink[T any](t *testing.T, traits Traits, fresh func(t *testing.T) SinkSuite[T]) {
	t.Helper()
	given(t, "TestSink", "fresh", fresh != nil)
	conforms(t, traits, conformTrialsOfSink[T](), func(t *testing.T) conformRig[T] { return fresh(t).rig() })
}

// TestConnector is TestSource and TestSink for what is both, and tests that what
// goes in by Dispatch comes out by Fetch.
func TestConnector[T any](t *testing.T, traits Traits, fresh func(t *testing.T) ConnectorSuite[T]) {
	t.Helper()
	given(t, "TestConnector", "fresh", fresh != nil)
	trials := append(conformTrialsOfSource[T](), conformTrialsOfSink[T]()...)
	trials = append(trials, conformTrialsOfConnector[T]()...)
	conforms(t, traits, trials, func(t *testing.T) conformRig[T] { return fresh(t).rig() })
}

// conforms runs all trials and fails t where a promise is broken.
func conforms[T any](t *testing.T, traits Traits, trials []conformTrial[T], fresh func(t *testing.T) conformRig[T]) {
	t.Helper()
	run := &conformRun[T]{traits: traits, fresh: fresh, trials: trials, judge: conformFailure}
	run.all(t)
	t.Log(run.matrix())
}

// conformFailure fails the test of a trial.
func conformFailure(t *testing.T, _ string, faults []string) {
	t.Helper()
	for _, fault := range faults {
		t.Errorf("ergontest: %s", fault)
	}
}
