package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"runtime"
	"sync"
	"time"

	"github.com/ergon-go/ergon"
)

// world is a leased queue, a sink and a dead-letter sink for one random run.
// What goes wrong is decided by the seed, the place and how often it was asked.
type world struct {
	slab  int // how many items a worker takes at once
	seed  uint64
	rates float64                           // how much goes wrong
	roll  func(place string, n int) float64 // the n-th number for a place; nil: by the seed

	mu      sync.Mutex
	ready   []int
	waiting int         // returned, not ready yet
	leased  map[int]int // by item: its delivery
	count   map[int]int
	acked   map[int]bool
	dead    map[string]bool
	stored  map[string]bool
	asked   map[string]int
	faults  []string
}

func newWorld(seed uint64, n int) *world {
	w := &world{
		slab: 1 + int(seed%7), seed: seed, rates: float64(seed%5) / 12, leased: map[int]int{}, count: map[int]int{}, acked: map[int]bool{},
		dead: map[string]bool{}, stored: map[string]bool{}, asked: map[string]int{},
	}
	for i := range n {
		w.ready = append(w.ready, i)
	}
	return w
}

// dice returns a number in [0, 1) for a place, anew each time it is asked.
func (w *world) dice(place string) float64 {
	w.mu.Lock()
	w.asked[place]++
	n := w.asked[place]
	w.mu.Unlock()
	if w.roll != nil {
		return w.roll(place, n)
	}
	h := fnv.New64a()
	fmt.Fprint(h, w.seed, place, n)
	return rand.New(rand.NewPCG(h.Sum64(), w.seed)).Float64()
}

// trouble goes wrong now and then, in every way there is.
func (w *world) trouble(ctx context.Context, place string) error {
	switch d := w.dice(place) / max(w.rates, 1e-9); {
	case d < 0.2:
		return errors.New("again")
	case d < 0.25:
		panic("trouble")
	case d < 0.3:
		runtime.Goexit()
	case d < 0.4:
		time.Sleep(time.Duration(w.dice(place+"?") * float64(3*time.Minute)))
	case d < 0.45:
		<-ctx.Done()
		return context.Cause(ctx)
	case d < 0.5:
		return ergon.Hold(time.Second, errors.New("hold"))
	case d < 0.52:
		return ergon.Business(errors.New("never"))
	case d < 0.55:
		return ergon.Return(time.Second, errors.New("later"))
	}
	return nil
}

func (w *world) Fetch(ctx context.Context, most int) ([]ergon.Transaction[int], error) {
	if err := w.trouble(ctx, "fetch"); err != nil {
		return nil, errors.New("fetch")
	}
	if ctx.Err() != nil {
		return nil, nil // nobody would work on them
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	var txs []ergon.Transaction[int]
	for len(w.ready) > 0 && len(txs) < most {
		i := w.ready[0]
		w.ready = w.ready[1:]
		w.count[i]++
		w.leased[i] = w.count[i]
		txs = append(txs, ergon.NewTransaction(fmt.Sprint(i), i).WithReceipt([2]int{i, w.count[i]}).WithDeliveries(w.count[i]))
	}
	if len(txs) == 0 && len(w.leased) == 0 && w.waiting == 0 {
		return nil, io.EOF
	}
	return txs, nil
}

func (w *world) Count(context.Context) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.ready) + len(w.leased) + w.waiting, nil
}

func (w *world) Accepts() ergon.Verdicts {
	return ergon.VerdictSet(ergon.Acked, ergon.Released, ergon.Returned, ergon.DeadLettered)
}

func (w *world) Settle(ctx context.Context, all []ergon.Settlement[int]) error {
	if d := w.dice("settle"); d < w.rates/5 {
		return errors.New("settle")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range all {
		receipt := s.Transaction.Receipt().([2]int)
		i := receipt[0]
		if w.leased[i] != receipt[1] {
			w.faults = append(w.faults, fmt.Sprintf("%d settled twice", i))
			continue
		}
		delete(w.leased, i)
		if id := fmt.Sprint(i); s.Verdict == ergon.Acked && !w.dead[id] && !w.has("one"+id) {
			w.faults = append(w.faults, id+" is acked, and nowhere")
		}
		switch s.Verdict {
		case ergon.Acked, ergon.DeadLettered:
			w.acked[i] = true
		case ergon.Released:
			w.ready = append(w.ready, i)
		case ergon.Returned:
			w.waiting++
			time.AfterFunc(s.Delay, func() {
				w.mu.Lock()
				defer w.mu.Unlock()
				w.waiting--
				w.ready = append(w.ready, i)
			})
		}
		if s.Verdict == ergon.DeadLettered {
			w.dead[fmt.Sprint(i)] = true
		}
	}
	return nil
}

// store is a sink of the world.
type store struct {
	*world
	name string
}

func (s store) Dispatch(ctx context.Context, txs []ergon.Transaction[string]) error {
	if err := s.trouble(ctx, s.name); err != nil {
		if steering, _ := ergon.SteeringOf(err); steering != ergon.SteerHold {
			err = errors.New("sink")
		}
		return err
	}
	errs := make(ergon.ItemErrors, len(txs))
	for i, tx := range txs {
		if s.dice(s.name+" item") < s.rates/10 {
			errs[i] = errors.New("item")
			continue
		}
		s.mu.Lock()
		s.stored[s.name+tx.Payload()] = true
		s.mu.Unlock()
	}
	return errs
}

type letters struct{ *world }

func (l letters) Dispatch(ctx context.Context, txs []ergon.Transaction[int]) error {
	if err := l.trouble(ctx, "letters"); err != nil {
		return errors.New("letters")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, tx := range txs {
		l.dead[tx.ID()] = true
	}
	return nil
}
