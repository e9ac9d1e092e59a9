package house

import (
	"fmt"
	"go/ast"
	"go/doc"
	"go/token"
	"maps"
	"slices"
	"strings"
)

// needNoExample lists verbs that need no Example, "package.Name" or
// "package.Type.Name", and why. It is for what the rules of verbs do not see.
var needNoExample = map[string]string{}

// wellKnownMethods are those that every Go programmer knows from the standard
// library's interfaces.
var wellKnownMethods = []string{
	"Error", "Unwrap", "Is", "As", "String", "GoString", "Format", "LogValue", "Timeout",
	"MarshalText", "UnmarshalText", "MarshalJSON", "UnmarshalJSON", "Read", "Write", "Close",
	"Enabled", "Handle", "WithAttrs", "WithGroup", // of slog.Handler
}

// documented is a package as its documentation shows it.
type documented struct {
	rel      string
	doc      *doc.Package
	examples []*doc.Example
}

// document reads a package with its tests.
func (p goPackage) document() (documented, error) {
	fset := token.NewFileSet()
	tests, err := p.parsed(fset, append(slices.Clone(p.TestGoFiles), p.XTestGoFiles...)...)
	if err != nil {
		return documented{}, err
	}
	files, err := p.parsed(fset, p.GoFiles...)
	if err != nil {
		return documented{}, err
	}
	return documentOf(fset, p.rel(), files, tests)
}

// documentOf puts the documentation of a package together.
func documentOf(fset *token.FileSet, rel string, files, tests []*ast.File) (documented, error) {
	d := documented{rel: rel, examples: doc.Examples(tests...)}
	var err error
	d.doc, err = doc.NewFromFiles(fset, append(files, tests...), rel)
	return d, err
}

// exampleFaults returns the verbs of public packages without an Example, the
// Examples that check nothing, and exemptions that nothing needs.
func exampleFaults(packages []documented, exempt map[string]string) []string {
	contracts := slices.Clone(wellKnownMethods)
	for _, p := range packages {
		contracts = append(contracts, p.contracts()...)
	}
	var faults []string
	idle := maps.Clone(exempt)
	for _, p := range packages {
		for verb, shown := range p.verbs(contracts) {
			if reason, excused := exempt[verb]; excused && !shown && reason != "" {
				delete(idle, verb)
			} else if !shown {
				faults = append(faults, verb+" has no Example")
			}
		}
		for _, example := range p.examples {
			if example.Output == "" && !example.EmptyOutput {
				faults = append(faults, fmt.Sprintf("%s: Example%s checks no output", p.rel, example.Name))
			}
		}
	}
	for verb := range idle {
		faults = append(faults, verb+" is exempt from having an Example for no reason")
	}
	slices.Sort(faults)
	return faults
}

// verbs returns what users call of a package, and whether an Example shows it.
func (d documented) verbs(contracts []string) map[string]bool {
	verbs := map[string]bool{}
	add := func(of string, f *doc.Func) {
		if of != "" && (slices.Contains(contracts, f.Name) || accessor(f.Decl)) || forTests(f.Decl) {
			return
		}
		verbs[d.doc.Name+"."+of+f.Name] = len(f.Examples) > 0
	}
	for _, f := range d.doc.Funcs {
		add("", f)
	}
	for _, t := range d.doc.Types {
		for _, f := range t.Funcs {
			add("", f)
		}
		for _, m := range t.Methods {
			if m.Name != "Validate" || !endpoint(t) {
				add(t.Name+".", m)
			}
		}
	}
	return verbs
}

// endpoint reports whether a type is a source or a sink: its Validate is called
// by that of the pipeline.
func endpoint(t *doc.Type) bool {
	return slices.ContainsFunc(t.Methods, func(m *doc.Func) bool { return m.Name == "Fetch" || m.Name == "Dispatch" })
}

// contracts returns the methods of a package's interfaces: whoever implements
// one of those is called by ergon, not by the user.
func (d documented) contracts() []string {
	var names []string
	for _, t := range d.doc.Types {
		for _, spec := range t.Decl.Specs {
			spec, ok := spec.(*ast.TypeSpec)
			if !ok {
				continue
			}
			if of, ok := spec.Type.(*ast.InterfaceType); ok {
				for _, m := range of.Methods.List {
					for _, name := range m.Names {
						names = append(names, name.Name)
					}
				}
			}
		}
	}
	return names
}

// accessor reports whether a method only says something of its value: it takes
// nothing, and what it returns is neither an error nor another such value.
func accessor(decl *ast.FuncDecl) bool {
	if decl.Type.Params.NumFields() > 0 || decl.Type.Results.NumFields() == 0 {
		return false
	}
	results := decl.Type.Results.List
	last := receiver(results[len(results)-1].Type)
	return last != "error" && last != receiver(decl.Recv.List[0].Type)
}

// forTests reports whether a function needs a test around it, which an Example
// has not.
func forTests(decl *ast.FuncDecl) bool {
	for _, param := range decl.Type.Params.List {
		expr := param.Type
		if star, ok := expr.(*ast.StarExpr); ok {
			expr = star.X
		}
		if selector, ok := expr.(*ast.SelectorExpr); ok {
			of, _ := selector.X.(*ast.Ident)
			if of != nil && of.Name == "testing" && (strings.HasPrefix(selector.Sel.Name, "T") || selector.Sel.Name == "F") {
				return true
			}
		}
	}
	return false
}
