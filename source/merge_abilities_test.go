package source_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/source"
)

// fetchBoth returns what two queues of a Merge hold.
func fetchBoth(t *testing.T, s ergon.Source[string], n int) map[string]ergon.Transaction[string] {
	t.Helper()
	got := map[string]ergon.Transaction[string]{}
	for len(got) < n {
		txs, err := s.Fetch(t.Context(), 100)
		if err != nil && !eof(err) {
			t.Fatal(err)
		}
		for _, tx := range txs {
			got[tx.ID()] = tx
		}
	}
	return got
}

func TestMergeSettlesWithTheSourceItCameFrom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		a, b := newQueue("a1", "a2"), newQueue("b1", "b2")
		b.refuse = func(id string) error {
			return map[string]error{"b1": errBroken}[id]
		}
		s := source.Merge[string](a, b, source.Transactions(ergon.NewTransaction("c1", "c1")))
		txs := fetchBoth(t, s, 5)
		err := s.(ergon.Settler[string]).Settle(t.Context(), []ergon.Settlement[string]{
			settlement(txs["b2"], ergon.Returned), settlement(txs["a1"], ergon.Acked),
			settlement(txs["c1"], ergon.Acked), settlement(txs["b1"], ergon.DeadLettered),
			settlement(txs["a2"], ergon.Released), settlement(ergon.NewTransaction("x", "x"), ergon.Acked),
		})
		errs, ok := err.(ergon.ItemErrors)
		is.True(ok)
		is.Equal(len(errs), 6)
		for i, err := range errs {
			is.Equal(err != nil, i == 3) // only b1 was refused
		}
		is.True(errors.Is(errs[3], errBroken))
		is.Equal(a.verdicts, []string{"a1 acked", "a2 released"})
		is.Equal(b.verdicts, []string{"b2 returned"})
		b.refuse = nil
		is.NoErr(s.(ergon.Settler[string]).Settle(t.Context(), []ergon.Settlement[string]{settlement(txs["b1"], ergon.Acked)}))
		stop(t, s)
	})
}

func TestMergeIgnoresReceiptsOfAnotherMerge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		a, b := newQueue("a1"), newQueue("b1")
		one, two := source.Merge[string](a), source.Merge[string](b)
		txs := fetchBoth(t, one, 1)
		is.NoErr(two.(ergon.Settler[string]).Settle(t.Context(), []ergon.Settlement[string]{settlement(txs["a1"], ergon.Acked)}))
		is.Equal(len(a.verdicts)+len(b.verdicts), 0)
		stop(t, one)
		stop(t, two)
	})
}

func TestMergeExtendsWithTheSourceItCameFromAndWhatNobodyFetchedYet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		a, b := newQueue("a1"), newQueue("b1")
		a.lease = time.Hour
		s := source.Merge[string](a, b)
		first, err := s.Fetch(t.Context(), 1)
		is.NoErr(err)
		synctest.Wait() // the other one is held
		e := s.(ergon.Extender[string])
		is.Equal(e.Lease(), time.Minute)
		is.NoErr(e.Extend(t.Context(), first))
		is.Equal(len(a.extended)+len(b.extended), 1) // is asked only for sources with something in flight
		second, err := s.Fetch(t.Context(), 1)
		is.NoErr(err)
		both := append(first, second...)
		lost := both[1].ID()
		a.refuse = func(id string) error { return map[string]error{lost: ergon.ErrLeaseLost}[id] }
		b.refuse = a.refuse
		errs, ok := e.Extend(t.Context(), both).(ergon.ItemErrors)
		is.True(ok)
		is.NoErr(errs[0])
		is.True(errors.Is(errs[1], ergon.ErrLeaseLost))
		stop(t, s)
	})
}

// gated is a queue that hands nothing out before its gate is open.
type gated struct {
	*queue
	open chan struct{}
}

