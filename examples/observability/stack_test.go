package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/matryer/is"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"
)

// query is something that is asked of a data source, and where it stands.
type query struct{ where, kind, text string }

// read reads a file of the stack.
func read(t *testing.T, path string, into any) {
	t.Helper()
	raw, err := os.ReadFile(path) //nolint:gosec // a file of ours
	is.New(t).NoErr(err)
	if strings.HasSuffix(path, ".json") {
		err = json.Unmarshal(raw, into)
	} else {
		err = yaml.Unmarshal(raw, into)
	}
	is.New(t).NoErr(err)
}

type dashboard struct {
	Title      string
	Panels     []panel
	Templating struct {
		List []struct{ Name, Type, Definition string }
	}
	Annotations struct {
		List []struct{ Name, Expr string }
	}
}

type panel struct {
	ID                       int
	Title, Type, Description string
	Datasource               *reference
	Targets                  []struct {
		Datasource  *reference
		Expr, Query string
	}
	FieldConfig struct{ Defaults struct{ Unit string } } `json:"fieldConfig"`
	GridPos     struct{ X, Y, W, H int }                 `json:"gridPos"`
}

type reference struct{ Type, UID string }

type rules struct {
	Groups []struct {
		Rules []struct {
			Alert, Expr, For    string
			Labels, Annotations map[string]string
		}
	}
}

// queries returns everything that is asked of Prometheus, Loki and Tempo.
func queries(t *testing.T) []query {
	t.Helper()
	var d dashboard
	read(t, "stack/dashboards/ergon.json", &d)
	var all []query
	for _, p := range d.Panels {
		for _, target := range p.Targets {
			all = append(all, query{p.Title, target.Datasource.Type, target.Expr + target.Query})
		}
	}
	var r rules
	read(t, "stack/rules.yaml", &r)
	for _, g := range r.Groups {
		for _, rule := range g.Rules {
			all = append(all, query{rule.Alert, "prometheus", rule.Expr})
		}
	}
	for _, v := range d.Templating.List {
		if values := regexp.MustCompile(`^label_values\((.*), (\w+)\)$`).FindStringSubmatch(v.Definition); values != nil {
			all = append(all, query{v.Name, "prometheus", fmt.Sprintf("sum by (%s) (%s)", values[2], values[1])})
		}
	}
	return all
}

// variables are filled in as Grafana would.
var variables = strings.NewReplacer("$__rate_interval", "5m", "$service", ".*", "$pipeline", ".*")

// Every metric and label that the dashboard and the alerts use is one that is exported,
// with a value that there is.
func TestWhatIsAskedForIsExported(t *testing.T) {
	all := export(t)
	for _, q := range queries(t) {
		if q.kind != "prometheus" {
			continue
		}
		t.Run(q.where, func(t *testing.T) {
			expr, err := parser.NewParser(parser.Options{}).ParseExpr(variables.Replace(q.text))
			is.New(t).NoErr(err)
			for _, fault := range all.faults(expr) {
				t.Errorf("%s: %s", q.text, fault)
			}
		})
	}
}

// given are the labels that Prometheus gives to everything.
var given = []string{"job", "instance", "le"}

// faults returns what an expression asks for that is not exported.
func (e exported) faults(expr parser.Expr) (faults []string) {
	known := map[string]bool{}
	parser.Inspect(expr, func(n parser.Node, _ []parser.Node) error {
		selector, is := n.(*parser.VectorSelector)
		if !is {
			return nil
		}
		exists, some := e.metrics[selector.Name]
		if !some {
			faults = append(faults, "there is no metric "+selector.Name)
		}
		for name := range exists {
			known[name] = true
		}
		for _, m := range selector.LabelMatchers {
			if fault := asked(exists, m); fault != "" {
				faults = append(faults, selector.Name+": "+fault)
			}
		}
		return nil
	})
	parser.Inspect(expr, func(n parser.Node, _ []parser.Node) error {
		if a, is := n.(*parser.AggregateExpr); is {
			for _, name := range a.Grouping {
				if !known[name] && !slices.Contains(given, name) {
					faults = append(faults, "there is no label "+name)
				}
			}
		}
		return nil
	})
	return faults
}

// asked returns what is wrong with a matcher.
func asked(exists map[string]map[string]bool, m *labels.Matcher) string {
	if m.Name == "__name__" || slices.Contains(given, m.Name) {
		return ""
	}
	values, some := exists[m.Name]
	switch {
	case !some:
		return "there is no label " + m.Name
	case m.Value == "":
		return ""
	}
	for v := range values {
		if m.Type == labels.MatchNotEqual && v == m.Value || m.Type != labels.MatchNotEqual && m.Matches(v) {
			return ""
		}
	}
	return fmt.Sprintf("no %s is %q", m.Name, m.Value)
}

// Attributes of records and spans that are asked for are there.
func TestLogsAndTracesHaveWhatIsAskedFor(t *testing.T) {
	is := is.New(t)
	all := export(t)
	found := 0
	for _, q := range queries(t) {
		for _, m := range regexp.MustCompile(`[|&{] *(span\.)?([\w.]+) *=~?`).FindAllStringSubmatch(q.text, -1) {
			switch name := m[2]; {
			case q.kind == "prometheus", strings.HasPrefix(name, "resource."), name == "status", name == "service_name", name == "detected_level":
			case m[1] != "":
				is.True(all.spans[name])
				found++
			default:
				is.True(all.records[name])
				found++
			}
		}
	}
	is.Equal(found, 2)
	for _, name := range []string{"trace_id", "span_id", "pipeline"} { // by which the links go
		is.True(all.records[name])
	}
}

// A query that asks for what is not there is found.
func TestWhatIsNotExportedIsFound(t *testing.T) {
	e := exported{metrics: map[string]map[string]map[string]bool{"a_total": {"ergon_outcome": {"succeeded": true}}}}
	for text, ok := range map[string]bool{
		`rate(a_total{ergon_outcome="succeeded",job="x"}[5m])`: true, `sum by (ergon_outcome, job) (a_total)`: true,
		`b_total`: false, `a_total{ergon_outcome="dead"}`: false, `a_total{ergon_stage="x"}`: false, `sum by (stage) (a_total)`: false, `a_total{ergon_outcome!="dead"}`: false,
	} {
		expr, err := parser.NewParser(parser.Options{}).ParseExpr(text)
		is.New(t).NoErr(err)
		is.New(t).Equal(len(e.faults(expr)) == 0, ok)
	}
}

// files returns all configurations of the stack.
func files(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{"*.yaml", "stack/*.yaml", "stack/*/*/*.yaml"} {
		some, err := filepath.Glob(pattern)
		is.New(t).NoErr(err)
		all = append(all, some...)
	}
	return all
}
