package tracker

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"
	"github.com/sourcegraph/conc"
)

var errStore = errors.New("the log is away")

// told is a log that keeps what it was told.
type told struct {
	next []int64
	err  error
	wait time.Duration
}

func (l *told) store(ctx context.Context, next int64) error {
	select {
	case <-time.After(l.wait):
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if l.err == nil {
		l.next = append(l.next, next)
	}
	return l.err
}

// read returns a Tracker of the offsets 0 to n-1, and their marks.
func read(t *testing.T, n int) (*Tracker, []Mark) {
	t.Helper()
	k := New(0, n)
	var marks []Mark
	for i := range n {
		mark, err := k.Add(int64(i))
		is.New(t).NoErr(err)
		marks = append(marks, mark)
	}
	return k, marks
}

func TestCommitTellsWhatIsNews(t *testing.T) {
	is := is.New(t)
	k, marks := read(t, 3)
	var log told
	is.NoErr(k.Commit(t.Context(), log.store)) // nothing is done
	marks[1].Done()
	is.NoErr(k.Commit(t.Context(), log.store)) // the first is not
	marks[0].Done()
	is.NoErr(k.Commit(t.Context(), log.store))
	is.NoErr(k.Commit(t.Context(), log.store)) // the log knows
	is.Equal(log.next, []int64{2})
}

func TestWhatTheLogDidNotStoreIsToldAgain(t *testing.T) {
	is := is.New(t)
	k, marks := read(t, 1)
	marks[0].Done()
	log := told{err: errStore}
	is.True(errors.Is(k.Commit(t.Context(), log.store), errStore))
	log.err = nil
	is.NoErr(k.Commit(t.Context(), log.store))
	is.Equal(log.next, []int64{1})
}

func TestAfterRevokeNothingCounts(t *testing.T) {
	is := is.New(t)
	k, marks := read(t, 3)
	marks[0].Done()
	var log told
	is.NoErr(k.Revoke(t.Context(), log.store))
	is.True(!marks[1].Done()) // late
	is.NoErr(k.Commit(t.Context(), log.store))
	is.NoErr(k.Revoke(t.Context(), log.store)) // again
	is.Equal(log.next, []int64{1})
	is.Equal(k.Low(), int64(1))
	is.Equal(k.Room(), 0)
}

func TestALostPartitionIsNotCommitted(t *testing.T) {
	is := is.New(t)
	k, marks := read(t, 1)
	marks[0].Done()
	is.NoErr(k.Revoke(t.Context(), nil))
	var log told
	is.NoErr(k.Revoke(t.Context(), log.store))
	is.NoErr(k.Commit(t.Context(), log.store))
	is.Equal(len(log.next), 0)
}

func TestAMarkOfAnOldAssignmentLeavesTheNewOneAlone(t *testing.T) {
	is := is.New(t)
	old, before := read(t, 2)
	is.NoErr(old.Revoke(t.Context(), nil))
	again, _ := read(t, 2)
	for _, mark := range before {
		is.True(!mark.Done())
	}
	is.Equal(again.Low(), int64(0))
}

func TestRevokeWaitsForACommitThatIsAtIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		k, marks := read(t, 2)
		marks[0].Done()
		log := told{wait: time.Minute}
		var scope conc.WaitGroup
		scope.Go(func() { is.NoErr(k.Commit(t.Context(), log.store)) })
		synctest.Wait()
		marks[1].Done() // nothing waits for the log
		is.NoErr(k.Revoke(t.Context(), log.store))
		is.Equal(log.next, []int64{1, 2})
		scope.Wait()
	})
}

func TestWaitingForTheLogEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		k, marks := read(t, 3)
		marks[0].Done()
		log := told{wait: time.Minute}
		var scope conc.WaitGroup
		scope.Go(func() { is.NoErr(k.Commit(t.Context(), log.store)) })
		synctest.Wait()
		marks[1].Done()
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, errStore)
		defer cancel()
		is.True(errors.Is(k.Commit(ctx, log.store), errStore))
		is.True(errors.Is(k.Revoke(ctx, log.store), errStore))
		is.True(!marks[2].Done()) // it is revoked all the same
		scope.Wait()
		is.NoErr(k.Commit(t.Context(), log.store)) // tells nothing new
		is.Equal(log.next, []int64{1})
		is.NoErr(k.Revoke(t.Context(), log.store)) // has its turn now
		is.Equal(log.next, []int64{1, 2})
	})
}

func TestAPanicOfTheLogLeavesTheTurnToOthers(t *testing.T) {
	is := is.New(t)
	k, marks := read(t, 1)
	marks[0].Done()
	func() {
		defer func() { is.True(recover() != nil) }()
		_ = k.Commit(t.Context(), func(context.Context, int64) error { panic("log") })
	}()
	var log told
	is.NoErr(k.Revoke(t.Context(), log.store))
	is.Equal(log.next, []int64{1})
}

// Workers, a committer and a revocation at once: what the log is told never falls,
// never passes what is not done, and ends with the assignment.
func TestTheLogIsNeverToldTooMuch(t *testing.T) {
	for seed := range uint64(100) {
		synctest.Test(t, func(t *testing.T) { race(t, seed) })
	}
}

func race(t *testing.T, seed uint64) {
	const n, workers = 300, 4
	random := rand.New(rand.NewPCG(seed, 0))
	k, marks := read(t, n)
	order := random.Perm(n)
	done := make([]chan struct{}, n) // closed before Done is said
	for i := range done {
		done[i] = make(chan struct{})
	}
	var last int64
	over := false
	store := func(_ context.Context, next int64) error {
		if over || next <= last {
			t.Errorf("seed %d: told %d after %d, over: %v", seed, next, last, over)
		}
		for _, c := range done[last:next] {
			select {
			case <-c:
			default:
				t.Errorf("seed %d: told %d, and something before it is not done", seed, next)
			}
		}
		time.Sleep(3 * time.Millisecond)
		last = next
		return nil
	}
	var scope conc.WaitGroup
	for part := range slices.Chunk(order, n/workers) {
		scope.Go(func() {
			for _, i := range part {
				time.Sleep(time.Millisecond)
				close(done[i])
				marks[i].Done()
			}
		})
	}
	for range 2 {
		scope.Go(func() {
			for range 30 {
				time.Sleep(4 * time.Millisecond)
				_ = k.Commit(t.Context(), store)
			}
		})
	}
	time.Sleep(time.Duration(random.IntN(100)) * time.Millisecond)
	if err := k.Revoke(t.Context(), store); err != nil {
		t.Error(err)
	}
	over = true
	if last != k.Low() {
		t.Errorf("seed %d: told %d, and %d is the low mark", seed, last, k.Low())
	}
	scope.Wait()
}
