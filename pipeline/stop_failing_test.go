package pipeline_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
)

// A run that is stopped while a sink is down says what was wrong, not only that
// something is left.
func TestAStopSaysWhatWasFailing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		errDown := errors.New("no route to the database")
		down := sink.Func(func(context.Context, []ergon.Transaction[int]) error { return errDown })
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		err := pipeline.From(source.Slice([]int{1})).To(down).Run(ctx)
		drain, ok := errors.AsType[*pipeline.DrainError](err)
		is.True(ok)
		is.Equal(drain.Released, int64(1))
		is.Equal(len(drain.Failing), 1)
		is.Equal(drain.Failing[0].Stage, "sink")
		is.True(drain.Failing[0].Times > 10)
		is.True(errors.Is(err, errDown))
		is.True(strings.Contains(err.Error(), `"sink" was failing`))
		is.True(strings.Contains(err.Error(), "no route to the database"))
	})
}
