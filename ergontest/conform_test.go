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

func TestBrokenConnectorsAreFound(t *testing.T) {
	for _, tt := range []struct{ bug, by string }{
		{"acks at fetch", "settle: fetched is not acked"},
		{"forgets what was returned", "settle: returned comes again"},
		{"a stale receipt settles", "stale: lease over"},
		{"a stale receipt settles", "stale: opened again"},
		{"a stale receipt settles", "stale: connection cut"},
		{"a stale receipt settles", "stale: returned before"},
		{"calls stale an error", "stale: the same again"},
		{"one more than asked", "fetch: never more than asked for"},
		{"counts what was released", "settle: released is no delivery"},
		{"ignores the context", "fetch: cancelled while it waits"},
		{"drops what it took when cancelled", "fetch: cancelled before"},
		{"drops what it took when cancelled", "fetch: cancelled as something comes"},
		{"does not wait", "fetch: waits"},
		{"last first", "fetch: in order"},
		{"ends while something is out", "fetch: no end too soon"},
		{"hands out what is out", "fetch: everything, once"},
		{"hands out what is out", "load: two consumers"},
		{"counts one too few", "count: what is left"},
		{"does not count what is out", "count: what is left"},
		{"forgets the delay", "settle: returned after its delay"},
		{"forgets acks at a restart", "settle: safe when it returns"},
		{"settles after it has said so", "count: as seen from outside"},
		{"keeps the settlements", "settle: keeps no slice"},
		{"panics on a foreign receipt", "stale: a foreign receipt"},
		{"settles by id", "settle: it is the receipt that counts"},
		{"reports too few settlements", "stale: reported by index"},
		{"dead letters come again", "settle: dead letters stay away"},
		{"throws dead letters away", "settle: dead letters are kept"},
		{"one receipt for all", "form: a receipt each"},
		{"makes up ids", "form: the id stays"},
		{"makes up ids", "form: ids as published"},
		{"no ids", "form: an id each"},
		{"loses metadata", "form: metadata"},
		{"cuts at NUL", "form: binary"},
		{"extends what is lost", "lease: extended too late"},
		{"extends what is lost", "lease: of something foreign"},
		{"extends nothing", "lease: extended"},
		{"leases never end", "lease: over"},
		{"leaves a goroutine", "life: leaves nothing behind"},
		{"hangs when stopped twice", "life: stop after stop"},
		{"fails when stopped twice", "life: stop after stop"},
		{"start hands out again", "life: start after start"},
		{"finds nothing and says nothing", "find: by its id"},
		{"finds with a receipt", "find: takes nothing"},
		{"is always well", "health: away"},
		{"an ack covers what stands before it", "load: a restart after every ack"},
		{"forgets one of a hundred", "load: one of ten returned"},
		{"loses what was out at a cut", "load: twenty cuts"},
		{"tells the password", "life: what is not there"},
		{"tells the password", "errors: keep secrets"},
		{"returns before it has stored", "sink: stored when it returns"},
		{"stores what the caller has made of the slice", "sink: keeps no slice"},
		{"writes to the slice", "sink: leaves the slice alone"},
		{"stores twice", "sink: the same id once"},
		{"stores twice", "through: once"},
		{"reports the wrong one", "sink: refused by index"},
		{"fails all for one", "sink: refused by index"},
		{"reports too few", "sink: refused by index"},
		{"calls stored what it refused", "sink: refused by index"},
		{"refuses for a while", "sink: refused for good"},
		{"quotes the payload", "sink: errors keep secrets"},
		{"loses the last of many", "sink: everything, once"},
		{"loses what was stored at a restart", "sink: survives a restart"},
		{"loses what was stored at a restart", "through: after a restart"},
		{"empties what is there when it starts", "sink: adds to what is there"},
		{"panics after stop", "sink: dispatch after stop"},
		{"nil while away", "sink: outage"},
		{"no empty batch", "sink: nothing"},
	} {
		t.Run(tt.bug+"/"+tt.by, func(t *testing.T) {
			is := is.New(t)
			found, _ := conformedTo(t, depotTraits, func(*testing.T) conformRig[string] { return newDepot(tt.bug).suite().rig() }, tt.by)
			is.Equal(len(found), 1)
			faults := strings.Join(found[tt.by], "\n")
			for _, part := range []string{tt.by, "promise: ", "seen: "} {
				if !strings.Contains(faults, part) && tt.bug != "leaves a goroutine" {
					t.Errorf("%q is missing in: %s", part, faults)
				}
			}
		})
	}
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

// justSource hides every ability.
type justSource struct{ ergon.Source[string] }
