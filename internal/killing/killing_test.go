package killing

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"
)

func TestMain(m *testing.M) {
	os.Exit(Main(m, map[string]Job{
		"count": func(_ context.Context, parent *Parent) error {
			from := 0
			err := parent.Hear(&from)
			for ; err == nil; from++ {
				parent.Tell("counted", strconv.Itoa(from))
			}
			return err
		},
		"end":   func(context.Context, *Parent) error { return nil },
		"fail":  func(context.Context, *Parent) error { return errors.New("no good") },
		"begin": func(_ context.Context, parent *Parent) error { parent.Tell("begun"); return nil },
		"complain": func(_ context.Context, parent *Parent) error {
			fmt.Fprintln(os.Stderr, "something is odd")
			parent.Tell("begun")
			select {}
		},
		"talk": func(_ context.Context, parent *Parent) error {
			word := ""
			for word != "enough" {
				if err := parent.Hear(&word); err != nil {
					return err
				}
				parent.Tell("heard", word)
			}
			return nil
		},
	}))
}

func TestAKilledChildHasToldWhatItHadFinished(t *testing.T) {
	is := is.New(t)
	killer := Plan{Seed: 1}.Killer("count")
	for range 3 {
		told, err := killer.Kill(t.Context(), 100, "counted")
		is.NoErr(err)
		is.True(len(told) > 0)
		for i, line := range told {
			is.Equal(line, Line{What: "counted", About: []string{strconv.Itoa(100 + i)}})
		}
	}
}

func TestAChildThatIsNotThereToBeKilledIsAnError(t *testing.T) {
	for _, tt := range []struct{ job, want string }{
		{"end", "finished nothing"},
		{"fail", "no good"},
		{"begin", "ended before it was killed"},
		{"complain", "something is odd"},
		{"unknown", `no job is called "unknown"`},
	} {
		t.Run(tt.job, func(t *testing.T) {
			_, err := Plan{}.Killer(tt.job).Kill(t.Context(), 0, "begun")
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v says nothing of %q", err, tt.want)
			}
		})
	}
}

func TestAChildMayComeToItsEnd(t *testing.T) {
	is := is.New(t)
	told, err := Plan{}.Killer("begin").Finish(t.Context(), 0)
	is.NoErr(err)
	is.Equal(told, []Line{{What: "begun", About: []string{}}})
	_, err = Plan{}.Killer("fail").Finish(t.Context(), 0)
	is.True(strings.Contains(err.Error(), "no good"))
}

func TestParentAndChildTalk(t *testing.T) {
	is := is.New(t)
	p, err := Start(t.Context(), "talk", "first")
	is.NoErr(err)
	is.NoErr(p.Say("enough"))
	is.Equal(p.Rest(), []Line{{"heard", []string{"first"}}, {"heard", []string{"enough"}}})
	is.NoErr(p.Wait())
}

func TestAPlanIsUsualUnlessTheEnvironmentSaysOtherwise(t *testing.T) {
	for _, tt := range []struct {
		kills      string
		share, num int
	}{
		{"", 40, 40}, {"200", 40, 40}, {"25000", 200, 25000}, {"25000", 40, 5000}, {"1", 40, 1},
	} {
		is := is.New(t)
		t.Setenv(killsVariable, tt.kills)
		t.Setenv(seedVariable, "7")
		plan := PlanOf(t, tt.share)
		is.Equal(plan, Plan{Kills: tt.num, Seed: 7})
		sum, seeds := 0, map[uint64]bool{}
		for i := range 7 {
			part := plan.Split(i, 7)
			sum += part.Kills
			seeds[part.Seed] = true
			is.Equal(part, plan.Split(i, 7))
		}
		is.Equal(sum, max(tt.num, 7))
		is.Equal(len(seeds), 7)
	}
}

func TestKillsThatFindNothingProveNothing(t *testing.T) {
	is := is.New(t)
	var all Figures
	all.Add(Figures{Kills: 5, Busy: 4, InFlight: 12, Duplicates: 3, Most: 2})
	is.NoErr(all.Fault())
	all.Add(Figures{Kills: 5, Busy: 3, Most: 1})
	is.True(all.Fault() != nil)
	all.Lasted = time.Second
	is.Equal(all.String(), "10 kills in 1.0 s, 70 % of them busy, 1.2 in flight per kill; duplicates: 0.30 per kill, at most 2")
}