func (g gated) Fetch(ctx context.Context, n int) ([]ergon.Transaction[string], error) {
	select {
	case <-g.open:
		return g.queue.Fetch(ctx, n)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func TestMergeExtendsWhatIsHeldBesideWhatIsInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		late := gated{newQueue("b1", "b2"), make(chan struct{})}
		late.refuse = func(id string) error { return map[string]error{"b2": ergon.ErrLeaseLost}[id] }
		s := source.Merge[string](newQueue("a1", "a2"), late)
		txs, err := s.Fetch(t.Context(), 4) // asks each for two
		is.NoErr(err)
		is.Equal(ids(txs), []string{"a1", "a2"})
		close(late.open)
		synctest.Wait()
		txs, err = s.Fetch(t.Context(), 1)
		is.NoErr(err)
		is.Equal(ids(txs), []string{"b1"})
		is.NoErr(s.(ergon.Extender[string]).Extend(t.Context(), txs)) // says nothing of what was not asked about
		is.Equal(late.extended, []string{"b1", "b2"})
		late.refuse = func(string) error { return errBroken }
		err = s.(ergon.Stopper).Stop(t.Context()) // cannot release b2
		is.True(errors.Is(err, errBroken))
		is.Equal(err.Error(), "source: merge: source 2: ergon: 1 of 1 failed, the first: broken")
	})
}

func TestMergeCanDoWhatItsSourcesCan(t *testing.T) {
	acked, returned := ergon.VerdictSet(ergon.Acked), ergon.VerdictSet(ergon.Acked, ergon.Released, ergon.Returned)
	strict := newQueue()
	strict.accepts = acked
	settlerOnly := struct {
		ergon.Source[string]
		ergon.Settler[string]
	}{source.Chan(make(chan string)), newQueue()}
	extenderToo := struct {
		ergon.Source[string]
		ergon.Settler[string]
		ergon.Extender[string]
	}{source.Chan(make(chan string)), newQueue(), newQueue()}
	slice, channel := source.Slice([]string{"a"}), source.Chan(make(chan string))
	tests := []struct {
		name                     string
		sources                  []ergon.Source[string]
		settles, counts, extends bool
		accepts                  ergon.Verdicts
	}{
		{"none", []ergon.Source[string]{channel}, false, false, false, 0},
		{"counter", []ergon.Source[string]{channel, slice}, false, true, false, 0},
		{"settler", []ergon.Source[string]{settlerOnly, channel}, true, false, false, ergon.VerdictSet(ergon.Acked, ergon.Released)},
		{"settler and counter", []ergon.Source[string]{settlerOnly, newQueue(), slice}, true, true, true, ergon.VerdictSet(ergon.Acked, ergon.Released)},
		{"settler that says nothing", []ergon.Source[string]{settlerOnly, newQueue()}, true, true, true, returned},
		{"settler and extender", []ergon.Source[string]{extenderToo}, true, false, true, returned},
		{"settler, counter", []ergon.Source[string]{settlerOnly, slice}, true, true, false, ergon.VerdictSet(ergon.Acked, ergon.Released)},
		{"all", []ergon.Source[string]{newQueue(), newQueue()}, true, true, true, ergon.VerdictSet(0, 1, 2, 3)},
		{"all, one of them strict", []ergon.Source[string]{newQueue(), strict}, true, true, true, acked},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			s := source.Merge(tt.sources...)
			_, settles := s.(ergon.Settler[string])
			_, counts := s.(ergon.Counter)
			_, extends := s.(ergon.Extender[string])
			is.Equal([]bool{settles, counts, extends}, []bool{tt.settles, tt.counts, tt.extends})
			if accepter, ok := s.(ergon.Accepter); ok {
				is.Equal(accepter.Accepts(), tt.accepts)
			} else {
				is.True(!tt.settles)
			}
			is.NoErr(s.(interface{ Validate() error }).Validate())
			is.NoErr(s.(ergon.HealthChecker).Health(t.Context()))
		})
	}
}

