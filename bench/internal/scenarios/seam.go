package scenarios

import (
	"context"

	"github.com/ergon-go/ergon/bench/internal/measure"
)

// seam is what watching costs where nobody watches.
func seam() Maker {
	return Maker{Name: "seam", Title: "The seam for observers, with none", Goals: []string{"P8"}, Open: openSeam}
}

func openSeam(ctx context.Context, s Settings) (*measure.Scenario, error) {
	e, err := buildEngine(ctx, s)
	if err != nil {
		return nil, err
	}
	return &measure.Scenario{
		Unit: measure.Nanos, Variants: e.variants("Unwatched", "bare", "seam"),
		Figures: []measure.Figure{over("P8", "the seam with no observer, one attempt", "Unwatched/seam", "Unwatched/bare", 2, 1)},
	}, nil
}
