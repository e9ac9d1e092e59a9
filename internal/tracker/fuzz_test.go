package tracker

import (
	"context"
	"errors"
	"testing"
)

// model is what a Tracker must look like from outside: a list of offsets, and
// which of them are done.
type model struct {
	t       *testing.T
	tracker *Tracker
	window  int
	next    int64
	offsets []int64
	marks   []Mark
	done    []bool
	told    int64
	over    bool // no Done counts
	ended   bool // the log hears nothing
}

func newModel(t *testing.T, window byte) *model {
	m := &model{t: t, window: max(1, int(window)), next: 100, told: 100}
	m.tracker = New(m.next, int(window))
	return m
}

// first returns the index of the first offset that is not done.
func (m *model) first() int {
	for i, done := range m.done {
		if !done {
			return i
		}
	}
	return len(m.done)
}

func (m *model) low() int64 {
	if first := m.first(); first < len(m.offsets) {
		return m.offsets[first]
	}
	return m.next
}

func (m *model) room() int {
	if m.over {
		return 0
	}
	return m.window - (len(m.offsets) - m.first())
}

// play does what one byte asks for: its lowest bits say what, the others with
// which.
func (m *model) play(op byte) {
	which := int(op / 8)
	switch op % 8 {
	case 0, 1, 2:
		m.add(m.next + int64(which%4)*int64(which%4)*1000)
	case 3, 4:
		m.say(len(m.marks) - 1 - which)
	case 5:
		m.say(m.first() + which%3)
	case 6:
		m.commit(which)
	case 7:
		m.rare(which)
	}
	if low, want := m.tracker.Low(), m.low(); low != want {
		m.t.Fatalf("the low mark is %d, not %d", low, want)
	}
	if room, want := m.tracker.Room(), m.room(); room != want {
		m.t.Fatalf("there is room for %d, not %d", room, want)
	}
}

func (m *model) add(offset int64) {
	mark, err := m.tracker.Add(offset)
	want := error(nil)
	switch {
	case m.over:
		want = ErrRevoked
	case offset < m.next:
		want = ErrOrder
	case m.room() == 0:
		want = ErrFull
	}
	if !errors.Is(err, want) {
		m.t.Fatalf("adding %d: %v, not %v", offset, err, want)
	}
	if err == nil {
		m.offsets, m.marks, m.done = append(m.offsets, offset), append(m.marks, mark), append(m.done, false)
		m.next = offset + 1
	}
}

// say says that one of the marks is done, be there such a one or not.
func (m *model) say(i int) {
	mark, want := Mark{}, false
	if i >= 0 && i < len(m.marks) {
		mark, want = m.marks[i], !m.done[i] && !m.over
		m.done[i] = m.done[i] || want
	}
	if got := mark.Done(); got != want {
		m.t.Fatalf("done with the mark %d: %v, not %v", i, got, want)
	}
}

func (m *model) commit(which int) {
	var err error
	if which%4 == 0 {
		err = errStore
	}
	m.tells(m.tracker.Commit, err)
}

// tells holds a Commit or a Revoke against what the log should hear of it, which
// answers with err.
func (m *model) tells(tell func(context.Context, Store) error, err error) {
	news, heard := !m.ended && m.low() > m.told, false
	got := tell(m.t.Context(), func(_ context.Context, next int64) error {
		heard = true
		if next != m.low() {
			m.t.Fatalf("the log was told %d, not %d", next, m.low())
		}
		return err
	})
	switch {
	case heard != news:
		m.t.Fatalf("the log knows %d, the low mark is %d, and it was told: %v", m.told, m.low(), heard)
	case news && got != err || !news && got != nil:
		m.t.Fatalf("what came of telling the log: %v", got)
	case news && err == nil:
		m.told = m.low()
	}
}

// rare does what would end most scripts too early: a revocation, and offsets
// that are out of order.
func (m *model) rare(which int) {
	if which < 28 {
		m.add(m.next - int64(which))
		return
	}
	m.over = true
	m.tells(m.tracker.Revoke, nil)
	m.ended = true
}

func FuzzTracker(f *testing.F) {
	mixed := make([]byte, 0, 2048)
	for i := range cap(mixed) {
		mixed = append(mixed, byte(i*37+i/7)&^1)
	}
	for _, window := range []byte{0, 1, 2, 63, 64, 65, 200, 255} {
		f.Add(window, mixed)
	}
	f.Add(byte(9), []byte{0, 0, 0, 12, 5, 6, 5, 5, 14, 0, 255, 3, 6, 0})
	f.Add(byte(1), []byte{24, 24, 3, 3, 14, 24, 239, 5, 255, 255})
	f.Fuzz(func(t *testing.T, window byte, script []byte) {
		m := newModel(t, window)
		for _, op := range script {
			m.play(op)
		}
	})
}
