package diff

import (
	"reflect"
	"slices"
	"strings"
)

// entry is one of a map.
type entry struct {
	key   string
	value *node
}

// table fills in the entries of a map, in the order of their keys as shown.
func (t *taker) table(n *node, v reflect.Value) {
	n.form = table
	var entries []entry
	for iter := v.MapRange(); iter.Next(); {
		entries = append(entries, entry{key: t.key(iter.Key()), value: t.take(iter.Value())})
	}
	slices.SortFunc(entries, func(a, b entry) int {
		if byKey := strings.Compare(a.key, b.key); byKey != 0 {
			return byKey
		}
		return strings.Compare(a.value.show(mostText), b.value.show(mostText)) // there may be several NaN
	})
	for _, e := range entries {
		n.keys, n.kids = append(n.keys, e.key), append(n.kids, e.value)
	}
}

// key shows the key of a map, with its type where that may be any.
func (t *taker) key(v reflect.Value) string {
	if v.Kind() == reflect.Interface {
		if v.IsNil() {
			return "nil"
		}
		return v.Elem().Type().String() + "(" + t.key(v.Elem()) + ")"
	}
	if v.Kind() == reflect.Pointer {
		return identity(v)
	}
	return t.take(v).show(mostText)
}
