package program

import (
	"io"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/bench/internal/scenarios"
)

// made is a program of scenarios that nobody opens.
var made = Program{Makers: []scenarios.Maker{
	{Name: "one", Goals: []string{"P1", "P4"}}, {Name: "three", Goals: []string{"P2", "P4"}}, {Name: "queue"}, {Name: "cpu", Goals: []string{"P5"}},
}}

func TestFlagsAreCompletedOrRefused(t *testing.T) {
	const all = "one three queue cpu"
	for _, c := range []struct {
		name   string
		args   string
		rounds int
		chosen string // with the goals, where these are all that is wanted
		fault  string
	}{
		{name: "nothing", rounds: 20, chosen: all},
		{name: "quick", args: "-quick", rounds: 6, chosen: all},
		{name: "quick, in so many rounds", args: "-quick -rounds 3", rounds: 3, chosen: all},
		{name: "some scenarios", args: "-scenario cpu,one", rounds: 20, chosen: "one cpu"},
		{name: "what a goal needs", args: "-scenario P1 -rounds 10", rounds: 10, chosen: "one:P1"},
		{name: "a goal of several", args: "-scenario P4,P2", rounds: 20, chosen: "one:P4 three:P2+P4"},
		{name: "a goal, and the whole of its scenario", args: "-scenario P4,one", rounds: 20, chosen: "one three:P4"},
		{name: "one that is not there", args: "-scenario cpu,speed", fault: `there is no scenario "speed"`},
		{name: "two that are not there", args: "-scenario P9,speed", fault: `there is no scenario "P9" and no such goal; -list names all` + "\n"},
		{name: "fewer rounds than one", args: "-rounds -1", fault: "-rounds -1"},
		{name: "what is no flag", args: "cpu", fault: `unexpected argument "cpu"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			f, err := made.parse(strings.Fields(c.args), io.Discard)
			if c.fault != "" {
				is.True(err != nil)
				is.True(strings.Contains(err.Error(), c.fault))
				return
			}
			is.NoErr(err)
			is.Equal(f.rounds, c.rounds)
			is.Equal(namesOf(f.chosen), c.chosen)
			is.Equal(f.some, strings.Contains(c.args, "-scenario"))
		})
	}
}

func namesOf(chosen []choice) string {
	names := make([]string, len(chosen))
	for i, c := range chosen {
		names[i] = c.Name
		if c.only != nil {
			names[i] += ":" + strings.Join(c.only, "+")
		}
	}
	return strings.Join(names, " ")
}
