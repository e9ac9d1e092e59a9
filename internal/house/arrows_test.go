package house

import (
	"slices"
	"strings"
	"testing"

	"github.com/matryer/is"
)

func TestArrowsPointDown(t *testing.T) {
	is := is.New(t)
	w, err := here()
	is.NoErr(err)
	packages, err := w.packages()
	is.NoErr(err)
	is.True(len(packages) > 5) // the workspace was found
	report(t, "imports that point the wrong way", arrowFaults(packages))
}

func TestArrowFaults(t *testing.T) {
	for _, tc := range []struct {
		name  string
		graph map[string]string // package -> what it imports
		want  []string
	}{
		{
			name: "the layers as they are meant",
			graph: map[string]string{
				".": "context", "retry": ". github.com/cenkalti/backoff/v4", "stage": ". retry", "pipeline": ". retry stage internal/seam",
				"task": "pipeline stage", "source": ". retry internal/files", "internal/files": "os", "internal/seam": ".",
				"connector/sqlite": ". retry service modernc.org/sqlite", "ergontest": "pipeline source", "examples/orders": "task pipeline connector/sqlite",
			},
		},
		{name: "the root imports one of ours", graph: map[string]string{".": "retry", "retry": ""}, want: []string{". imports retry"}},
		{name: "the root imports an internal one", graph: map[string]string{".": "internal/x", "internal/x": ""}, want: []string{". imports internal/x"}},
		{
			name: "the root imports what others wrote", graph: map[string]string{".": "github.com/sourcegraph/conc"},
			want: []string{". imports github.com/sourcegraph/conc: heavy clients belong into nested modules"},
		},
		{
			name: "an arrow up", graph: map[string]string{"retry": "stage", "stage": "pipeline", "pipeline": "task", "task": ""},
			want: []string{"pipeline imports task", "retry imports stage", "stage imports pipeline"},
		},
		{
			name: "connectors know the engine", graph: map[string]string{"source": "stage", "sink": "pipeline", "connector/sqlite": "pipeline", "otel/setup": "stage", "pipeline": "", "stage": ""},
			want: []string{"connector/sqlite imports pipeline", "otel/setup imports stage", "sink imports pipeline", "source imports stage"},
		},
		{
			name: "the engine behind an internal package", graph: map[string]string{"source": "internal/a", "internal/a": "internal/b", "internal/b": "pipeline", "pipeline": ""},
			want: []string{"source imports pipeline through internal/b"},
		},
		{
			name: "a connector that leans on another", graph: map[string]string{"connector/kafka": "connector/sqlite", "connector/sqlite": "connector/sqlite/dialect", "connector/sqlite/dialect": ""},
			want: []string{"connector/kafka imports connector/sqlite"},
		},
		{name: "the test kit imports task", graph: map[string]string{"ergontest": "task", "task": ""}, want: []string{"ergontest imports task"}},
		{
			name: "a heavy client in the root module", graph: map[string]string{"source": "go.opentelemetry.io/otel/sdk/trace", "sink": "modernc.org/sqlite"},
			want: []string{
				"sink imports modernc.org/sqlite: heavy clients belong into nested modules",
				"source imports go.opentelemetry.io/otel/sdk/trace: heavy clients belong into nested modules",
			},
		},
		{name: "a folder nobody knows", graph: map[string]string{"helpers": ""}, want: []string{"helpers belongs to no tree: say in mayImport what it may import"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			is := is.New(t)
			is.Equal(arrowFaults(graphOf(tc.graph)), tc.want)
		})
	}
}

// graphOf makes packages of a made-up graph. Connectors and examples are nested
// modules in it, as they are here.
func graphOf(graph map[string]string) []goPackage {
	var packages []goPackage
	for rel, imports := range graph {
		p := goPackage{ImportPath: full(rel), Name: "p"}
		p.Module.Path = modulePath
		if slices.Contains([]string{"connector", "examples"}, tree(rel)) {
			p.Module.Path = full(rel)
		}
		for path := range strings.FieldsSeq(imports) {
			if _, own := graph[path]; own || path == "." {
				path = full(path)
			} else if _, known := mayImport[tree(path)]; known {
				path = full(path)
			}
			p.Imports = append(p.Imports, path)
		}
		packages = append(packages, p)
	}
	return packages
}

func full(rel string) string {
	if rel == "." {
		return modulePath
	}
	return modulePath + "/" + rel
}

// report fails a test with all faults at once.
func report(t *testing.T, what string, faults []string) {
	t.Helper()
	if len(faults) > 0 {
		t.Errorf("%d %s:\n%s", len(faults), what, strings.Join(faults, "\n"))
	}
}
