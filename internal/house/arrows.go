package house

import (
	"fmt"
	"slices"
	"strings"
)

// anything stands in the rules for a tree that may import every other.
const anything = "*"

// mayImport says for each tree of packages which other trees of ours its
// non-test code may import. What it may not, it may not through internal
// packages either. A tree that stands in no row is a fault.
var mayImport = map[string][]string{
	".":         {},
	"retry":     {"."},
	"stage":     {".", "retry"},
	"pipeline":  {".", "retry", "stage"},
	"task":      {".", "retry", "stage", "pipeline", "source", "sink", "service", "otel"},
	"source":    {".", "retry"},
	"sink":      {".", "retry"},
	"service":   {".", "retry"},
	"otel":      {".", "retry"},
	"connector": {".", "retry", "service"},
	"live":      {".", "retry", "stage", "pipeline", "sink", "otel"}, // all but the pipeline and otel for its samples
	"ergontest": {".", "retry", "stage", "pipeline", "source", "sink", "service", "otel"},
	"examples":  {anything},
	"bench":     {anything},
	"internal":  {anything},
}

// mayDependOn lists what the root module's packages may import of others: every
// user of ergon depends on these.
var mayDependOn = []string{
	"github.com/sourcegraph/conc",
	"github.com/cenkalti/backoff/v4",
	"go.opentelemetry.io/otel",
	"github.com/samber/slog-multi",
	"github.com/matryer/is",
}

// mayNotDependOn takes back parts of mayDependOn: the root module knows the API
// of OpenTelemetry only.
var mayNotDependOn = []string{
	"go.opentelemetry.io/otel/sdk",
	"go.opentelemetry.io/otel/exporters",
}

// arrowFaults returns every import that points the wrong way.
func arrowFaults(packages []goPackage) []string {
	byPath := map[string]goPackage{}
	for _, p := range packages {
		byPath[p.ImportPath] = p
	}
	var faults []string
	for _, p := range packages {
		if _, known := mayImport[tree(p.rel())]; !known {
			faults = append(faults, fmt.Sprintf("%s belongs to no tree: say in mayImport what it may import", p.rel()))
			continue
		}
		faults = append(faults, inwardFaults(p, byPath)...)
		faults = append(faults, outwardFaults(p)...)
	}
	slices.Sort(faults)
	return faults
}

// inwardFaults returns the faulty imports of packages of ours.
func inwardFaults(p goPackage, byPath map[string]goPackage) []string {
	var faults []string
	for target, through := range reached(p, byPath) {
		if allowed(p.rel(), below(target)) {
			continue
		}
		fault := fmt.Sprintf("%s imports %s", p.rel(), below(target))
		if through != "" {
			fault += " through " + below(through)
		}
		faults = append(faults, fault)
	}
	return faults
}

// reached returns the packages of ours that a package imports, itself or through
// internal ones, and which internal one that is.
func reached(p goPackage, byPath map[string]goPackage) map[string]string {
	reached := map[string]string{}
	var visit func(p goPackage, through string)
	visit = func(p goPackage, through string) {
		for _, path := range p.Imports {
			if _, seen := reached[path]; seen || !ours(path) {
				continue
			}
			reached[path] = through
			if tree(below(path)) == "internal" {
				visit(byPath[path], path)
			}
		}
	}
	visit(p, "")
	return reached
}

// allowed reports whether a package may import another, both of ours. Packages
// of one tree may import each other.
func allowed(from, to string) bool {
	rule, target := mayImport[tree(from)], tree(to)
	switch {
	case from == ".":
		return false
	case slices.Contains(rule, anything), target == "internal":
		return true
	case target == tree(from):
		return target != "connector" || connector(from) == connector(to)
	}
	return slices.Contains(rule, target)
}

// outwardFaults returns the faulty imports of packages of others.
func outwardFaults(p goPackage) []string {
	if p.Module.Path != modulePath {
		return nil
	}
	var faults []string
	for _, path := range p.Imports {
		host, _, _ := strings.Cut(path, "/")
		if !strings.Contains(host, ".") || ours(path) {
			continue
		}
		if p.rel() == "." || !within(path, mayDependOn) || within(path, mayNotDependOn) {
			faults = append(faults, fmt.Sprintf("%s imports %s: heavy clients belong into nested modules", p.rel(), path))
		}
	}
	return faults
}

// within reports whether a path is one of the given ones or below one.
func within(path string, these []string) bool {
	return slices.ContainsFunc(these, func(this string) bool {
		return path == this || strings.HasPrefix(path, this+"/")
	})
}

// tree returns the first element of a relative path.
func tree(rel string) string {
	first, _, _ := strings.Cut(rel, "/")
	return first
}

// connector returns the system that a package below connector/ is for.
func connector(rel string) string {
	system, _, _ := strings.Cut(strings.TrimPrefix(rel, "connector/"), "/")
	return system
}
