package diff

import (
	"context"
	"fmt"
	"reflect"
	"strconv"
	"time"
)

// plain returns the node of a value that has no parts, or nil where it has some.
func plain(v reflect.Value) *node {
	if !v.IsValid() {
		return &node{text: "nil"}
	}
	n := &node{typ: v.Type()}
	switch v.Kind() {
	case reflect.String:
		n.form, n.text = verse, v.String()
		return n
	case reflect.Interface:
		return nil // what is in it counts
	case reflect.Pointer, reflect.Map, reflect.Slice:
		if v.IsNil() {
			n.text = "nil"
			return n
		}
	}
	n.text = plainText(v)
	if n.text == "" {
		return nil
	}
	return n
}

// plainText shows a value that has no parts; it is empty where it has some.
func plainText(v reflect.Value) string {
	if v.Kind() == reflect.Struct && v.Type().PkgPath() == "sync" {
		return v.Type().String()
	}
	switch of := v.Interface().(type) {
	case time.Time:
		return of.UTC().Format(time.RFC3339Nano)
	case context.Context, reflect.Type, reflect.Value:
		return fmt.Sprintf("%v(%s)", v.Type(), identity(v))
	}
	switch v.Kind() {
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return fmt.Sprintf("%v(%s)", v.Type(), identity(v))
	case reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 && v.Len() > 0 {
			return fmt.Sprintf("%x", v)
		}
		return ""
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Struct:
		return ""
	}
	return numberText(v)
}

// identity tells values apart that are compared by where they are.
func identity(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Func, reflect.Chan, reflect.Pointer, reflect.UnsafePointer, reflect.Map, reflect.Slice:
		if v.IsNil() {
			return "nil"
		}
		return fmt.Sprintf("%#x", v.Pointer())
	}
	return fmt.Sprintf("%v", v)
}

// numberText shows a number: what it says of itself, and the number.
func numberText(v reflect.Value) string {
	var digits string
	switch {
	case v.CanInt():
		digits = strconv.FormatInt(v.Int(), 10)
	case v.CanUint():
		digits = strconv.FormatUint(v.Uint(), 10)
	case v.CanFloat():
		digits = strconv.FormatFloat(v.Float(), 'g', -1, v.Type().Bits())
	default:
		digits = strconv.FormatComplex(v.Complex(), 'g', -1, v.Type().Bits())
	}
	switch said := saying(v); {
	case said == "":
		return digits
	case v.Type() == reflect.TypeFor[time.Duration]():
		return said
	default:
		return fmt.Sprintf("%s (%s)", said, digits)
	}
}

// saying returns what an error or a number says of itself: its text. Structs and
// others are shown by what is in them, since what they say may leave out what
// differs.
func saying(v reflect.Value) (text string) {
	defer func() {
		if recover() != nil {
			text = "" // a method that was not made for this value
		}
	}()
	switch of := v.Interface().(type) {
	case error:
		return strconv.Quote(of.Error())
	case fmt.Stringer:
		if v.CanInt() || v.CanUint() || v.CanFloat() {
			return of.String()
		}
	}
	return ""
}

// private reports whether a field is no part of its struct's value.
func private(of reflect.Type, f reflect.StructField) bool {
	if f.Name == "_" || f.Type.PkgPath() == "sync" {
		return true
	}
	_, message := reflect.PointerTo(of).MethodByName("ProtoReflect")
	return message && (f.Name == "state" || f.Name == "sizeCache")
}
