package report

import (
	"fmt"
	"slices"

	"github.com/ergon-go/ergon/bench/internal/measure"
)

// compared returns the scenarios that have a variant for each peer.
func compared(all []measure.Outcome) []measure.Outcome {
	return slices.DeleteFunc(slices.Clone(all), func(o measure.Outcome) bool { return o.Scenario.Base == "" })
}

// peersTable has a row for each peer and a column for each shape: nanoseconds for
// each item, how many times the base that is, and allocations.
func peersTable(all []measure.Outcome) [][]string {
	shapes := compared(all)
	if len(shapes) == 0 {
		return nil
	}
	head, line := []string{"ns per item (÷ by hand) allocations"}, []string{"---"}
	var names []string
	for _, o := range shapes {
		head, line = append(head, o.Scenario.Title), append(line, "---:")
		for _, v := range o.Scenario.Variants {
			if !slices.Contains(names, v.Name) {
				names = append(names, v.Name)
			}
		}
	}
	rows := [][]string{head, line}
	for _, name := range names {
		cells := []string{name}
		for _, o := range shapes {
			cells = append(cells, peerCell(o, name))
		}
		rows = append(rows, cells)
	}
	return rows
}

func peerCell(o measure.Outcome, name string) string {
	if o.Scenario.Variant(name) == nil {
		return "–"
	}
	ratios := make([]float64, len(o.Rounds))
	for i, r := range o.Rounds {
		ratios[i] = r.Ratio(name, o.Scenario.Base)
	}
	return fmt.Sprintf("%.0f (%.2f) %.3g", o.Values(name).Median, measure.IntervalOf(ratios).Median, max(0, o.Allocs(name).Median))
}

// scenarioTable is the samples of one scenario.
type scenarioTable struct {
	Title string
	Rows  [][]string
}

// scenarioTables are those of the scenarios that are not in the table of peers.
func scenarioTables(all []measure.Outcome) []scenarioTable {
	var tables []scenarioTable
	for _, o := range all {
		if o.Scenario.Base != "" {
			continue
		}
		t := scenarioTable{Title: o.Scenario.Title, Rows: [][]string{{"variant", "median", "95 % interval"}, {"---", "---:", "---:"}}}
		for _, v := range o.Scenario.Variants {
			i, u := o.Values(v.Name), o.Scenario.Unit
			t.Rows = append(t.Rows, []string{v.Name, u.Format(i.Median), u.Format(i.Low) + " … " + u.Format(i.High)})
		}
		tables = append(tables, t)
	}
	return tables
}

// notes are what a reader must know of each peer, once.
func notes(all []measure.Outcome) [][]string {
	var rows [][]string
	var seen []string
	for _, o := range all {
		for _, v := range o.Scenario.Variants {
			if v.Note != "" && !slices.Contains(seen, v.Name) {
				seen = append(seen, v.Name)
				rows = append(rows, []string{v.Name, v.Note})
			}
		}
	}
	return rows
}
