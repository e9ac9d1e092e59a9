package pipeline_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

// Combinations that could not keep the order they promise are refused.
func TestOrderThatCannotBeKeptIsRefused(t *testing.T) {
	key := func(ergon.Transaction[int]) string { return "" }
	src := func() pipeline.Flow[int, int] { return pipeline.From(source.Slice([]int{1})) }
	to := &ergontest.Sink[int]{}
	groups := &ergontest.Sink[[]int]{}
	rows := []struct {
		name string
		p    pipeline.Pipeline
		why  string // empty: it is allowed
	}{
		{"KeyBy below several workers", src().Map(unchanged, stage.Workers(2)).KeyBy(key).To(to), "several workers"},
		{"KeyBy below one worker", src().Map(unchanged).KeyBy(key).To(to), ""},
		{"KeyBy below Ordered", src().Ordered().Map(unchanged, stage.Workers(2)).KeyBy(key).To(to), ""},
		{"KeyBy below a late Ordered", src().Map(unchanged, stage.Workers(2)).Ordered().KeyBy(key).To(to), ""},
		{"Group below KeyBy", src().KeyBy(key).Group(2, 0).To(groups), "mixes keys"},
		{"Group below KeyBy, keyed again", src().KeyBy(key).Group(2, 0).KeyBy(func(ergon.Transaction[[]int]) string { return "" }).To(groups), ""},
		{"Ordered below Group", src().Group(2, 0).Ordered().To(groups), "below Group"},
		{"Ordered with several workers at the sink", src().Ordered().To(to, stage.Workers(2)), "one Dispatch at a time"},
		{"KeyBy with several workers at the sink", src().KeyBy(key).To(to, stage.Workers(2)), ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			is := is.New(t)
			err := row.p.Validate()
			if row.why == "" {
				is.NoErr(err)
				return
			}
			var fault *ergon.ConfigError
			is.True(errors.As(err, &fault))
			is.True(strings.Contains(err.Error(), row.why))
		})
	}
}
