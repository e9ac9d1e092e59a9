package main

import (
	"bytes"
	"cmp"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/bench/internal/scenarios"
)

func TestFlagsAreCompletedOrRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		args   string
		rounds int
		chosen int // 0: all
		fault  string
	}{
		{name: "nothing", rounds: 20},
		{name: "quick", args: "-quick", rounds: 6},
		{name: "quick, in so many rounds", args: "-quick -rounds 3", rounds: 3},
		{name: "some scenarios", args: "-scenario cpu,one-stage", rounds: 20, chosen: 2},
		{name: "one that is not there", args: "-scenario cpu,speed", fault: `there is no scenario "speed"`},
		{name: "fewer rounds than one", args: "-rounds -1", fault: "-rounds -1"},
		{name: "what is no flag", args: "cpu", fault: `unexpected argument "cpu"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			f, err := parseFlags(strings.Fields(c.args), io.Discard)
			if c.fault != "" {
				is.True(err != nil)
				is.True(strings.Contains(err.Error(), c.fault))
				return
			}
			is.NoErr(err)
			is.Equal(f.rounds, c.rounds)
			is.Equal(len(f.makers), cmp.Or(c.chosen, len(scenarios.All())))
		})
	}
}

func TestTheListNamesEveryScenario(t *testing.T) {
	is := is.New(t)
	var out bytes.Buffer
	is.NoErr(run(t.Context(), []string{"-list"}, &out, io.Discard))
	for _, name := range []string{"one-stage", "ordered", "latency", "memory", "orders"} {
		is.True(strings.Contains(out.String(), "\n"+name+" ") || strings.HasPrefix(out.String(), name+" "))
	}
}

func TestProfilesOfAScenarioAreWritten(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	is.NoErr(run(t.Context(), []string{"-quick", "-scenario", "latency", "-profile", dir, "-for", "1ms"}, io.Discard, io.Discard))
	for _, name := range []string{"cpu", "heap", "allocs", "block", "mutex"} {
		info, err := os.Stat(filepath.Join(dir, "latency", name+".prof"))
		is.NoErr(err)
		is.True(info.Size() > 0)
	}
}
