package stage

import (
	"encoding"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"
)

// parser sets a value to what a text says; what it returns is why not, without
// the text.
type parser func(into reflect.Value, text string) string

var (
	timeType        = reflect.TypeFor[time.Time]()
	durationType    = reflect.TypeFor[time.Duration]()
	unmarshalerType = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// parserOf returns the parser for a field's type.
func parserOf(field reflect.StructField) (parser, error) {
	layout, laidOut := field.Tag.Lookup("layout")
	switch t := field.Type; {
	case t == timeType:
		if layout == "" {
			layout = time.RFC3339
		}
		return timeParser(layout), nil
	case laidOut:
		return nil, errors.New("has a layout, but is not a time.Time")
	case t == durationType:
		return parseDuration, nil
	case t.Kind() != reflect.Interface && reflect.PointerTo(t).Implements(unmarshalerType):
		return parseItself, nil
	default:
		return kindParser(t)
	}
}

func kindParser(t reflect.Type) (parser, error) {
	switch t.Kind() {
	case reflect.String:
		return parseString, nil
	case reflect.Bool:
		return parseBool, nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return parseInt, nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return parseUint, nil
	case reflect.Float32, reflect.Float64:
		return parseFloat, nil
	}
	return nil, fmt.Errorf("no text can be made a %v: give it an UnmarshalText, or leave it out with csv:\"-\"", t)
}

// spaceless reports whether white space around the text of a type does not
// count, so that a text of nothing else is an empty one.
func spaceless(t reflect.Type) bool {
	return t == timeType || t.Kind() != reflect.String && !reflect.PointerTo(t).Implements(unmarshalerType)
}

func parseString(into reflect.Value, text string) string {
	into.SetString(text)
	return ""
}

func parseBool(into reflect.Value, text string) string {
	b, err := strconv.ParseBool(text)
	if err != nil {
		return "is neither true nor false"
	}
	into.SetBool(b)
	return ""
}

func parseInt(into reflect.Value, text string) string {
	n, err := strconv.ParseInt(text, 10, into.Type().Bits())
	if err != nil {
		return numberFault(err, "is not a whole number", into.Type())
	}
	into.SetInt(n)
	return ""
}

func parseUint(into reflect.Value, text string) string {
	n, err := strconv.ParseUint(text, 10, into.Type().Bits())
	if err != nil {
		return numberFault(err, "is not a whole number of at least 0", into.Type())
	}
	into.SetUint(n)
	return ""
}

func parseFloat(into reflect.Value, text string) string {
	x, err := strconv.ParseFloat(text, into.Type().Bits())
	if err != nil {
		return numberFault(err, "is not a number", into.Type())
	}
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "is not a finite number"
	}
	into.SetFloat(x)
	return ""
}

func numberFault(err error, why string, t reflect.Type) string {
	if errors.Is(err, strconv.ErrRange) {
		return "is out of the range of " + t.String()
	}
	return why
}

func parseDuration(into reflect.Value, text string) string {
	d, err := time.ParseDuration(text)
	if err != nil {
		return "is not a duration"
	}
	into.SetInt(int64(d))
	return ""
}

func timeParser(layout string) parser {
	return func(into reflect.Value, text string) string {
		at, err := time.Parse(layout, text)
		if err != nil {
			return fmt.Sprintf("is not a time of the form %q", layout)
		}
		into.Set(reflect.ValueOf(at))
		return ""
	}
}

// parseItself drops the type's own error, which is likely to quote the text.
func parseItself(into reflect.Value, text string) string {
	if into.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text)) != nil {
		return "is refused by " + into.Type().String()
	}
	return ""
}
