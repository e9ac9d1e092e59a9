package engine

import (
	"sync/atomic"

	"github.com/ergon-go/ergon"
)

// outage notices that a sink is down, so that it is not called for everything
// that waits in front of it: once a second call in a row has failed as a whole,
// nobody calls for a while, longer each time. A batch that fails alone, between
// others that succeed, holds nobody up.
type outage struct{ inARow atomic.Int64 }

// note enters what a call said. It returns how long nobody should call, as the
// number of a retry; below 0: no need.
func (o *outage) note(err error, tryAgain bool) int {
	if _, some := err.(ergon.ItemErrors); some || err == nil || !tryAgain { //nolint:errorlint // as Dispatch reports it
		o.inARow.Store(0)
		return -1
	}
	return int(o.inARow.Add(1)) - 2
}

// over says that a call succeeded.
func (o *outage) over() {
	if o.inARow.Load() != 0 {
		o.inARow.Store(0)
	}
}

// mindOutage holds a sink that is down.
func (p *core) mindOutage(err error, tryAgain bool) {
	if p.body.kind != ergon.KindDispatch || p.isExpired() {
		return
	}
	if retry := p.outage.note(err, tryAgain); retry >= 0 {
		p.belt.Hold(p.run.delay(p.step.Retry, retry))
	}
}
