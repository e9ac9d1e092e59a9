package seam

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// thing is an item of the model: what it is called, and its key.
type thing struct{ number, key int }

// model is what a Queue must look like from outside, kept beside one while a
// script of bytes plays on it.
type model struct {
	t       *testing.T
	config  Config[thing]
	queue   *Queue[thing, int]
	put     int
	taken   map[int]bool
	last    map[int]int // of each key, or of all under 0, the latest that was taken
	out     [][]thing   // slabs that have not passed
	outKey  map[int]int // by key: how many are out
	again   int
	rushed  bool
	tickets Ticket
}

func newModel(t *testing.T, shape byte) *model {
	m := &model{t: t, taken: map[int]bool{}, last: map[int]int{}, outKey: map[int]int{}}
	m.config = Config[thing]{Over: make(chan struct{}), After: after, Bound: 1 + int(shape%5)}
	if shape&8 != 0 {
		m.config.Batch, m.config.Within = 3, time.Second
	}
	if shape&16 != 0 {
		m.config.Key = func(v thing) string { return fmt.Sprint(v.key) }
		m.config.Slab = 1 + int(shape%3)
	}
	if shape&32 != 0 {
		m.config.Window = 2
	}
	m.queue = New[thing, int](m.config)
	return m
}

// play does what one byte asks for.
func (m *model) play(op byte) {
	switch op % 8 {
	case 0, 1, 2:
		if m.queue.Offer(thing{m.put, int(op / 8 % 4)}) {
			m.put++
		}
	case 3, 4:
		m.take()
	case 5:
		m.leave(int(op / 8))
	case 6:
		if op/8%4 == 0 {
			m.queue.Again(m.again)
			m.again++
			return
		}
		m.queue.Flush()
	case 7:
		time.Sleep(300 * time.Millisecond)
		synctest.Wait()
	}
	if n := m.queue.items.length; n > m.queue.config.Bound {
		m.t.Fatalf("%d wait, and the bound is %d", n, m.queue.config.Bound)
	}
}

// take takes what may be taken, if anything, and holds it against the rules.
func (m *model) take() bool {
	m.queue.mu.Lock()
	work, ok := next(m.queue)
	waits := m.queue.again.length
	m.queue.mu.Unlock()
	switch {
	case !ok:
		return false
	case work.Old:
		return true
	case waits > 0:
		m.t.Fatal("something new was taken before what was to be taken up again")
	case work.Ticket != m.tickets:
		m.t.Fatalf("ticket %d, not %d", work.Ticket, m.tickets)
	case len(work.Slab) > m.queue.config.Slab:
		m.t.Fatalf("a slab of %d", len(work.Slab))
	case m.config.Window > 0 && !m.rushed && len(m.out) >= m.config.Window:
		m.t.Fatal("taken beyond the window")
	}
	m.tickets++
	for _, v := range work.Slab {
		m.check(v)
	}
	for _, v := range work.Slab {
		m.outKey[v.key]++
	}
	m.out = append(m.out, work.Slab)
	return true
}

func (m *model) check(v thing) {
	key := 0
	if m.config.Key != nil {
		key = v.key
		if m.outKey[v.key] > 0 && !m.rushed {
			m.t.Fatalf("key %d is out in two slabs", v.key)
		}
	}
	if m.taken[v.number] {
		m.t.Fatalf("%d was taken twice", v.number)
	}
	if before, some := m.last[key]; some && before > v.number && !m.rushed {
		m.t.Fatalf("%d was taken after %d", v.number, before)
	}
	m.taken[v.number], m.last[key] = true, v.number
}

// leave lets one of the slabs that are out leave for good.
func (m *model) leave(which int) {
	if len(m.out) == 0 {
		return
	}
	i := which % len(m.out)
	slab := m.out[i]
	m.out = append(m.out[:i:i], m.out[i+1:]...)
	for _, v := range slab {
		m.outKey[v.key]--
		m.queue.Done(v)
	}
	m.queue.Pass(1)
}

// end brings the model to its end: with or without a rush everything that was
// put must come out.
func (m *model) end(rush bool) {
	if rush {
		m.rushed = true
		m.queue.Rush()
	}
	m.queue.Eager()
	for m.take() || len(m.out) > 0 {
		m.leave(0)
	}
	if len(m.taken) != m.put || m.queue.Len() != 0 {
		m.t.Fatalf("%d put, %d taken, %d left", m.put, len(m.taken), m.queue.Len())
	}
}

func FuzzAQueueKeepsItsRules(f *testing.F) {
	all := make([]byte, 0, 512)
	for i := range 512 {
		all = append(all, byte(i*37+i/7))
	}
	for shape := range byte(64) {
		f.Add(shape, true, all)
		f.Add(shape, false, all)
		f.Add(shape, false, []byte{0, 8, 0, 8, 1, 9, 0, 3, 3, 5, 3, 13, 3, 3, 7, 7, 7, 7, 3})
	}
	f.Fuzz(func(t *testing.T, shape byte, rush bool, script []byte) {
		synctest.Test(t, func(t *testing.T) {
			m := newModel(t, shape)
			for _, op := range script {
				m.play(op)
			}
			m.end(rush)
		})
	})
}

func FuzzALineKeepsTheOrder(f *testing.F) {
	f.Add([]byte{5, 3, 0, 9, 200, 7})
	f.Add([]byte{})
	f.Add([]byte{0, 0, 0, 0, 255, 255, 1, 1})
	f.Fuzz(func(t *testing.T, script []byte) {
		var got []int
		l := NewLine(func(slab []int) { got = append(got, slab...) }, nil)
		open := make([]int, len(script))
		for i := range open {
			open[i] = i
		}
		want := 0
		for _, b := range script {
			i := int(b) % len(open)
			ticket := open[i]
			open = append(open[:i], open[i+1:]...)
			if b%4 != 0 {
				l.Add(Ticket(ticket), ticket)
				want++
			}
			l.End(Ticket(ticket))
		}
		if len(got) != want || len(l.waiting) != 0 {
			t.Fatalf("%d of %d came out, %d are left", len(got), want, len(l.waiting))
		}
		for i := 1; i < len(got); i++ {
			if got[i] < got[i-1] {
				t.Fatalf("%d came after %d", got[i], got[i-1])
			}
		}
	})
}