func TestCountOfMergeSaysWhichSourceCannotCount(t *testing.T) {
	is := is.New(t)
	_, err := source.Merge[source.Line](source.Lines("no-such-file")).(ergon.Counter).Count(t.Context())
	is.True(strings.HasPrefix(err.Error(), "source: merge: source 1: source: open no-such-file: "))
}

func TestMergeFaultsOfArguments(t *testing.T) {
	slice := source.Slice([]string{"a"})
	var none *source.Items[string]
	tests := []struct {
		name    string
		sources []ergon.Source[string]
		want    []string
	}{
		{"none", nil, []string{"source.Merge: sources: are none"}},
		{"nil", []ergon.Source[string]{nil, none, slice}, []string{"source.Merge: source 1: is nil", "source.Merge: source 2: is nil"}},
		{"the same twice", []ergon.Source[string]{slice, newQueue(), slice}, []string{"source.Merge: source 3: is source 1 again"}},
		{"two of one name", []ergon.Source[string]{source.Slice([]string{"a"}), source.Merge[string](source.Slice([]string{"b"}))},
			[]string{`source.Merge: source 2 = "slice": is the name of source 1 too`}},
		{"functions, which cannot be compared", []ergon.Source[string]{
			source.FetchFunc[string](tenacious), source.FetchFunc[string](tenacious),
		}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.want != nil {
				checkFaults(t, source.Merge(tt.sources...), tt.want...)
			}
			s := source.Merge(tt.sources...)
			is.New(t).Equal(s.(interface{ Validate() error }).Validate() != nil, tt.want != nil)
			stop(t, s)
		})
	}
	broken := source.Merge[string](source.Chan[string](nil))
	is := is.New(t)
	is.Equal(faultsOf(broken.(interface{ Validate() error }).Validate()), []string{"source.Chan: channel: is nil"})
	is.True(errors.Is(broken.(ergon.Starter).Start(t.Context()), ergon.ErrConfig))
}

// wants is a source that wants so many in flight.
type wants struct {
	*source.Channel[string]
	n int
}

func (w wants) Prefetch() int { return w.n }

func TestMergePrefetchesForTheOneThatWantsLeast(t *testing.T) {
	ch := source.Chan(make(chan string))
	tests := []struct {
		name    string
		sources []ergon.Source[string]
		want    int
	}{
		{"none says", []ergon.Source[string]{ch}, 0},
		{"several say", []ergon.Source[string]{wants{ch, 9}, newQueue(), wants{ch, 4}, wants{ch, 7}}, 4},
		{"one does not care", []ergon.Source[string]{wants{ch, 0}, wants{ch, 7}}, 7},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is.New(t).Equal(source.Merge(tt.sources...).(ergon.Prefetcher).Prefetch(), tt.want)
		})
	}
}

func TestMergeHasLostTheLeaseOfWhatItNeverGave(t *testing.T) {
	is := is.New(t)
	s := source.Merge[string](newQueue("a1"), newQueue("b1"))
	txs, err := s.Fetch(t.Context(), 1)
	is.NoErr(err)
	err = s.(ergon.Extender[string]).Extend(t.Context(), append(txs, ergon.NewTransaction("x", "x").WithReceipt("receipt x")))
	is.Equal(err, ergon.ItemErrors{nil, ergon.ErrLeaseLost})
	stop(t, s)
}

func TestTheLeaseOfMergeIsThatOfThoseWhoHaveOne(t *testing.T) {
	is := is.New(t)
	none := newQueue()
	none.lease = 0
	is.Equal(source.Merge[string](none, newQueue()).(ergon.Extender[string]).Lease(), time.Minute)
	is.Equal(source.Merge[string](newQueue(), none).(ergon.Extender[string]).Lease(), time.Minute)
	is.Equal(source.Merge[string](none).(ergon.Extender[string]).Lease(), time.Duration(0))
}
