package ergonotel

import (
	"context"
	"log/slog"
	"time"

	"github.com/ergon-go/ergon"
)

// Logs returns an observer that logs what is worth reading of a pipeline, and tells
// Handler where user code is. The records go through a Handler of their own, unless the
// logger has one already.
//
//	Info   a run begins and ends, with its account; it stops; what a stop releases
//	Warn   a transaction that failed, with its verdict; a wait before another attempt;
//	       a Fetch, Dispatch, OnError, OnSuccess or Extend that failed; a run that ends
//	       with something unsettled
//	Error  a run or a Settle that failed; a connector that broke its contract
//	Debug  each transaction that ended well, each attempt that failed
//
// Of what repeats (of one pipeline, stage, kind, level, category and verdict) one is
// written, and no other for ten seconds, or as Every says: the next then has their
// count as "repeated", or the end of the run does. What a transaction ended with is
// repeated too. The observer may be shared by many pipelines. It panics if the logger
// is nil.
func Logs(logger *slog.Logger, options ...LogOption) ergon.Observer {
	if logger == nil {
		panic("ergonotel: Logs: the logger is nil")
	}
	if _, ours := logger.Handler().(*handler); !ours {
		logger = slog.New(Handler(logger.Handler()))
	}
	l := &logs{logger: logger, limit: limit{every: 10 * time.Second}}
	for _, set := range options {
		set(l)
	}
	return l
}

// LogOption tunes Logs.
type LogOption func(*logs)

// Every writes one of the warnings that repeat in so much time; 0 writes them all.
func Every(d time.Duration) LogOption { return func(l *logs) { l.limit.every = d } }

type logs struct {
	logger *slog.Logger
	limit  limit
}

func (l *logs) Begin(ctx context.Context, e *ergon.Event) context.Context {
	switch e.Kind {
	case ergon.KindRun:
		ctx = context.WithValue(ctx, whereKey{}, &where{pipeline: e.Pipeline})
		l.logger.InfoContext(ctx, "run begins")
	case ergon.KindTransaction, ergon.KindAttempt, ergon.KindDispatch, ergon.KindHandler, ergon.KindSuccess:
		ctx = context.WithValue(ctx, whereKey{}, whereOf(ctx, e))
	case ergon.KindWait:
		l.warn(ctx, e, slog.LevelWarn, "waits before another attempt", slog.Duration("wait", e.Wait))
	case ergon.KindDrain:
		l.logger.LogAttrs(ctx, slog.LevelInfo, "stops", withError([]slog.Attr{slog.Int("in_flight", e.N)}, e.Err)...)
	case ergon.KindViolation:
		l.warn(ctx, e, slog.LevelError, "contract broken")
	}
	return ctx
}

// whereOf returns where an event is. An attempt of one item is inside its transaction.
func whereOf(ctx context.Context, e *ergon.Event) *where {
	w := &where{pipeline: e.Pipeline, stage: e.Stage, id: e.ID, attempt: e.Attempt}
	if outer, some := ctx.Value(whereKey{}).(*where); some && w.id == "" && e.N <= 1 {
		w.id = outer.id
	}
	return w
}

func (l *logs) End(ctx context.Context, e *ergon.Event) {
	switch e.Kind {
	case ergon.KindRun:
		l.ended(ctx, e)
	case ergon.KindTransaction:
		l.transaction(ctx, e)
	case ergon.KindDrain:
		level := slog.LevelInfo
		if e.Err != nil {
			level = slog.LevelWarn
		}
		l.logger.LogAttrs(ctx, level, "stopped", withError([]slog.Attr{slog.Int("released", e.N)}, e.Err)...)
	case ergon.KindWait, ergon.KindViolation:
	case ergon.KindAttempt:
		if failed(e) && l.logger.Enabled(ctx, slog.LevelDebug) {
			l.logger.LogAttrs(ctx, slog.LevelDebug, "attempt failed", withError(nil, e.Err)...)
		}
	default:
		if !failed(e) {
			return
		}
		level := slog.LevelWarn
		if e.Kind == ergon.KindSettle {
			level = slog.LevelError
		}
		l.warn(ctx, e, level, e.Kind.String()+" failed", slog.Int("n", e.N))
	}
}

func (l *logs) transaction(ctx context.Context, e *ergon.Event) {
	switch {
	case e.Verdict == ergon.Acked && e.Err == nil:
		if l.logger.Enabled(ctx, slog.LevelDebug) {
			l.logger.LogAttrs(ctx, slog.LevelDebug, "transaction done")
		}
	case e.Verdict == ergon.Released:
		l.warn(ctx, e, slog.LevelInfo, "transaction released")
	default:
		l.warn(ctx, e, slog.LevelWarn, "transaction failed", slog.String("verdict", e.Verdict.String()))
	}
}

// ended tells of the end of a run, after what was held back of it.
func (l *logs) ended(ctx context.Context, e *ergon.Event) {
	for _, r := range l.limit.rest(e.Pipeline) {
		l.logger.LogAttrs(ctx, r.level, r.message, append(r.attrs, slog.Int("repeated", r.held))...)
	}
	var all []slog.Attr
	left := false
	if e.Snapshot != nil {
		s := e.Snapshot()
		all = append(all, slog.Duration("took", time.Since(s.Began)))
		for _, row := range rowsOf(s.Ledger) {
			if row.n > 0 || row.outcome == "succeeded" {
				all = append(all, slog.Int64(row.outcome, row.n))
			}
		}
		all = append(all, slog.Int64("retries", s.Ledger.Retries))
		left = s.Ledger.Unsettled > 0
	}
	level, message := slog.LevelInfo, "run ended"
	switch {
	case e.Err != nil:
		level, message = slog.LevelError, "run failed"
	case left:
		level = slog.LevelWarn
	}
	l.logger.LogAttrs(ctx, level, message, withError(all, e.Err)...)
}

// warn logs what may be one of many.
func (l *logs) warn(ctx context.Context, e *ergon.Event, level slog.Level, message string, attrs ...slog.Attr) {
	if !l.logger.Enabled(ctx, level) {
		return
	}
	if e.Stage != "" && (e.Kind == ergon.KindWait || e.Kind == ergon.KindViolation) {
		attrs = append(attrs, slog.String("stage", e.Stage))
	}
	attrs = withError(attrs, e.Err)
	held, ok := l.limit.admit(kept{e.Pipeline, e.Stage, categoryOf(e.Err), e.Kind, level, e.Verdict}, repeated{level: level, message: message, attrs: attrs})
	if !ok {
		return
	}
	if held > 0 {
		attrs = append(attrs, slog.Int("repeated", held))
	}
	l.logger.LogAttrs(ctx, level, message, attrs...)
}

func withError(attrs []slog.Attr, err error) []slog.Attr {
	if err == nil {
		return attrs
	}
	return append(attrs, slog.String("category", categoryOf(err)), slog.Any("error", err))
}

func categoryOf(err error) string {
	if err == nil {
		return ""
	}
	return ergon.CategoryOf(err).String()
}
