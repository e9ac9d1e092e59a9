package ergontest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
)

const depotLease, depotSecret = time.Minute, "hunter2"

var errDepotAway = errors.New("depot: away")

// depot is a queue in memory with every ability there is, and with a bug, if that
// is asked for: what the suites are tested on.
type depot struct {
	bug   string
	ahead time.Duration // of the clock of the machine

	mu     sync.Mutex
	goods  []*depotItem
	known  map[string]bool // ids
	dead   []ergon.Transaction[string]
	away   bool
	change chan struct{} // closed when something happens
	later  func()        // what a bug has put off
	stuck  bool
	active atomic.Int32
}

// depotItem is a transaction in a depot.
type depotItem struct {
	tx    ergon.Transaction[string]
	due   time.Time // Returned, or leased, until then
	out   bool
	lease int // of the last hand-over
	count int
	fresh bool // not yet written, as a bug has it
	owner *depotDoor
}

type depotReceipt struct {
	item  *depotItem
	lease int
}

func newDepot(bug string) *depot {
	return &depot{bug: bug, known: map[string]bool{}, change: make(chan struct{})}
}

func (d *depot) now() time.Time { return time.Now().Add(d.ahead) }

func (d *depot) changed() {
	if d.bug == "wakes nobody" {
		return
	}
	close(d.change)
	d.change = make(chan struct{})
}

func (d *depot) pass(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ahead += by
	d.changed()
}

// put adds transactions. Ids are known again.
func (d *depot) put(txs ...ergon.Transaction[string]) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, tx := range txs {
		d.add(tx)
	}
	d.changed()
}

func (d *depot) add(tx ergon.Transaction[string]) {
	if d.known[tx.ID()] && d.bug != "stores twice" {
		return
	}
	d.known[tx.ID()] = true
	tx, kept := mangled(d.bug, tx.WithReceipt(nil))
	if !kept || d.bug == "loses one of many" && len(d.known)%40 == 0 {
		return
	}
	item := &depotItem{tx: tx, fresh: d.bug == "loses what was stored at a restart"}
	if d.bug == "stores in reverse" {
		d.goods = slices.Insert(d.goods, 0, item)
		return
	}
	d.goods = append(d.goods, item)
}

// mangled returns what a bug makes of something that is stored, and whether it is.
func mangled(bug string, tx ergon.Transaction[string]) (ergon.Transaction[string], bool) {
	text := tx.Payload()
	switch bug {
	case "cuts at NUL":
		text, _, _ = strings.Cut(text, "\x00")
	case "cuts at a newline":
		text, _, _ = strings.Cut(text, "\n")
	case "cuts at 64 KiB":
		text = text[:min(len(text), 1<<16)]
	case "trims blanks":
		text = strings.TrimSpace(text)
	case "escapes quotes":
		text = strings.ReplaceAll(text, `"`, `\"`)
	case "knows ASCII only":
		text = strings.Map(func(r rune) rune { return min(r, '~') }, text)
	case "drops what is empty":
		return tx, text != ""
	case "loses metadata":
		return tx.WithMetadata(ergon.Metadata{}), true
	case "other ids":
		return tx.WithID(tx.ID() + "'"), true
	}
	return tx.With(text), true
}

func (d *depot) held() []ergon.Transaction[string] {
	d.mu.Lock()
	defer d.mu.Unlock()
	var txs []ergon.Transaction[string]
	for _, item := range d.goods {
		txs = append(txs, item.tx)
	}
	return txs
}

// restart leaves what is durable.
func (d *depot) restart() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.later = nil
	d.goods = slices.DeleteFunc(d.goods, func(item *depotItem) bool { return item.fresh })
}

// cut makes stale what is out.
func (d *depot) cut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, item := range d.goods {
		item.out, item.lease = false, item.lease+1
	}
	if d.bug == "loses what was out at a cut" {
		d.goods = slices.DeleteFunc(d.goods, func(item *depotItem) bool { return item.count > 0 })
	}
	d.changed()
}

func (d *depot) down() (up func()) {
	set := func(away bool) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.away = away
		d.changed()
	}
	set(true)
	return func() { set(false) }
}

func (d *depot) open() *depotDoor { return &depotDoor{depot: d} }

// unreachable is a door to nowhere.
func (d *depot) unreachable() *depotDoor {
	err := errDepotAway
	if d.bug == "tells the password" {
		err = fmt.Errorf("%w: amqp://user:%s@host", err, depotSecret)
	}
	return &depotDoor{depot: newDepot(d.bug), broken: err}
}

// takeOut hands out one item.
func (d *depot) takeOut(item *depotItem) ergon.Transaction[string] {
	was := item.out
	item.out, item.lease, item.due = true, item.lease+1, d.now().Add(depotLease)
	if item.count++; d.bug == "counts no lease that ran out" && was {
		item.count--
	}
	receipt := depotReceipt{item, item.lease}
	if d.bug == "one receipt for all" {
		receipt = depotReceipt{d.goods[0], 1}
	}
	tx := item.tx.WithReceipt(receipt).WithDeliveries(item.count)
	switch d.bug {
	case "makes up ids":
		tx = tx.WithID(fmt.Sprint(tx.ID(), "-", item.count))
	case "no ids":
		tx = tx.WithID("")
	}
	return tx
}

// depotTraits are those of a depot.
var depotTraits = Traits{
	Order: true, IDs: true, Metadata: true, Durable: true, Waits: true, Deliveries: true, Delays: true,
	Shared: true, Concurrent: true, Messages: 300,
}

// suite is all that there is to be known of a depot.
func (d *depot) suite() ConnectorSuite[string] {
	return ConnectorSuite[string]{
		Open:        func(*testing.T) ergon.Connector[string] { return d.open() },
		Stored:      func(*testing.T) []ergon.Transaction[string] { return d.held() },
		Publish:     func(_ *testing.T, txs ...ergon.Transaction[string]) { d.put(txs...) },
		Restart:     func(*testing.T) { d.restart() },
		Cut:         func(*testing.T) { d.cut() },
		Down:        func(*testing.T) func() { return d.down() },
		Unreachable: func(*testing.T) ergon.Connector[string] { return d.unreachable() },
		Secret:      depotSecret,
		Pending:     func(*testing.T) int { return len(d.held()) },
		Dead: func(*testing.T) []string {
			texts := []string{}
			for _, tx := range d.dead {
				texts = append(texts, tx.Payload())
			}
			return texts
		},
		Refused: []ergon.Transaction[string]{ergon.NewTransaction("", "no id"), ergon.NewTransaction("bad", "refused")},
	}
}

// waitFor waits for a change, a moment or the end of ctx.
func (d *depot) waitFor(ctx context.Context, change chan struct{}, until time.Duration) {
	timer := time.NewTimer(until)
	defer timer.Stop()
	select {
	case <-change:
	case <-timer.C:
	case <-ctx.Done():
	}
}
