package plain

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Job is one run: it queues an export and works the queue off.
type Job struct {
	In    string        // the export
	DB    string        // the database, made where there is none
	Seed  uint64        // decides which faults the directory has
	Lease time.Duration // for how long lines stay with a process that died
}

// callers is how many lines ask the directory at once.
const callers = 32

// Do does the job. When ctx ends it leaves early, with what was begun done, and
// the database can be gone on with.
func (j Job) Do(ctx context.Context) (f Figures, err error) {
	s, err := openStore(ctx, j.DB)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if err := j.produce(ctx, s); err != nil {
		return f, err
	}
	if ctx.Err() == nil {
		if err := j.consume(ctx, s); err != nil {
			return f, err
		}
	}
	return s.figures(context.WithoutCancel(ctx))
}

// produce queues the export.
func (j Job) produce(ctx context.Context, s *store) error {
	e, err := openExport(j.In)
	if err != nil {
		return fmt.Errorf("plain: export: %w", err)
	}
	for batch := range e.batches(enqueued) {
		if ctx.Err() != nil {
			return nil
		}
		if err := s.enqueue(ctx, batch); err != nil {
			return fmt.Errorf("plain: enqueue: %w", err)
		}
	}
	return e.err
}

// consume works the queue off, with a directory that it starts for that.
func (j Job) consume(ctx context.Context, s *store) (err error) {
	server, err := serveDirectory(ctx, temper{j.Seed})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.close()) }()
	d := newDirectory(server.base)
	defer d.close()
	return newConsumer(s, d, j.Lease).run(ctx)
}
