package sqlite

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/internal/killing"
)

// killHunt kills children of one shape, one after the other on the same files,
// looks at the files after each, and lets the last one come to its end.
func killHunt(ctx context.Context, dir string, shape int, bug string, plan killing.Plan) (killing.Figures, error) {
	a := newKillAudit(killSettings{Dir: dir, Shape: shape, Bug: bug})
	killer, began := plan.Killer("pipeline"), time.Now()
	if err := a.begin(ctx); err != nil {
		return a.figures, err
	}
	for a.settings.Age < plan.Kills {
		told, err := killer.Kill(ctx, a.settings, "settled")
		if err == nil {
			err = a.look(ctx, told)
		}
		if err != nil {
			return a.figures, fmt.Errorf("after %d kills: %w", a.settings.Age+1, err)
		}
		a.settings.Age++
	}
	a.settings.Last = true
	told, err := killer.Finish(ctx, a.settings)
	if err == nil {
		err = a.look(ctx, told)
	}
	a.figures.Lasted = time.Since(began)
	return a.figures, err
}

func TestKilledAtAnyMomentNothingAckedIsMissing(t *testing.T) {
	plan, shapes, began := killing.PlanOf(t, killing.Usual), killShapes(), time.Now()
	all := make([]killing.Figures, len(shapes))
	t.Run("shape", func(t *testing.T) {
		for i, shape := range shapes {
			t.Run(shape.name, func(t *testing.T) {
				t.Parallel()
				figures, err := killHunt(t.Context(), t.TempDir(), i, "", plan.Split(i, len(shapes)))
				all[i] = figures
				t.Log(figures)
				is.New(t).NoErr(err)
			})
		}
	})
	var total killing.Figures
	for _, figures := range all {
		total.Add(figures)
	}
	total.Lasted = time.Since(began)
	t.Log(total)
	is.New(t).NoErr(total.Fault())
}

func TestTheKillerFindsBugs(t *testing.T) {
	const within = 60
	plan := killing.PlanOf(t, within)
	plan.Kills = within
	for i, bug := range []string{bugAckFirst, bugAckFetch, bugPartial, bugForgetful} {
		t.Run(bug, func(t *testing.T) {
			t.Parallel()
			figures, err := killHunt(t.Context(), t.TempDir(), i, bug, plan.Split(i, 1))
			is.New(t).True(err != nil) // the bug is found
			t.Logf("%d kills: %v", figures.Kills, err)
		})
	}
}
