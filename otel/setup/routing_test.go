package setup_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon"
	"github.com/ergon-go/ergon/ergontest"
	"github.com/ergon-go/ergon/otel/setup"
	"github.com/ergon-go/ergon/pipeline"
	"github.com/ergon-go/ergon/sink"
	"github.com/ergon-go/ergon/source"
	"github.com/ergon-go/ergon/stage"
)

// says runs a pipeline of that name, whose only stage says something at two levels,
// inside a group too.
func says(t *testing.T, telemetry *setup.Telemetry, name string) {
	t.Helper()
	log := telemetry.Logger()
	p := pipeline.From(source.Slice([]int{1}), pipeline.Named(name), pipeline.Observe(telemetry.Observer())).
		Map(func(ctx context.Context, v int) (int, error) {
			log.WithGroup("of").With("n", v).DebugContext(ctx, "debug of "+name)
			log.InfoContext(ctx, "info of "+name)
			return v, nil
		}, stage.Named("say")).To(sink.Discard[int]())
	is.New(t).NoErr(p.Run(t.Context()))
}

// told returns which of what was said is in a text.
func told(text string) (all []string) {
	for _, what := range []string{"debug of shop", "info of shop", "debug of depot", "info of depot", "no pipeline"} {
		if strings.Contains(text, what) {
			all = append(all, what)
		}
	}
	return all
}

// Levels and routes decide, by pipeline, what is logged and where.
func TestLogsAreRoutedByPipelineAndLevel(t *testing.T) {
	quiet(t)
	for _, c := range []struct {
		name                   string
		levels                 map[string]slog.Leveler
		route                  setup.Route
		console, routed, filed []string
	}{
		{"one pipeline is debugged", map[string]slog.Leveler{"shop": slog.LevelDebug}, setup.Route{Pipelines: []string{"none"}},
			[]string{"debug of shop", "info of shop", "info of depot", "no pipeline"}, nil, []string{"debug of shop", "info of shop", "info of depot", "no pipeline"}},
		{"one pipeline is quiet", map[string]slog.Leveler{"depot": slog.LevelError}, setup.Route{Pipelines: []string{"none"}},
			[]string{"info of shop", "no pipeline"}, nil, []string{"info of shop", "no pipeline"}},
		{"one more place for one pipeline", nil, setup.Route{Pipelines: []string{"depot"}, Level: slog.LevelDebug},
			[]string{"info of shop", "info of depot", "no pipeline"}, []string{"debug of depot", "info of depot"}, []string{"info of shop", "info of depot", "no pipeline"}},
		{"a place of its own", nil, setup.Route{Pipelines: []string{"depot"}, Only: true},
			[]string{"info of shop", "no pipeline"}, []string{"info of depot"}, []string{"info of shop", "no pipeline"}},
		{"a place for all", nil, setup.Route{Level: slog.LevelDebug},
			[]string{"info of shop", "info of depot", "no pipeline"}, []string{"debug of shop", "info of shop", "debug of depot", "info of depot", "no pipeline"}, []string{"info of shop", "info of depot", "no pipeline"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := is.New(t)
			var console, routed bytes.Buffer
			path := filepath.Join(t.TempDir(), "all.json")
			c.route.To = slog.NewTextHandler(&routed, &slog.HandlerOptions{Level: slog.LevelDebug})
			telemetry, err := setup.New(t.Context(), setup.Config{Console: &console, File: path, Levels: c.levels, Routes: []setup.Route{c.route}})
			is.NoErr(err)
			says(t, telemetry, "shop")
			says(t, telemetry, "depot")
			telemetry.Logger().Info("no pipeline")
			is.NoErr(telemetry.Shutdown(t.Context()))
			file, err := os.ReadFile(path)
			is.NoErr(err)
			is.Equal(told(console.String()), c.console)
			is.Equal(told(routed.String()), c.routed)
			is.Equal(told(string(file)), c.filed)
		})
	}
}

// A route may end in a file of its own.
func TestARouteEndsInAFile(t *testing.T) {
	quiet(t)
	is := is.New(t)
	path := filepath.Join(t.TempDir(), "depot.json")
	telemetry, err := setup.New(t.Context(), setup.Config{Console: io.Discard, Routes: []setup.Route{{Pipelines: []string{"depot"}, File: path}}})
	is.NoErr(err)
	says(t, telemetry, "shop")
	says(t, telemetry, "depot")
	is.NoErr(telemetry.Shutdown(t.Context()))
	file, err := os.ReadFile(path)
	is.NoErr(err)
	is.Equal(told(string(file)), []string{"info of depot"})
	_, err = setup.New(t.Context(), setup.Config{Console: io.Discard, Routes: []setup.Route{{File: t.TempDir()}}})
	is.True(err != nil && strings.Contains(err.Error(), "the file of logs"))
}

// A handler at the end of a route that fails or panics takes nothing from the others,
// and nothing from the pipeline.
func TestARouteThatFailsTakesNothingAlong(t *testing.T) {
	quiet(t)
	for name, fault := range map[string]error{"fails": errors.New("no"), "panics": nil} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			var fine ergontest.Logs
			telemetry, err := setup.New(t.Context(), setup.Config{Console: broken{fault}, Format: setup.JSON, Routes: []setup.Route{
				{To: slog.NewTextHandler(broken{fault}, nil)}, {To: &fine},
			}})
			is.NoErr(err)
			says(t, telemetry, "shop") // which succeeds
			is.NoErr(telemetry.Shutdown(t.Context()))
			is.Equal(len(fine.All().Saying("info of shop")), 1)
		})
	}
}

func TestRoutesThatAreWrongAreAllTold(t *testing.T) {
	is := is.New(t)
	err := setup.Config{
		Levels: map[string]slog.Leveler{"shop": nil}, File: "a.json",
		Routes: []setup.Route{{}, {To: slog.DiscardHandler, File: "x"}, {To: slog.DiscardHandler, Pipelines: []string{""}}, {File: "a.json"}},
	}.Validate()
	is.True(errors.Is(err, ergon.ErrConfig))
	for _, text := range []string{`Levels: "shop"`, "Routes[0]: it must", "Routes[1]: it must", "Routes[2]: a name", "Routes[3]: its File"} {
		is.True(strings.Contains(err.Error(), text))
	}
}
