package diff

import "reflect"

// form is how a node is made up.
type form uint8

const (
	leaf    form = iota // text is all there is
	verse               // a string, or bytes
	pointer             // one kid
	list                // kids by index
	fields              // kids by name
	table               // kids by key
)

// node is a value as it was at one moment: nothing of it changes when the value
// does. Nodes of a value that holds itself hold themselves.
type node struct {
	typ  reflect.Type // nil where there is none: a nil interface
	form form
	text string   // of a leaf, as shown; of a verse, the string itself; else what the value says of itself, or nothing
	keys []string // of fields and tables, as shown
	kids []*node
	// spare is the element just behind the end of a slice that has room for one, and
	// long how many there are in front of it.
	spare *node
	long  int
}

// same reports whether two nodes hold the same.
func (n *node) same(other *node) bool {
	c := newComparison("", "")
	c.quiet = true
	c.compare("", n, other)
	return c.count == 0
}

// taker makes nodes.
type taker struct {
	known  map[visit]*node // what was met already
	spares bool            // look behind the ends of slices
}

// visit is where a pointer, map or slice points to.
type visit struct {
	typ  reflect.Type
	at   uintptr
	long int // of a slice, and its room
	room int
}

func nodeOf(value any, spares bool) *node {
	t := taker{known: map[visit]*node{}, spares: spares}
	return t.take(reflect.ValueOf(value))
}

// take returns the node of a value, which no unexported field of it hides.
func (t *taker) take(v reflect.Value) *node {
	if n := plain(v); n != nil {
		return n
	}
	switch v.Kind() {
	case reflect.Interface:
		return t.take(v.Elem())
	case reflect.Pointer:
		return t.met(v, visit{typ: v.Type(), at: v.Pointer()}, t.pointer)
	case reflect.Map:
		return t.met(v, visit{typ: v.Type(), at: v.Pointer()}, t.table)
	case reflect.Slice:
		return t.met(v, visit{v.Type(), v.Pointer(), v.Len(), v.Cap()}, t.list)
	case reflect.Array:
		n := &node{typ: v.Type()}
		t.list(n, v)
		return n
	}
	n := &node{typ: v.Type()}
	t.fields(n, v)
	return n
}

// met returns the node of something that may have been met before; fill is told
// to make it where it was not.
func (t *taker) met(v reflect.Value, at visit, fill func(*node, reflect.Value)) *node {
	if n, ok := t.known[at]; ok {
		return n
	}
	n := &node{typ: v.Type(), text: saying(v)}
	t.known[at] = n
	fill(n, v)
	return n
}

func (t *taker) pointer(n *node, v reflect.Value) {
	n.form = pointer
	n.kids = []*node{t.take(v.Elem())}
}

func (t *taker) list(n *node, v reflect.Value) {
	if v.Type().Elem().Kind() == reflect.Uint8 && v.Kind() == reflect.Slice {
		n.form, n.text = verse, string(v.Bytes())
	} else {
		n.form = list
		n.kids = make([]*node, v.Len())
		for i := range n.kids {
			n.kids[i] = t.take(v.Index(i))
		}
	}
	if t.spares && v.Kind() == reflect.Slice && v.Cap() > v.Len() {
		n.long = v.Len()
		n.spare = t.take(v.Slice(0, v.Len()+1).Index(v.Len()))
	}
}

func (t *taker) fields(n *node, v reflect.Value) {
	n.form, n.text = fields, saying(v)
	v = addressable(v)
	for i := range v.NumField() {
		if f := v.Type().Field(i); !private(v.Type(), f) {
			n.keys = append(n.keys, f.Name)
			n.kids = append(n.kids, t.take(open(v.Field(i))))
		}
	}
}

// addressable returns a value whose fields have addresses.
func addressable(v reflect.Value) reflect.Value {
	if v.CanAddr() {
		return v
	}
	copied := reflect.New(v.Type()).Elem()
	copied.Set(v)
	return copied
}

// open returns an addressable field as if it were exported.
func open(v reflect.Value) reflect.Value {
	if v.CanInterface() {
		return v
	}
	return reflect.NewAt(v.Type(), v.Addr().UnsafePointer()).Elem()
}
