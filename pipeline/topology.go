package pipeline

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Topology is the graph of a pipeline as a value.
type Topology struct {
	Name  string
	Nodes []Node
	Edges []Edge
}

// Node is a source, stage, sink or handler.
type Node struct {
	ID      string // unique, a letter and a number
	Name    string
	Kind    string // source, map, filter, sink, on-error …
	Workers int    // calls at once; 0 where it calls nothing
	Batch   int    // how many are taken at once; 0 = one
	Ordered bool   // it keeps the order of fetching
	Keyed   bool   // it keeps the order of each key
	Figures string // how it stands, in a graph With a snapshot; empty otherwise
}

// Edge is a way from one node to another.
type Edge struct {
	From, To string // ids
	Label    string // failures, dead letters, success, best effort; empty for the ordinary way
}

// Topology returns the graph of the pipeline. It may be called before, during
// and after a run, and also when Validate finds faults.
func (p Pipeline) Topology() Topology {
	if p.state == nil {
		return Topology{}
	}
	plan := p.state.description.plan()
	t := &Topology{Name: plan.name}
	if plan.source == nil && len(plan.order) == 0 {
		return *t
	}
	t.Nodes = append(t.Nodes, Node{ID: sourceNode, Name: "source", Kind: "source"})
	ids := map[*step]string{}
	for _, s := range plan.order {
		e := plan.steps[s]
		ids[s] = e.Node
		t.Nodes = append(t.Nodes, Node{
			ID: ids[s], Name: e.Name, Kind: s.kind, Workers: e.Workers, Batch: e.Batch, Ordered: e.Ordered, Keyed: e.Keyed,
		})
	}
	last := t.connect(plan, plan.root, sourceNode, "", ids)
	t.connectEndings(plan, last, ids)
	return *t
}

// connect adds the ways along some steps, and returns where they end in sinks.
func (t *Topology) connect(p *plan, steps []*step, from, label string, ids map[*step]string) (sinks []string) {
	for _, s := range steps {
		if s.kind == "ordered" {
			continue
		}
		t.Edges = append(t.Edges, Edge{From: from, To: ids[s], Label: label})
		from, label = ids[s], ""
		if s.sink != nil && !p.steps[s].Calm { // nobody waits for the others
			sinks = append(sinks, from)
		}
		for i, b := range s.branches {
			way := ""
			switch {
			case p.calm[b]:
				way = "best effort"
			case s.kind == "route":
				way = strconv.Itoa(i)
			}
			sinks = append(sinks, t.connect(p, b.branch, from, way, ids)...)
		}
	}
	return sinks
}

// connectEndings adds the ways of failures, dead letters and successes.
func (t *Topology) connectEndings(p *plan, sinks []string, ids map[*step]string) {
	failures := sourceNode
	for _, s := range p.order {
		switch s.kind {
		case "on-error":
			t.Edges = append(t.Edges, Edge{From: sourceNode, To: ids[s], Label: "failures"})
			failures = ids[s]
		case "dead-letter":
			t.Edges = append(t.Edges, Edge{From: failures, To: ids[s], Label: "dead letters"})
		case "success":
			for _, sink := range sinks {
				t.Edges = append(t.Edges, Edge{From: sink, To: ids[s], Label: "success"})
			}
		}
	}
}

// String is the graph as text, a line for each node with the ways that leave it.
func (t Topology) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "pipeline %q\n", t.Name)
	names := map[string]string{}
	for _, n := range t.Nodes {
		names[n.ID] = onOneLine(n.Name)
	}
	for _, n := range t.Nodes {
		fmt.Fprintf(&b, "  %s", strings.Join(n.parts(), " "))
		for i, e := range t.from(n.ID) {
			sep := ","
			if i == 0 {
				sep = " ->"
			}
			fmt.Fprintf(&b, "%s %s", sep, names[e.To])
			if e.Label != "" {
				fmt.Fprintf(&b, " (%s)", e.Label)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (t Topology) from(id string) []Edge {
	var edges []Edge
	for _, e := range t.Edges {
		if e.From == id {
			edges = append(edges, e)
		}
	}
	return edges
}

// onOneLine returns a name so that it can neither look like several lines nor do
// anything to a terminal: what cannot be seen is escaped as in Go.
func onOneLine(name string) string {
	name = newlines.Replace(name)
	unseen := func(r rune) bool { return !unicode.IsPrint(r) }
	if utf8.ValidString(name) && !strings.ContainsFunc(name, unseen) {
		return name
	}
	quoted := strconv.Quote(name)
	return quoted[1 : len(quoted)-1]
}

// newlines makes one line of several.
var newlines = strings.NewReplacer("\n", " ", "\r", " ")

// parts are what is written on a node.
func (n Node) parts() []string {
	parts := []string{onOneLine(n.Name)}
	if n.Kind != n.Name {
		parts = append(parts, "["+n.Kind+"]")
	}
	if n.Workers > 1 {
		parts = append(parts, fmt.Sprintf("×%d", n.Workers))
	}
	if n.Batch > 1 {
		parts = append(parts, fmt.Sprintf("batch %d", n.Batch))
	}
	if n.Ordered {
		parts = append(parts, "ordered")
	}
	if n.Keyed {
		parts = append(parts, "keyed")
	}
	if n.Figures != "" {
		parts = append(parts, "("+n.Figures+")")
	}
	return parts
}

// Mermaid is the graph as a Mermaid flowchart.
func (t Topology) Mermaid() string {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	for _, n := range t.Nodes {
		open, end := "[\"", "\"]"
		if n.Kind == "source" || n.Kind == "sink" || n.Kind == "dead-letter" {
			open, end = "[(\"", "\")]"
		}
		var lines []string
		for _, part := range n.parts() {
			lines = append(lines, mermaidText.Replace(part))
		}
		fmt.Fprintf(&b, "    %s%s%s%s\n", n.ID, open, strings.Join(lines, "<br/>"), end)
	}
	for _, e := range t.Edges {
		arrow := "-->"
		if e.Label != "" {
			arrow = "-. \"" + mermaidText.Replace(e.Label) + "\" .->"
		}
		fmt.Fprintf(&b, "    %s %s %s\n", e.From, arrow, e.To)
	}
	return b.String()
}

// mermaidText writes a text so that it can neither end its quotes nor be taken
// for markup.
var mermaidText = strings.NewReplacer(`"`, "#quot;", "#", "#35;", "<", "#lt;", ">", "#gt;")

// DOT is the graph in the language of Graphviz.
func (t Topology) DOT() string {
	var b strings.Builder
	fmt.Fprintf(&b, "digraph %q {\n  rankdir=LR;\n", t.Name)
	for _, n := range t.Nodes {
		shape := "box"
		if n.Kind == "source" || n.Kind == "sink" || n.Kind == "dead-letter" {
			shape = "cylinder"
		}
		fmt.Fprintf(&b, "  %s [label=%q shape=%s];\n", n.ID, strings.Join(n.parts(), "\n"), shape)
	}
	for _, e := range t.Edges {
		fmt.Fprintf(&b, "  %s -> %s", e.From, e.To)
		if e.Label != "" {
			fmt.Fprintf(&b, " [label=%q style=dashed]", e.Label)
		}
		b.WriteString(";\n")
	}
	b.WriteString("}\n")
	return b.String()
}
