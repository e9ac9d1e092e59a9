package ergontest

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
)

// planted is a bug, and the trials that have to find it.
type planted struct {
	bug string
	by  []string
}

// depotBugs are those of a depot.
func depotBugs() []planted {
	return []planted{
		{"acks at fetch", []string{"settle: fetched is not acked", "settle: released comes again"}},
		{"forgets what was returned", []string{"settle: returned comes again", "load: one of ten returned"}},
		{"forgets what was released", []string{"settle: released comes again"}},
		{"a stale receipt settles", []string{"stale: lease over", "stale: opened again", "stale: connection cut", "stale: returned before"}},
		{"calls stale an error", []string{"stale: the same again", "stale: another verdict", "stale: lease over"}},
		{"one more than asked", []string{"fetch: never more than asked for", "fetch: none when asked for none", "load: settled out of order, beside Fetch", "beside each other"}},
		{"counts what was released", []string{"settle: released is no delivery"}},
		{"counts no lease that ran out", []string{"lease: counted when over", "settle: deliveries are counted"}},
		{"ignores the context", []string{"fetch: cancelled while it waits", "life: stop during Fetch", "fetch: waits"}},
		{"drops what it took when cancelled", []string{"fetch: cancelled before", "fetch: cancelled as something comes"}},
		{"does not wait", []string{"fetch: waits", "fetch: wakes", "through: wakes a Fetch"}},
		{"wakes nobody", []string{"fetch: wakes", "through: wakes a Fetch"}},
		{"fails when empty", []string{"fetch: nothing there", "fetch: what comes later"}},
		{"last first", []string{"fetch: in order"}},
		{"ends while something is out", []string{"fetch: no end too soon"}},
		{"hands out what is out", []string{"fetch: everything, once", "load: two consumers", "load: many"}},
		{"is stuck when all is out", []string{"load: all out, then on", "lease: over"}},
		{"counts one too few", []string{"count: what is left", "count: what is out, delayed or released"}},
		{"does not count what is out", []string{"count: what is left"}},
		{"a bound that changes", []string{"fetch: at most so many in flight"}},
		{"fills more than there is room for", []string{"fill: never more than there is room for", "fetch: never more than asked for"}},
		{"fills what stands behind the slice", []string{"fill: never more than there is room for"}},
		{"says that it filled one more", []string{"fetch: wakes"}},
		{"says that it filled less than nothing", []string{"fill: never more than there is room for", "fetch: nothing there"}},
		{"fills without metadata", []string{"fill: the same as Fetch"}},
		{"fills with other ids", []string{"fill: the same as Fetch", "form: the id stays"}},
		{"fills without receipts", []string{"fill: the same as Fetch"}},
		{"fails where it fills", []string{"fill: the same as Fetch", "fetch: everything, once"}},
		{"reads ahead into the slice", []string{"fill: keeps no slice"}},
		{"writes to the slice later", []string{"fill: keeps no slice"}},
		{"fills for anybody", []string{"fill: not for another source"}},
		{"declines, and has taken something", []string{"fill: not for another source"}},
		{"does not know that it is another", []string{"fill: not for another source"}},
		{"forgets the delay", []string{"settle: returned after its delay"}},
		{"forgets acks at a restart", []string{"settle: safe when it returns", "settle: acked is gone", "through: all at once"}},
		{"settles after it has said so", []string{"count: as seen from outside", "settle: safe when it returns", "load: twenty restarts", "stale: context over"}},
		{"keeps the settlements", []string{"settle: keeps no slice"}},
		{"no empty batch", []string{"settle: nothing", "sink: nothing"}},
		{"nil when cancelled", []string{"stale: context over", "sink: cancelled before", "sink: cancelled meanwhile"}},
		{"nil while away", []string{"outage: Settle", "sink: outage"}},
		{"never comes back", []string{"outage: Fetch", "outage: opened meanwhile", "sink: outage"}},
		{"refuses what it accepts", []string{"settle: accepts what it says", "settle: dead letters stay away"}},
		{"panics on a foreign receipt", []string{"stale: a foreign receipt"}},
		{"settles by id", []string{"settle: it is the receipt that counts"}},
		{"reports too few settlements", []string{"stale: reported by index"}},
		{"dead letters come again", []string{"settle: dead letters stay away"}},
		{"throws dead letters away", []string{"settle: dead letters are kept"}},
		{"one receipt for all", []string{"form: a receipt each", "through: passed on"}},
		{"makes up ids", []string{"form: the id stays", "form: ids as published", "through: what goes in comes out"}},
		{"no ids", []string{"form: an id each"}},
		{"other ids", []string{"form: ids as published", "sink: ids"}},
		{"loses metadata", []string{"form: metadata", "sink: metadata"}},
		{"cuts at NUL", []string{"form: binary", "sink: binary"}},
		{"cuts at a newline", []string{"form: several lines", "sink: several lines"}},
		{"cuts at 64 KiB", []string{"form: a mebibyte", "sink: a mebibyte"}},
		{"trims blanks", []string{"form: blanks around it", "sink: blanks around it"}},
		{"escapes quotes", []string{"form: quotes and commas", "sink: quotes and commas"}},
		{"knows ASCII only", []string{"form: UTF-8", "sink: UTF-8"}},
		{"drops what is empty", []string{"form: no bytes", "sink: no bytes"}},
		{"extends what is lost", []string{"lease: extended too late", "lease: of something foreign"}},
		{"extends what is settled", []string{"lease: of something settled"}},
		{"extends nothing", []string{"lease: extended"}},
		{"leases never end", []string{"lease: over", "lease: counted when over"}},
		{"a lease that changes", []string{"lease: the same always"}},
		{"leaves a goroutine", []string{"life: leaves nothing behind", "life: opens and closes", "sink: opens and closes"}},
		{"fails when stopped unused", []string{"life: opens and closes", "sink: opens and closes"}},
		{"hangs when stopped twice", []string{"life: stop after stop", "sink: stop after stop"}},
		{"fails when stopped twice", []string{"life: stop after stop", "sink: stop after stop"}},
		{"starts only once", []string{"life: start after stop", "life: ten times fifty runs", "sink: start after stop", "sink: ten times fifty runs"}},
		{"start hands out again", []string{"life: start after start"}},
		{"finds nothing and says nothing", []string{"find: by its id"}},
		{"finds with a receipt", []string{"find: takes nothing"}},
		{"is always well", []string{"health: away", "sink: health, away"}},
		{"is never well", []string{"health: well", "sink: health, well"}},
		{"an ack covers what stands before it", []string{"load: a restart after every ack", "load: twenty restarts"}},
		{"loses what was out at a cut", []string{"load: twenty cuts"}},
		{"loses one of many", []string{"load: many", "sink: many", "sink: everything, once"}},
		{"tells the password", []string{"life: what is not there", "errors: keep secrets", "sink: what is not there"}},
		{"says nothing of where it leads", []string{"life: what is not there", "sink: what is not there"}},
		{"returns before it has stored", []string{"sink: stored when it returns", "sink: survives a restart"}},
		{"stores what the caller has made of the slice", []string{"sink: keeps no slice"}},
		{"writes to the slice", []string{"sink: leaves the slice alone"}},
		{"stores twice", []string{"sink: the same id once", "sink: the same id once, after a restart", "through: once"}},
		{"stores in reverse", []string{"sink: in order"}},
		{"one at a time", []string{"sink: by several at once"}},
		{"keeps to itself", []string{"through: another takes it"}},
		{"reports the wrong one", []string{"sink: refused by index"}},
		{"fails all for one", []string{"sink: refused by index"}},
		{"reports too few", []string{"sink: refused by index"}},
		{"calls stored what it refused", []string{"sink: refused by index"}},
		{"refuses for a while", []string{"sink: refused for good"}},
		{"quotes the payload", []string{"sink: errors keep secrets"}},
		{"loses the last of many", []string{"sink: everything, once", "sink: many"}},
		{"loses what was stored at a restart", []string{"sink: survives a restart", "sink: twenty restarts", "through: after a restart"}},
		{"empties what is there when it starts", []string{"sink: adds to what is there", "sink: start after start"}},
		{"panics after stop", []string{"sink: dispatch after stop", "life: used after stop"}},
	}
}

