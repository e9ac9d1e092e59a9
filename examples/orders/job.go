package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
)

// job is one run: it queues an export, works off the queue, and says what came
// of it.
type job struct {
	surroundings
	flags
	scratch string // a folder that is removed afterwards

	observation        *observation // nil: nothing observes
	trouble            trouble
	timeouts           timeouts
	produced, consumed ergon.Ledger
}

// do does the job. An interruption that leaves something undone is an error.
func (j *job) do(ctx context.Context) (err error) {
	began := time.Now()
	path := j.db
	if path == "" {
		path = filepath.Join(j.scratch, "orders.db")
	}
	s, err := openShop(ctx, path, j.flags)
	if err != nil {
		return atOpening(ctx, fmt.Errorf("database: %w", err))
	}
	defer func() { err = errors.Join(err, s.db.Close()) }()
	if j.observation, err = j.observe(ctx); err != nil {
		return err
	}
	err = errors.Join(j.work(ctx, s), j.observation.end(ctx))
	if _, misuse := errors.AsType[misuseError](err); misuse {
		return err
	}
	return errors.Join(err, j.report(ctx, s, began))
}

// atOpening is what an error means that comes before anything was done: the
// fault of whoever named the file, unless the job was told to stop.
func atOpening(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return stopped(ctx, err)
	}
	return misuseError{err}
}

// work queues the export, if there is one, and works off the queue. It leaves
// early, without an error, when ctx ends.
func (j *job) work(ctx context.Context, s *shop) error {
	e, given, err := j.export(ctx, s)
	if err != nil {
		return err
	}
	if given {
		if err := j.produce(ctx, s, e); err != nil || ctx.Err() != nil {
			return err
		}
	}
	return j.consume(ctx, s)
}

// produce queues an export.
func (j *job) produce(ctx context.Context, s *shop, e export) error {
	if err := s.begun(ctx, e); err != nil {
		return stopped(ctx, err)
	}
	phase, end := progressOn(j.err, j.quiet || j.observation.draws()).begin("produce", e.lines)
	opts := []pipeline.Option{pipeline.Named("produce"), pipeline.Observe(counting{phase})}
	p := produce(e.from, s.queue, j.observation.of(opts)...)
	j.observation.show(p)
	err := p.Run(ctx)
	end()
	j.produced = p.Ledger()
	if err != nil || ctx.Err() != nil {
		return err
	}
	return stopped(ctx, s.queued(ctx, e))
}

// consume works off the queue, with a directory that it starts for that.
func (j *job) consume(ctx context.Context, s *shop) (err error) {
	total, err := s.queue.Count(ctx)
	if err != nil {
		return stopped(ctx, err)
	}
	server, err := serveDirectory(ctx, temper{j.seed})
	if err != nil {
		return stopped(ctx, err)
	}
	defer func() { err = errors.Join(err, server.close()) }()
	customers := newDirectory(server.base, callers)
	defer customers.close()
	phase, end := progressOn(j.err, j.quiet || j.observation.draws()).begin("consume", total)
	opts := []pipeline.Option{pipeline.Named("consume"), pipeline.With(policy()), pipeline.Observe(counting{phase}), pipeline.Observe(&j.timeouts)}
	for _, observer := range j.watch {
		opts = append(opts, pipeline.Observe(observer))
	}
	p := consume(s.queue, work{customers.enrich, j.trouble.report, s.rejected, s.invoices}, j.observation.of(opts)...)
	j.observation.show(p)
	err = p.Run(ctx)
	end()
	j.consumed = p.Ledger()
	return err
}

// stopped is the error, or why the job was told to stop where it has been: then
// the error only says so.
func stopped(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
