package scenarios

import (
	"context"

	"github.com/ergon-go/ergon/bench/internal/measure"
)

// seam is what watching costs where nobody watches.
func seam() Maker {
	return Maker{Name: "seam", Title: "The seam for observers, with none", Open: openSeam}
}

func openSeam(ctx context.Context, s Settings) (*measure.Scenario, error) {
	e, err := buildEngine(ctx, s)
	if err != nil {
		return nil, err
	}
	return &measure.Scenario{
		Unit: measure.Nanos, Variants: e.variants("Unwatched", "bare", "seam"),
		Figures: []measure.Figure{{
			Goal: "P8", What: "the seam with no observer, one attempt", Unit: measure.Nanos, Must: 2, Aim: 1,
			Of: func(r measure.Round) float64 { return r["Unwatched/seam"].Value - r["Unwatched/bare"].Value },
		}},
	}, nil
}
