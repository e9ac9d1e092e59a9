package pipeline

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ergon-go/ergon"
)

// sourceNode is the id of the source.
const sourceNode = "n0"

// nodeID returns the id of the node of a step.
func nodeID(index int) string { return "n" + strconv.Itoa(index+1) }

// With returns the graph with the figures of a run of the same pipeline on its nodes,
// for String, Mermaid and DOT to show: of the source what was fetched, of all others
// how many of their workers are busy, what waits in front of them, and what became of
// their attempts. With an empty snapshot there are none.
func (t Topology) With(s ergon.Snapshot) Topology {
	figures := map[string]string{}
	if !s.Began.IsZero() {
		figures[sourceNode] = sourceFigures(s.Ledger)
	}
	for id, n := range byNode(s.Stages) {
		figures[id] = stageFigures(n)
	}
	nodes := t.Nodes
	t.Nodes = make([]Node, len(nodes))
	for i, n := range nodes {
		n.Figures = figures[n.ID]
		t.Nodes[i] = n
	}
	return t
}

// byNode returns what stands in each node. Dead letters are written in one place and
// stored in another, which are one node: what is stored has succeeded.
func byNode(stages []ergon.StageSnapshot) map[string]ergon.StageSnapshot {
	nodes := map[string]ergon.StageSnapshot{}
	for _, s := range stages {
		if n, twice := nodes[s.Node]; twice {
			s.Queued, s.Waiting = s.Queued+n.Queued, s.Waiting+n.Waiting
			s.Failed, s.Retried = s.Failed+n.Failed, s.Retried+n.Retried
		}
		nodes[s.Node] = s
	}
	return nodes
}

func sourceFigures(l ergon.Ledger) string {
	return fmt.Sprintf("%d fetched, %d in flight, %d settled", l.Fetched, l.InFlight, l.Settled())
}

func stageFigures(s ergon.StageSnapshot) string {
	parts := []string{fmt.Sprintf("%d/%d busy", s.Busy, s.Workers)}
	for _, of := range []struct {
		n    int64
		what string
	}{
		{int64(s.Queued), "queued"}, {int64(s.Waiting), "waiting"},
		{s.Succeeded, "succeeded"}, {s.Failed, "failed"}, {s.Retried, "retried"},
	} {
		if of.n != 0 {
			parts = append(parts, fmt.Sprintf("%d %s", of.n, of.what))
		}
	}
	return strings.Join(parts, ", ")
}
