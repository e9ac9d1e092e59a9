package engine

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"time"

	"github.com/ergon-go/ergon"
)

// Group returns the port of a stage that makes one item of up to Batch items.
// It has one worker and calls no user code, so it keeps any order there is.
func Group[T any, S []T](r *Run, s *Step, out Port[S]) Port[T] {
	b := stageBody(r, s, &way[S]{put: out.put})
	b.splits, b.gathers = true, true
	return newPool(r, s, b, calls[T]{attempt: func(_ context.Context, c *call, items []Item[T], _ place) error {
		item := newGroup[T, S](r, items)
		r.move(int64(1 - len(items)))
		c.handed = true // from here on its members are the group's
		since := time.Now()
		out.put([]Item[S]{item})
		c.stood = time.Since(since)
		return nil
	}})
}

// group is the owner of a node that several transactions have become: what
// happens to it happens to each of them.
type group struct {
	node
	own     head
	members []*node
}

// newGroup makes one item of several. Each member's unit is now the group's.
func newGroup[T any, S []T](r *Run, items []Item[T]) Item[S] {
	g := &group{members: make([]*node, len(items))}
	g.run, g.owner = r, g
	payloads, hash := make(S, len(items)), sha256.New()
	for i, item := range items {
		payloads[i], g.members[i] = item.payload, item.node
		id := headOf(&item).ID()
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(id)))
		hash.Write(length[:])
		hash.Write([]byte(id))
		if d := item.node.deadline; d != 0 && (g.deadline == 0 || d < g.deadline) {
			g.deadline = d
		}
	}
	g.seq = items[0].node.seq
	g.own = ergon.NewTransaction("group-"+hex.EncodeToString(hash.Sum(nil)[:16]), struct{}{})
	g.head = &g.own
	r.lab.Group(g.id(), func() []string { return namesOf((*load[T])(&items)) })
	return Item[S]{payload: payloads, node: &g.node}
}

func namesOf(t things) []string {
	names := make([]string, t.len())
	for i := range names {
		names[i] = t.name(i)
	}
	return names
}

func (g *group) leaveWith(*exit) bool { return false }

func (g *group) ended() {
	for _, m := range g.members {
		m.mark(g.marks.Load() &^ lost)
		for _, f := range g.failed() {
			m.fail(f)
		}
		m.end()
	}
}
