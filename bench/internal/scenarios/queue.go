package scenarios

import (
	"context"
	"errors"

	"github.com/ergon-go/ergon/bench/internal/measure"
)

func queue() Maker { return Maker{Name: "queue", Open: func(context.Context, Settings) (*measure.Scenario, error) { return nil, errors.New("x") }} }
func orders() Maker { return Maker{Name: "orders", Open: func(context.Context, Settings) (*measure.Scenario, error) { return nil, errors.New("x") }} }