// logBugs are those of a log with partitions.
func logBugs() []planted {
	return []planted{
		{"one hand-over is as good as another", []string{"partitions: settled after they came back", "stale: opened again", "stale: connection cut"}},
		{"what is late counts", []string{"partitions: settled after they were revoked", "partitions: settled after they came back"}},
		{"an ack covers what stands before it", []string{"partitions: a gap is not committed"}},
		{"loses what is out when it is revoked", []string{"partitions: rebalanced under load"}},
	}
}

func TestBrokenConnectorsAreFound(t *testing.T) {
	for _, tt := range depotBugs() {
		t.Run(tt.bug, func(t *testing.T) {
			tt.mustBeFound(t, depotTraits, func(*testing.T) conformRig[string] { return newDepot(tt.bug).suite().rig() })
		})
	}
}

func TestBrokenLogsAreFound(t *testing.T) {
	for _, tt := range logBugs() {
		t.Run(tt.bug, func(t *testing.T) {
			tt.mustBeFound(t, logTraits, func(*testing.T) conformRig[string] { _, s := newLog(tt.bug); return s.rig() })
		})
	}
}

func (p planted) mustBeFound(t *testing.T, traits Traits, fresh func(*testing.T) conformRig[string]) {
	t.Helper()
	is := is.New(t)
	found, _ := conformedTo(t, traits, fresh, p.by...)
	for _, name := range p.by {
		faults := strings.Join(found[name], "\n")
		is.True(faults != "") // each of them has found it
		is.True(strings.Contains(faults, "promise: ") && strings.Contains(faults, "seen: ") || p.bug == "leaves a goroutine")
	}
}

