package sink

import (
	"errors"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
)

func TestCSVRefusesWhatCannotBeARow(t *testing.T) {
	type nothing struct{}
	type doubled struct {
		A string `csv:"a"`
		B string `csv:"a"`
		C func()
		D **int
		E []string
	}
	tests := []struct {
		name string
		s    interface{ Validate() error }
		want []string
	}{
		{"no path", CSV[[]string](""), []string{"path: is empty"}},
		{"a number", CSV[int]("x"), []string{"must be a struct, []string or ergon.Record, and is int"}},
		{"an interface", CSV[any]("x"), []string{"and is interface {}"}},
		{"a struct without a field", CSV[nothing]("x"), []string{"has no field to write"}},
		{"fields of all sorts", CSV[*doubled]("x"), []string{
			`T = "a": is used twice`, "C = func(): has no form as text", "D = **int", "E = []string",
		}},
		{"commas that are none", CSV[[]string]("x", Comma('"')), []string{`Comma = '"': cannot separate fields`}},
		{"names of nothing", CSV[[]string]("x", Header()), []string{"Header: names no field"}},
		{"names used twice", CSV[[]string]("x", Header("a", "a")), []string{`Header = "a": is used twice`}},
		{"names for a struct", CSV[place2]("x", Header("a")), []string{"Header: is for []string"}},
		{"names for a Record, and more", CSV[ergon.Record]("", Header("a"), Comma('x')), []string{"Header: is for", "Comma = 'x'", "path"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			is := is.New(t)
			err := tt.s.Validate()
			is.True(errors.Is(err, ergon.ErrConfig))
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error is %q, not %q", err, want)
				}
			}
		})
	}
}

func TestCommas(t *testing.T) {
	is := is.New(t)
	var accepted []rune
	for r := rune(-1); r < 200; r++ {
		if separates(r) && r > ' ' {
			accepted = append(accepted, r)
		}
	}
	is.Equal(string(accepted), "!#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\x7f")
}
