package stage

import "context"

// Func is what a stage calls for each transaction. Any function or method of
// this form is one; the name is only needed to chain two with Then.
type Func[In, Out any] func(ctx context.Context, in In) (Out, error)

// Then returns a function that calls f and then next with what f returned. Both
// are one stage: one pool, one attempt, one retry.
func (f Func[In, Out]) Then[Next any](next Func[Out, Next]) Func[In, Next] {
	return func(ctx context.Context, in In) (Next, error) {
		out, err := f(ctx, in)
		if err != nil {
			var none Next
			return none, err
		}
		return next(ctx, out)
	}
}
