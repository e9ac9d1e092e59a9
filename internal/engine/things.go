package engine

// things are items, for who need not know what is in them.
type things interface {
	len() int
	node(i int) *node
	name(i int) string
	value(i int) any
	ordinal(i int) int
	part(indexes []int) things
}

// load is items as things.
type load[T any] []Item[T]

func (l *load[T]) len() int          { return len(*l) }
func (l *load[T]) node(i int) *node  { return (*l)[i].node }
func (l *load[T]) name(i int) string { return headOf(&(*l)[i]).ID() }
func (l *load[T]) value(i int) any   { return (*l)[i].payload }

func (l *load[T]) ordinal(i int) int {
	if own := (*l)[i].own; own != nil {
		return own.ordinal
	}
	return 0
}

func (l *load[T]) part(indexes []int) things {
	part := make(load[T], len(indexes))
	for i, j := range indexes {
		part[i] = (*l)[j]
	}
	return &part
}
