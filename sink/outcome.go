package sink

import (
	"fmt"

	"github.com/ergon-go/ergon"
)

// outcome is what a file sink knows of a run: whether anything was stored, and
// what was handed over and could not be, by id. What it rejected as a fault of
// the data is not missing: the pipeline has set it aside.
type outcome struct {
	stored  bool
	missing map[string]struct{}
}

// note adds what one Dispatch came to.
func note[T any](o *outcome, txs []ergon.Transaction[T], err error) {
	errs := ergon.ItemErrorsOf(err, len(txs))
	for i, tx := range txs {
		if errs == nil || errs[i] == nil {
			o.stored = true
			delete(o.missing, tx.ID())
			continue
		}
		if s, _ := ergon.SteeringOf(errs[i]); s != ergon.SteerBusiness {
			o.miss(tx.ID())
		}
	}
}

func (o *outcome) miss(id string) {
	if o.missing == nil {
		o.missing = map[string]struct{}{}
	}
	o.missing[id] = struct{}{}
}

// complaint returns why a whole file must not appear, nil where it may.
func (o outcome) complaint(path string) error {
	if len(o.missing) == 0 {
		return nil
	}
	return located("write", path, fmt.Errorf("%w: %d", ErrIncomplete, len(o.missing)))
}
