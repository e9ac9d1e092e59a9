// Package check answers what can be asked of a value before anything runs.
package check

import "reflect"

// Nil reports whether v is nil, or an interface that holds a nil pointer, map,
// slice, function or channel: a typed nil.
func Nil(v any) bool {
	if v == nil {
		return true
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return r.IsNil()
	}
	return false
}
