package sink

import (
	"context"
	"runtime/debug"

	"github.com/ergon-go/ergon"
)

// eachOf calls do for each index below n, one after the other, and returns what
// became of each, nil where all are done. A panic is the error of its item, so
// that the items before it count. Once ctx has ended none is begun.
func eachOf(ctx context.Context, n int, do func(i int) error) ergon.ItemErrors {
	var failed ergon.ItemErrors
	for i := range n {
		err := context.Cause(ctx)
		if err == nil {
			err = guarded(func() error { return do(i) })
		}
		failed = noted(failed, i, n, err)
	}
	return failed
}

// noted returns errs with the error of one item of n. It stays nil as long as
// there is none.
func noted(errs ergon.ItemErrors, i, n int, err error) ergon.ItemErrors {
	if err == nil {
		return errs
	}
	if errs == nil {
		errs = make(ergon.ItemErrors, n)
	}
	errs[i] = err
	return errs
}

// report returns errs as an error: an ItemErrors that is nil would not be one.
func report(errs ergon.ItemErrors) error {
	if errs == nil {
		return nil
	}
	return errs
}

// guarded returns what do returns, or its panic.
func guarded(do func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &ergon.PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return do()
}
