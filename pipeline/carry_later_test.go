package pipeline_test

import (
	"context"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/retry"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/stage"
)

// Where what is carried on hangs, whoever carries it is relieved: what is fetched
// later does not wait for it. Each number comes when everybody waits for it, so that
// it is carried on, whatever the processors.
func TestNothingThatIsFetchedLaterWaitsForWhatIsCarriedOn(t *testing.T) {
	const hung = 300
	hang := func(_ context.Context, v int) (int, error) {
		if v == hung {
			time.Sleep(time.Hour)
		}
		return v, nil
	}
	patient := stage.Retry(retry.Policy{AttemptTimeout: 2 * time.Hour})
	for _, c := range []struct {
		name  string
		build func(pipeline.Flow[int, int]) pipeline.Flow[int, int]
	}{
		{"by who fetches", func(f pipeline.Flow[int, int]) pipeline.Flow[int, int] {
			return f.Map(hang, stage.Workers(2), patient)
		}},
		{"by the only worker of a stage", func(f pipeline.Flow[int, int]) pipeline.Flow[int, int] {
			return f.Map(same).Map(hang, stage.Workers(2), patient)
		}},
	} {
		inBubble(t, c.name, func(t *testing.T) {
			is := is.New(t)
			began, late := time.Now(), 0
			p := c.build(pipeline.From(drippingEvery(time.Microsecond, 1000))).To(sink.Each(func(_ context.Context, v int) error {
				if v > hung && time.Since(began) > time.Minute {
					late++
				}
				return nil
			}))
			is.NoErr(p.Run(t.Context()))
			is.Equal(late, 0)
			is.Equal(p.Ledger(), ergon.Ledger{Fetched: 1000, Succeeded: 1000})
		})
	}
}
