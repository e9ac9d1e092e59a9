package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/matryer/is"
)

// Every panel says what it shows, in which unit, and asks a data source that can be
// chosen; none lies upon another.
func TestThePanelsOfTheDashboard(t *testing.T) {
	is := is.New(t)
	var d dashboard
	read(t, "stack/dashboards/ergon.json", &d)
	chosen := map[string]string{}
	for _, v := range d.Templating.List {
		if v.Type == "datasource" {
			chosen["${"+v.Name+"}"] = v.Name
		}
	}
	is.Equal(len(chosen), 3)
	seen, ids := map[[2]int]string{}, map[int]bool{}
	for _, p := range d.Panels {
		is.True(p.Title != "" && !ids[p.ID])
		ids[p.ID] = true
		for x := range p.GridPos.W {
			for y := range p.GridPos.H {
				at := [2]int{p.GridPos.X + x, p.GridPos.Y + y}
				is.Equal(seen[at], "") // another panel is there
				seen[at] = p.Title
			}
		}
		if p.Type == "row" {
			continue
		}
		is.True(p.Description != "" && p.FieldConfig.Defaults.Unit != "" && len(p.Targets) > 0)
		is.Equal(chosen[p.Datasource.UID], p.Datasource.Type)
		for _, target := range p.Targets {
			is.Equal(target.Datasource.UID, p.Datasource.UID)
			if target.Datasource.Type == "prometheus" {
				is.True(strings.Contains(target.Expr, "$service") && strings.Contains(target.Expr, "$pipeline"))
			}
		}
	}
	var names []string
	for _, v := range d.Templating.List {
		names = append(names, v.Name)
	}
	is.True(slices.Contains(names, "service") && slices.Contains(names, "pipeline"))
}

// Every alert says whom it wakes, what has happened and where to look.
func TestTheAlerts(t *testing.T) {
	is := is.New(t)
	var r rules
	read(t, "stack/rules.yaml", &r)
	var names []string
	for _, rule := range r.Groups[0].Rules {
		names = append(names, rule.Alert)
		is.True(rule.Labels["severity"] == "page" || rule.Labels["severity"] == "ticket")
		is.True(strings.Contains(rule.Annotations["summary"], "$labels.ergon_pipeline") && rule.Annotations["description"] != "")
	}
	is.Equal(names, []string{"ErgonOldestGrows", "ErgonNothingSettled", "ErgonDeadLetters", "ErgonStageSaturated", "ErgonUnsettled", "ErgonLeasesNotExtended", "ErgonContractBroken"})
}

// Images are pinned, ports are open to this machine alone, and what is mounted is there.
func TestCompose(t *testing.T) {
	is := is.New(t)
	var c struct {
		Services map[string]struct {
			Image          string
			Ports, Volumes []string
			DependsOn      []string `yaml:"depends_on"`
		}
	}
	read(t, "compose.yaml", &c)
	is.Equal(len(c.Services), 5)
	pinned := regexp.MustCompile(`^[a-z/-]+:v?\d+\.\d+\.\d+$`)
	for _, s := range c.Services {
		is.True(pinned.MatchString(s.Image))
		for _, p := range s.Ports {
			is.True(strings.HasPrefix(p, "127.0.0.1:"))
		}
		for _, v := range s.Volumes {
			path, _, _ := strings.Cut(v, ":")
			_, err := os.Stat(path)
			is.NoErr(err)
		}
		for _, name := range s.DependsOn {
			_, some := c.Services[name]
			is.True(some)
		}
	}
	for _, path := range files(t) {
		raw, err := os.ReadFile(path) //nolint:gosec // a file of ours
		is.NoErr(err)
		for _, m := range regexp.MustCompile(`https?://([a-z]+):\d+|"([a-z]+):4317"`).FindAllStringSubmatch(string(raw), -1) {
			_, some := c.Services[m[1]+m[2]]
			is.True(some) // what is called is a service
		}
	}
}

// What comes in goes out, through what there is.
func TestTheCollector(t *testing.T) {
	is := is.New(t)
	var c struct {
		Receivers, Processors, Exporters map[string]any
		Service                          struct {
			Pipelines map[string]struct{ Receivers, Processors, Exporters []string }
		}
	}
	read(t, "stack/collector.yaml", &c)
	for _, signal := range []string{"traces", "metrics", "logs"} {
		p := c.Service.Pipelines[signal]
		is.True(len(p.Exporters) == 1 && len(p.Receivers) == 1)
		for _, part := range []struct {
			of    map[string]any
			names []string
		}{{c.Receivers, p.Receivers}, {c.Processors, p.Processors}, {c.Exporters, p.Exporters}} {
			for _, name := range part.names {
				_, some := part.of[name]
				is.True(some)
			}
		}
	}
}

// Logs lead to traces, and traces to logs.
func TestLogsAndTracesLeadToEachOther(t *testing.T) {
	is := is.New(t)
	var c struct {
		Datasources []struct {
			UID, Type string
			JSONData  struct {
				TracesToLogs struct {
					DatasourceUID string `yaml:"datasourceUid"`
					Query         string
				} `yaml:"tracesToLogsV2"`
				DerivedFields []struct {
					MatcherRegex  string `yaml:"matcherRegex"`
					DatasourceUID string `yaml:"datasourceUid"`
				} `yaml:"derivedFields"`
				Exemplars []struct {
					Name          string
					DatasourceUID string `yaml:"datasourceUid"`
				} `yaml:"exemplarTraceIdDestinations"`
			} `yaml:"jsonData"`
		}
	}
	read(t, "stack/provisioning/datasources/ergon.yaml", &c)
	for _, s := range c.Datasources {
		switch s.Type {
		case "loki":
			is.Equal(s.JSONData.DerivedFields[0].DatasourceUID+" "+s.JSONData.DerivedFields[0].MatcherRegex, "tempo trace_id")
		case "tempo":
			is.Equal(s.JSONData.TracesToLogs.DatasourceUID, "loki")
			is.True(strings.Contains(s.JSONData.TracesToLogs.Query, "trace_id="))
		case "prometheus":
			is.Equal(s.JSONData.Exemplars[0].DatasourceUID+" "+s.JSONData.Exemplars[0].Name, "tempo trace_id")
		}
	}
	is.Equal(len(c.Datasources), 3)
}
