package sink

import (
	"context"
	"io/fs"

	"github.com/ergon-go/ergon"
)

// Dispatch stores the transactions. What cannot be encoded fails by itself with
// a Business error; the others are written together, all or none.
func (f *File[T]) Dispatch(ctx context.Context, txs []ergon.Transaction[T]) error {
	if err := f.Validate(); err != nil {
		return ergon.Fatal(err)
	}
	err := f.store(ctx, txs)
	if f.whole {
		f.lock.Lock()
		defer f.lock.Unlock()
		note(&f.outcome, txs, err)
	}
	return err
}

func (f *File[T]) store(ctx context.Context, txs []ergon.Transaction[T]) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	now, err := f.headed()
	if err != nil {
		return err
	}
	b := f.kind.encodeAll(txs, now)
	if len(b.text) == 0 {
		return report(b.errs)
	}
	if err := f.write(b); err != nil {
		return b.failed(len(txs), err)
	}
	return report(b.errs)
}

// headed opens the file where it is not open, and returns how it is headed.
func (f *File[T]) headed() (heading, error) {
	f.lock.Lock()
	defer f.lock.Unlock()
	if err := f.open(); err != nil {
		return heading{}, err
	}
	return f.out.heading, nil
}

// write holds the lock while it writes: records of two batches must not mix.
func (f *File[T]) write(b batch) error {
	f.lock.Lock()
	defer f.lock.Unlock()
	if f.out == nil {
		return located("append", f.path, fs.ErrClosed)
	}
	return f.out.add(b)
}
