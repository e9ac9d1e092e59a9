package sqlite

import (
	"context"
	"errors"
	"reflect"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/ergon-go/ergon"
)

var (
	_ ergon.Connector[int] = (*QueueConnector[int])(nil)
	_ ergon.Settler[int]   = (*QueueConnector[int])(nil)
	_ ergon.Extender[int]  = (*QueueConnector[int])(nil)
	_ ergon.Finder[int]    = (*QueueConnector[int])(nil)
	_ ergon.Counter        = (*QueueConnector[int])(nil)
	_ ergon.Accepter       = (*QueueConnector[int])(nil)
	_ ergon.HealthChecker  = (*QueueConnector[int])(nil)
	_ ergon.Addressed      = (*QueueConnector[int])(nil)
)

// QueueConnector is a durable queue in a DB: transactions are enqueued by
// Dispatch, leased by Fetch and settled by Settle, all four verdicts. Any number
// of queues, of any names, fit one file, and any number of consumers, in this
// process and in others on the same machine, one queue. Safe for concurrent use.
//
// It needs no start: opening and closing the DB is up to whoever opened it.
// Settings that are wrong are returned by Validate, and by every other method as
// a Fatal error, which ends a pipeline, as does ErrClosed.
type QueueConnector[T any] struct {
	db               *DB
	name             string
	codec            Codec[T]
	lease, retention time.Duration
	fault            error
	idle             atomic.Bool // the last Fetch found nothing
}

// Queue is the queue of that name in db. It comes into being with the first
// transaction in it. The name is a letter or _, then at most 62 letters, digits
// or _.
func Queue[T any](db *DB, name string, codec Codec[T], opts ...QueueOption) *QueueConnector[T] {
	where := "sqlite.Queue(" + shown(name) + ")"
	s := &queueSettings{lease: time.Minute, retention: 7 * 24 * time.Hour, where: where}
	if db == nil {
		s.faults = append(s.faults, fault(where, "db", "", "is nil"))
	}
	if !grammar.MatchString(name) {
		s.faults = append(s.faults, fault(where, "name", shown(name), nameRule))
	}
	if missing(codec) {
		s.faults = append(s.faults, fault(where, "codec", "", "is nil"))
	}
	for i, opt := range opts {
		if opt == nil {
			s.faults = append(s.faults, fault(where, "option "+strconv.Itoa(i+1), "", "is nil"))
			continue
		}
		opt(s)
	}
	return &QueueConnector[T]{
		db: db, name: name, codec: codec,
		lease: s.lease, retention: s.retention, fault: errors.Join(s.faults...),
	}
}

// missing reports whether there is nothing behind an interface: nil, or a nil
// pointer, map or function in it.
func missing(value any) bool {
	v := reflect.ValueOf(value)
	switch v.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Pointer, reflect.Map, reflect.Func, reflect.Slice, reflect.Chan:
		return v.IsNil()
	}
	return false
}

// Validate returns everything that is wrong with the settings, as ConfigErrors.
func (q *QueueConnector[T]) Validate() error {
	if q == nil || q.db == nil && q.fault == nil {
		return fault("sqlite.Queue", "", "", "was not made by Queue")
	}
	return q.fault
}

// Health returns nil where the queue can be written to now.
func (q *QueueConnector[T]) Health(ctx context.Context) error {
	if err := q.usable(ctx); err != nil {
		return err
	}
	return steered(q.db.Health(ctx))
}

// Destination returns the name of the queue, for telemetry.
func (q *QueueConnector[T]) Destination() ergon.Destination {
	return ergon.Destination{System: "sqlite", Name: q.name}
}

// Accepts returns all four verdicts.
func (q *QueueConnector[T]) Accepts() ergon.Verdicts {
	return ergon.VerdictSet(ergon.Acked, ergon.DeadLettered, ergon.Released, ergon.Returned)
}

func (q *QueueConnector[T]) usable(ctx context.Context) error {
	if err := errors.Join(given(ctx), q.Validate()); err != nil {
		return steered(err)
	}
	if !q.db.opened() {
		return steered(ErrClosed)
	}
	return nil
}

// now is the time in which leases and delays are kept, the same for all processes
// of a machine: Unix nanoseconds of the wall clock.
func (q *QueueConnector[T]) now() int64 { return q.db.now().UnixNano() }

// after is a time from now, at most the last there is.
func after(now int64, d time.Duration) int64 {
	if sum := now + int64(max(d, 0)); sum >= now {
		return sum
	}
	return int64(^uint64(0) >> 1)
}
