package program

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/ergon-go/ergon/bench/internal/measure"
	"github.com/ergon-go/ergon/bench/internal/scenarios"
)

// choice is a scenario, or as much of it as some goals need.
type choice struct {
	scenarios.Maker

	only []string // nil: all of it
}

// open makes the scenario.
func (c choice) open(ctx context.Context, s scenarios.Settings) (*measure.Scenario, error) {
	o, err := c.Open(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Name, err)
	}
	o.Name, o.Title = c.Name, c.Title
	if c.only != nil {
		o.Only(c.only...)
	}
	return o, nil
}

func everything(all []scenarios.Maker) []choice {
	chosen := make([]choice, len(all))
	for i, m := range all {
		chosen[i] = choice{Maker: m}
	}
	return chosen
}

// choose returns the scenarios that have one of these names, and those that have
// one of these goals, in their own order.
func choose(all []scenarios.Maker, names []string) ([]choice, error) {
	known := map[string]bool{}
	var chosen []choice
	for _, m := range all {
		var goals []string
		for _, goal := range m.Goals {
			if known[goal] = true; slices.Contains(names, goal) {
				goals = append(goals, goal)
			}
		}
		known[m.Name] = true
		if slices.Contains(names, m.Name) {
			chosen = append(chosen, choice{Maker: m})
		} else if goals != nil {
			chosen = append(chosen, choice{m, goals})
		}
	}
	var faults []error
	for _, name := range names {
		if !known[name] {
			faults = append(faults, fmt.Errorf("there is no scenario %q and no such goal; -list names all", name))
		}
	}
	return chosen, errors.Join(faults...)
}

// list writes the names of all scenarios, what they are, and their goals.
func list(out io.Writer, all []scenarios.Maker) error {
	tab := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, m := range all {
		_, _ = fmt.Fprintf(tab, "%s\t%s\t%s\n", m.Name, m.Title, strings.Join(m.Goals, " ")) // Flush says
	}
	return tab.Flush()
}
