package stage

import (
	"cmp"
	"time"

	"github.com/ergon-go/ergon/retry"
)

// Policy is what can be said about a stage as data, from a file or the
// environment. In it 0 means unset, and a negative value is an error (but
// retry.Unlimited). What it sets wins over an Option in code, field by field.
type Policy struct {
	Workers int           // calls at once; default 1
	Buffer  int           // transactions waiting in front; default 512
	Batch   int           // transactions in one Dispatch; sinks only, default 1
	Within  time.Duration // how long a batch waits to fill
	Retry   retry.Policy
}

// over returns p, with what it leaves unset taken from q.
func (p Policy) over(q Policy) Policy {
	p.Workers = cmp.Or(p.Workers, q.Workers)
	p.Buffer = cmp.Or(p.Buffer, q.Buffer)
	p.Batch = cmp.Or(p.Batch, q.Batch)
	p.Within = cmp.Or(p.Within, q.Within)
	p.Retry = p.Retry.Or(q.Retry)
	return p
}
