package engine

import "github.com/ergon-go/ergon/internal/seam"

// Late returns the port of the point where order begins below stages that did
// not keep it: items leave it in the order of fetching, the children of one
// transaction together. Line is its number among those of the run.
func Late[T any](r *Run, line int, out Port[T]) Port[T] {
	l := &late[T]{run: r, number: line}
	l.line = seam.NewLine(func(slab []Item[T]) {
		r.move(int64(len(slab)))
		out.put(slab)
	}, nil)
	r.lines[line] = l.line
	return l
}

type late[T any] struct {
	run    *Run
	number int
	line   *seam.Line[Item[T]]
}

func (l *late[T]) put(slab []Item[T]) {
	for _, item := range slab {
		n := item.node
		l.line.Add(n.seq, item)
		n.left([]int{l.number})
		l.run.move(-1) // what waits for its turn joins no batch until those before it have moved
	}
}

func (l *late[T]) pass(slab []Item[T], _ *[]Item[T], _ carrier) { l.put(slab) }

func (l *late[T]) offer(i Item[T]) bool {
	l.put([]Item[T]{i})
	return true
}
