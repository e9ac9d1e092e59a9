package ergon_test

import (
	"testing"

	"github.com/ergon-go/ergon"
	"github.com/matryer/is"
)

func TestVerdictsInOrderOfGravity(t *testing.T) {
	is := is.New(t)
	order := []ergon.Verdict{ergon.Acked, ergon.DeadLettered, ergon.Released, ergon.Returned}
	for i, a := range order {
		for j, b := range order {
			is.Equal(a.Worse(b), order[max(i, j)])
		}
	}
}

func TestVerdictString(t *testing.T) {
	is := is.New(t)
	is.Equal(ergon.Acked.String(), "acked")
	is.Equal(ergon.DeadLettered.String(), "dead-lettered")
	is.Equal(ergon.Released.String(), "released")
	is.Equal(ergon.Returned.String(), "returned")
	is.Equal(ergon.Verdict(9).String(), "verdict(9)")
}

func TestVerdictSet(t *testing.T) {
	for _, test := range []struct {
		name string
		in   []ergon.Verdict
		want string
	}{
		{"empty", nil, ""},
		{"one", []ergon.Verdict{ergon.Returned}, "returned"},
		{"twice", []ergon.Verdict{ergon.Acked, ergon.Acked}, "acked"},
		{"in any order", []ergon.Verdict{ergon.Returned, ergon.Acked}, "acked, returned"},
		{"all", []ergon.Verdict{0, 1, 2, 3}, "acked, dead-lettered, released, returned"},
		{"one that there is not", []ergon.Verdict{200}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			set := ergon.VerdictSet(test.in...)
			is.Equal(set.String(), test.want)
			for _, v := range test.in {
				is.Equal(set.Has(v), v <= ergon.Returned)
			}
			is.True(!set.Has(4) && !set.Has(255))
		})
	}
}