// What is declared and is not so is found too.
func TestWhatIsDeclaredMustBeTrue(t *testing.T) {
	for _, tt := range falseTraits() {
		t.Run(tt.by, func(t *testing.T) {
			found, _ := conformedTo(t, tt.traits, tt.fresh, tt.by)
			is.New(t).Equal(len(found), 1)
		})
	}
}

type falseTrait struct {
	traits Traits
	fresh  func(*testing.T) conformRig[string]
	by     string
}

func falseTraits() []falseTrait {
	atomic, duplicates := depotTraits, depotTraits
	atomic.Atomic, duplicates.Duplicates = true, true
	sound := func(*testing.T) conformRig[string] { return newDepot("").suite().rig() }
	return []falseTrait{
		{atomic, sound, "sink: all or none"},
		{duplicates, sound, "sink: the same id twice"},
		{Traits{Ends: true}, sound, "fetch: the end"},
		{Traits{Rewinds: true}, func(*testing.T) conformRig[string] {
			o := &onward{}
			return SourceSuite[string]{
				Open:    func(*testing.T) ergon.Source[string] { return o },
				Publish: func(_ *testing.T, txs ...ergon.Transaction[string]) { o.left = append(o.left, txs...) },
			}.rig()
		}, "fetch: from the beginning"},
	}
}

// onward is a source that never goes back.
type onward struct{ left []ergon.Transaction[string] }

func (o *onward) Start(context.Context) error { return nil }
func (o *onward) Stop(context.Context) error  { return nil }
func (o *onward) Fetch(_ context.Context, max int) ([]ergon.Transaction[string], error) {
	n := min(max, len(o.left))
	txs := o.left[:n]
	if o.left = o.left[n:]; len(o.left) == 0 {
		return txs, io.EOF
	}
	return txs, nil
}

// A test that cannot fail says nothing: for each trial there is something broken
// that it finds.
func TestEveryTrialFindsABug(t *testing.T) {
	is := is.New(t)
	var found []string
	for _, p := range slices.Concat(depotBugs(), logBugs()) {
		found = append(found, p.by...)
	}
	for _, tt := range falseTraits() {
		found = append(found, tt.by)
	}
	names := map[string]bool{}
	for _, trial := range slices.Concat(conformTrialsOfSource[string](), conformTrialsOfSink[string](), conformTrialsOfConnector[string]()) {
		is.True(!names[trial.name]) // each has a name of its own
		names[trial.name] = true
		is.True(strings.HasSuffix(trial.promise, ".")) // and says what is promised
		if !slices.Contains(found, trial.name) {
			t.Errorf("no bug is there for %q to find", trial.name)
		}
	}
	is.True(len(names) >= 45)
}
