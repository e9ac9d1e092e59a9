package sink

import (
	"encoding"
	"reflect"
	"strconv"
	"time"
)

// texter returns the text of a value, which must be addressable.
type texter func(v reflect.Value) (string, error)

// texterOf returns how values of a type become text, nil where they cannot.
func texterOf(t reflect.Type, layout string) texter {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return textOfTime(layout)
	case t == reflect.TypeFor[time.Duration]():
		return func(v reflect.Value) (string, error) { return time.Duration(v.Int()).String(), nil }
	case t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Pointer:
		return nil
	case t.Kind() == reflect.Pointer:
		return textOfPointer(texterOf(t.Elem(), layout))
	case reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextMarshaler]()):
		return textOfMarshaler
	default:
		return textOfKind(t)
	}
}

func textOfTime(layout string) texter {
	if layout == "" {
		layout = time.RFC3339Nano
	}
	return func(v reflect.Value) (string, error) {
		return v.Addr().Interface().(*time.Time).Format(layout), nil
	}
}

func textOfPointer(elem texter) texter {
	if elem == nil {
		return nil
	}
	return func(v reflect.Value) (string, error) {
		if v.IsNil() {
			return "", nil
		}
		return elem(v.Elem())
	}
}

func textOfMarshaler(v reflect.Value) (string, error) {
	text, err := v.Addr().Interface().(encoding.TextMarshaler).MarshalText()
	return string(text), err
}

func textOfKind(t reflect.Type) texter {
	switch t.Kind() {
	case reflect.String:
		return func(v reflect.Value) (string, error) { return v.String(), nil }
	case reflect.Bool:
		return func(v reflect.Value) (string, error) { return strconv.FormatBool(v.Bool()), nil }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(v reflect.Value) (string, error) { return strconv.FormatInt(v.Int(), 10), nil }
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return func(v reflect.Value) (string, error) { return strconv.FormatUint(v.Uint(), 10), nil }
	case reflect.Float32, reflect.Float64:
		return func(v reflect.Value) (string, error) {
			return strconv.FormatFloat(v.Float(), 'g', -1, t.Bits()), nil
		}
	default:
		return nil
	}
}
