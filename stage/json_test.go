package stage_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/stage"
	"github.com/matryer/is"
)

type parcel struct {
	ID     int
	Name   string `json:"full_name"`
	Weight float64
	Within time.Duration
	Sent   time.Time
	Counts map[string]int
	Code   code
	Inside *parcel
}

// code is a type whose own decoding fails, and shows what it was given.
type code string

func (c *code) UnmarshalJSON(b []byte) error {
	return fmt.Errorf("no such code: %s", b)
}

func TestJSONDecodes(t *testing.T) {
	for _, test := range []struct {
		name, in string
		want     parcel
	}{
		{"an object", `{"ID":7,"full_name":"lamp","Weight":1.5}`, parcel{ID: 7, Name: "lamp", Weight: 1.5}},
		{"names in any case", `{"id":7,"FULL_NAME":"lamp"}`, parcel{ID: 7, Name: "lamp"}},
		{"unknown names", `{"id":7,"colour":"red"}`, parcel{ID: 7}},
		{"a duration in nanoseconds", `{"within":5}`, parcel{Within: 5}},
		{"white space around it", " \n{\"id\":7}\r\n", parcel{ID: 7}},
		{"null", `null`, parcel{}},
		{"nested", `{"inside":{"id":7}}`, parcel{Inside: &parcel{ID: 7}}},
		{"characters beyond ASCII", `{"full_name":"Lämpchen \u0000 \ud83d\udca1"}`, parcel{Name: "Lämpchen \x00 💡"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			got, err := stage.JSON[parcel](t.Context(), []byte(test.in))
			is.NoErr(err)
			is.Equal(got, test.want)
		})
	}
}

func TestJSONRefuses(t *testing.T) {
	for _, test := range []struct {
		name, in, want string
	}{
		{"nothing", "", "the input is empty"},
		{"white space", "  ", "invalid JSON at byte 2"},
		{"no JSON", "canary", "invalid JSON at byte 0"},
		{"an end too early", `{"full_name":"canary"`, "invalid JSON at byte 21"},
		{"something after it", `{"id":1} canary`, "invalid JSON at byte 9"},
		{"another value after it", `{"id":1}{"full_name":"canary"}`, "invalid JSON at byte 8"},
		{"a name that comes twice", `{"full_name":"canary","full_name":1}`, "a name comes twice in one object at byte 22"},
		{"a name that comes twice in a map", `{"counts":{"canary":1,"canary":2}}`, "a name comes twice in one object at byte 22"},
		{"invalid UTF-8", "{\"full_name\":\"canary\xff\"}", "invalid JSON at byte 20"},
		{"half a surrogate", `{"full_name":"\ud800"}`, "invalid JSON at byte 14"},
		{"a byte order mark", "\ufeff{}", "invalid JSON at byte 0"},
		{"a string for a number", `{"id":"canary"}`, "a string at byte 6 does not fit int"},
		{"an object for a number", `{"id":{"canary":1}}`, "an object at byte 6 does not fit int"},
		{"an array for an object", `["canary"]`, "an array at byte 0 does not fit stage_test.parcel"},
		{"a fraction for a whole number", `{"id":1.5}`, "a number at byte 6 does not fit int"},
		{"a number too large", `{"id":99999999999999999999}`, "a number at byte 6 does not fit int"},
		{"under a name that is data", `{"counts":{"canary":"x"}}`, "a string at byte 20 does not fit int"},
		{"no time", `{"sent":"canary"}`, "a string at byte 8 does not fit time.Time"},
		{"a decoder of its own", `{"code":"canary"}`, "a string at byte 8 does not fit stage_test.code"},
		{"nested without end", strings.Repeat(`{"inside":`, 10_001), "invalid JSON at byte 100000"},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			got, err := stage.JSON[parcel](t.Context(), []byte(test.in))
			is.True(err != nil)
			is.Equal(err.Error(), "stage: JSON: "+test.want)
			is.Equal(got, parcel{}) // nothing half decoded
			steering, _ := ergon.SteeringOf(err)
			is.Equal(steering, ergon.SteerBusiness)
			for e := err; e != nil; e = errors.Unwrap(e) { // not in what it wraps either
				is.True(!strings.Contains(fmt.Sprintf("%v %+v %#v", e, e, e), "canary"))
			}
		})
	}
}

func TestJSONIntoWhatCannotBeDecoded(t *testing.T) {
	is := is.New(t)
	_, err := stage.JSON[chan int](t.Context(), []byte(`1`))
	is.Equal(err.Error(), "stage: JSON: a value at byte 0 does not fit chan int")
}

func TestJSONKeepsNothingOfItsInput(t *testing.T) {
	is := is.New(t)
	in := []byte(`{"full_name":"lamp"}`)
	got, err := stage.JSON[parcel](t.Context(), in)
	is.NoErr(err)
	clear(in)
	is.Equal(got.Name, "lamp")
}

func ExampleJSON() {
	type Order struct {
		ID       int
		Quantity int
	}
	parse := stage.JSON[Order] // as Map takes it
	order, err := parse(context.Background(), []byte(`{"id": 7, "quantity": 2}`))
	fmt.Println(order, err)
	_, err = parse(context.Background(), []byte(`{"id": 7, "quantity": "two"}`))
	fmt.Println(err)
	// Output:
	// {7 2} <nil>
	// stage: JSON: a string at byte 22 does not fit int
}
