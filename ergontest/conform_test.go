package ergontest

import (
	"slices"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
)

// conformedTo runs those of all trials that have these names, or all where there
// are none, and returns what was found, by name, and the matrix.
func conformedTo(t *testing.T, traits Traits, fresh func(*testing.T) conformRig[string], names ...string) (found map[string][]string, matrix string) {
	t.Helper()
	trials := slices.Concat(conformTrialsOfSource[string](), conformTrialsOfSink[string](), conformTrialsOfConnector[string]())
	if len(names) > 0 {
		trials = slices.DeleteFunc(trials, func(trial conformTrial[string]) bool { return !slices.Contains(names, trial.name) })
	}
	found = map[string][]string{}
	run := &conformRun[string]{traits: traits, trials: trials, fresh: fresh, judge: func(_ *testing.T, name string, faults []string) {
		if len(faults) > 0 {
			found[name] = faults
		}
	}}
	run.all(t)
	return found, run.matrix()
}

func TestAConnectorWithEveryAbilityConforms(t *testing.T) {
	TestConnector(t, depotTraits, func(*testing.T) ConnectorSuite[string] { return newDepot("").suite() })
}

// What does not wait needs no time in real time either.
func TestAConnectorConformsInRealTime(t *testing.T) {
	traits := depotTraits
	traits.RealTime, traits.Waits = true, false
	TestConnector(t, traits, func(*testing.T) ConnectorSuite[string] {
		d := newDepot("does not wait")
		s := d.suite()
		s.Pass = d.pass
		return s
	})
}

func TestABrokenConnectorFailsOnlyItsTests(t *testing.T) {
	is := is.New(t)
	found, matrix := conformedTo(t, depotTraits, func(*testing.T) conformRig[string] { return newDepot("counts one too few").suite().rig() })
	for name := range found {
		is.True(strings.HasPrefix(name, "count: "))
	}
	is.True(strings.Contains(matrix, "FAILS           count: what is left"))
	is.True(strings.Contains(matrix, "conformance of *ergontest.depotDoor"))
}

func TestBrokenConnectorsAreFoundInRealTime(t *testing.T) {
	traits := depotTraits
	traits.RealTime, traits.Waits = true, false
	for _, tt := range []struct{ bug, by string }{
		{"acks at fetch", "settle: fetched is not acked"},
		{"forgets the delay", "settle: returned after its delay"},
		{"extends nothing", "lease: extended"},
		{"returns before it has stored", "sink: stored when it returns"},
	} {
		t.Run(tt.bug, func(t *testing.T) {
			is := is.New(t)
			found, _ := conformedTo(t, traits, func(*testing.T) conformRig[string] {
				d := newDepot(tt.bug)
				s := d.suite()
				s.Pass = d.pass
				return s.rig()
			}, tt.by)
			is.Equal(len(found[tt.by]), 1)
		})
	}
}

// What the suite lacks, or declares though it cannot be, is a fault in how the kit
// is used, and says what to do.
func TestASuiteThatIsNotComplete(t *testing.T) {
	real := func(t *Traits) { t.RealTime = true }
	for _, tt := range []struct {
		name   string
		traits func(*Traits)
		suite  func(*ConnectorSuite[string])
		in     string // the test that fails; empty: the first
		want   string
	}{
		{"nothing to open", nil, func(s *ConnectorSuite[string]) { s.Open = nil }, "", "the suite has no Open"},
		{"nothing to look at", nil, func(s *ConnectorSuite[string]) { s.Stored = nil }, "", "the suite has no Stored"},
		{"no restart", nil, func(s *ConnectorSuite[string]) { s.Restart = nil }, "settle: safe when it returns", "has to be given Restart, as Traits.Durable is declared"},
		{"no dead letters", nil, func(s *ConnectorSuite[string]) { s.Dead = nil }, "settle: dead letters are kept", "has to be given Dead, as the source accepts DeadLettered"},
		{"no clock, and a lease", real, func(*ConnectorSuite[string]) {}, "lease: over", "has to be given Pass, or a lease of at most 1s"},
		{"no clock, and delays", real, func(*ConnectorSuite[string]) {}, "settle: returned after its delay", "has to be given Pass, as Traits.Delays is declared"},
		{"no rebalance", func(t *Traits) { t.Partitions = true }, func(*ConnectorSuite[string]) {}, "partitions: a gap is not committed", "has to be given Revoke and Rebalance"},
		{"rewinds and settles", func(t *Traits) { t.Rewinds = true }, func(*ConnectorSuite[string]) {}, "", "Traits.Rewinds is declared, and there is an ergon.Settler"},
		{"ids and none", func(t *Traits) { t.Anonymous = true }, func(*ConnectorSuite[string]) {}, "", "Traits.Anonymous and Traits.IDs are both declared"},
		{"payloads that are lost", nil, func(s *ConnectorSuite[string]) { s.Text = func(string) string { return "" } }, "", `Text does not return the text "1"`},
		{"no payloads", nil, func(s *ConnectorSuite[string]) { s.Payload = func(string) (string, bool) { return "", false } }, "", `Payload makes no payload of the text "1"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			traits := depotTraits
			if tt.traits != nil {
				tt.traits(&traits)
			}
			name := tt.in
			if name == "" {
				name = conformLook
			}
			found, _ := conformedTo(t, traits, func(*testing.T) conformRig[string] {
				s := newDepot("").suite()
				tt.suite(&s)
				return s.rig()
			}, name)
			is.True(strings.Contains(strings.Join(found[name], "; "), tt.want))
		})
	}
}

func TestWhatDoesNotApplySaysWhy(t *testing.T) {
	_, matrix := conformedTo(t, Traits{Messages: 10, Duplicates: true}, func(*testing.T) conformRig[string] {
		s := newDepot("").suite()
		source := SourceSuite[string]{Publish: s.Publish, Open: func(t *testing.T) ergon.Source[string] { return justSource{s.Open(t)} }}
		return source.rig()
	}, "settle: nothing", "lease: over", "fetch: in order", "load: twenty cuts", "fetch: everything, once")
	for _, want := range []string{
		"conformance of ergontest.justSource: 5 tests, 1 run, 0 fail, 4 do not apply",
		"does not apply  settle: nothing          no ergon.Settler",
		"does not apply  fetch: in order          Traits.Order is not declared",
		"runs            fetch: everything, once",
	} {
		if !strings.Contains(matrix, want) {
			t.Errorf("%q is missing in:\n%s", want, matrix)
		}
	}
}

func TestABrokenPromiseFailsTheTestAndIsExplained(t *testing.T) {
	is := is.New(t)
	passed, printed := judged(is, func(t *testing.T) {
		TestSink(t, Traits{Messages: 10}, func(*testing.T) SinkSuite[string] {
			d := newDepot("stores twice")
			return SinkSuite[string]{
				Open:   func(*testing.T) ergon.Sink[string] { return d.open() },
				Stored: func(*testing.T) []ergon.Transaction[string] { return d.held() },
			}
		})
	})
	is.True(!passed)
	for _, want := range []string{
		"--- FAIL: Inner/sink:_the_same_id_once",
		"ergontest: sink: the same id once",
		"promise: What is dispatched again, in the same batch too, is stored once; a sink that cannot tell declares Traits.Duplicates.",
		"seen:    10 are there, and not 4, after some were dispatched again",
		"39 tests, 25 run, 1 fail, 14 do not apply",
	} {
		if !strings.Contains(printed, want) {
			t.Errorf("%q is missing in:\n%s", want, printed)
		}
	}
}

// justSource hides every ability.
type justSource struct{ ergon.Source[string] }
