package ergontest

import (
	"fmt"
	"reflect"
	"time"

	"github.com/ergon-go/ergon"
)

// missing returns the metadata that is not as wanted.
func missing(want, got ergon.Metadata) []difference {
	have := map[string]any{}
	for key, value := range got.All() {
		have[key] = value
	}
	var all []difference
	for key, value := range want.All() {
		actual, ok := have[key]
		switch {
		case !ok:
			all = append(all, difference{fmt.Sprintf("metadata %q", key), shown(value), "none"})
		case !sameValue(value, actual):
			all = append(all, difference{fmt.Sprintf("metadata %q", key), shown(value), shown(actual)})
		}
	}
	return all
}

// sameValue compares metadata values; an instant is the same in any zone.
func sameValue(a, b any) bool {
	if at, ok := a.(time.Time); ok {
		bt, ok := b.(time.Time)
		return ok && at.Equal(bt)
	}
	return reflect.DeepEqual(a, b)
}
