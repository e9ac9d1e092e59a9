package live

import "time"

// picture is what is shown at a moment: drawn in the terminal, and given to the page
// as JSON.
type picture struct {
	At   time.Time `json:"at"`
	Runs []run     `json:"pipelines"`

	pages []string // where the same can be seen
}

// What a run may be doing.
const (
	notBegun = "not begun"
	running  = "running"
	draining = "draining"
	ended    = "ended"
)

// run is a pipeline in a picture.
type run struct {
	Name     string   `json:"name"`
	State    string   `json:"state"`
	Seconds  float64  `json:"seconds"` // since it began, or for which it went on
	Over     float64  `json:"over"`    // the time that rates are of, in seconds
	Rate     float64  `json:"rate"`    // settled a second
	Oldest   float64  `json:"oldest"`  // age of the oldest that is not settled, in seconds
	Ledger   ledger   `json:"ledger"`
	Limit    string   `json:"limit"` // the node that limits; empty: none
	Why      string   `json:"why"`   // what makes it the one
	Nodes    []node   `json:"nodes"`
	Edges    []edge   `json:"edges"`
	Mishaps  []mishap `json:"errors"` // the last of each stage, the latest first
	Failures int64    `json:"failures"`
	Waiting  int      `json:"waiting"`
}

// ledger is the account of a run, as far as it is shown.
type ledger struct {
	Fetched      int64 `json:"fetched"`
	Acked        int64 `json:"acked"`
	DeadLettered int64 `json:"deadLettered"`
	Returned     int64 `json:"returned"`
	Released     int64 `json:"released"`
	Unsettled    int64 `json:"unsettled"`
	InFlight     int64 `json:"inFlight"`
}

// settle is what tells the source: its id and its kind.
const settle = "settle"

// node is a source, stage, sink or handler, or what settles.
type node struct {
	ID      string  `json:"id"`
	Name    string  `json:"name"`
	Kind    string  `json:"kind"`
	Workers int     `json:"workers"`
	Batch   int     `json:"batch"`
	Ordered bool    `json:"ordered"`
	Keyed   bool    `json:"keyed"`
	Works   bool    `json:"works"` // there is something to say of it
	Rate    float64 `json:"rate"`  // of a source what it fetched, of all others what succeeded, a second
	Failing float64 `json:"failing"`
	Busy    int     `json:"busy"`
	Load    float64 `json:"load"`    // how many of its workers were at work, of 1
	Blocked float64 `json:"blocked"` // how many of its workers waited for room further down, of 1
	Queued  int     `json:"queued"`
	Waiting int     `json:"waiting"`
	Done    int64   `json:"succeeded"`
	Failed  int64   `json:"failed"`
	Retried int64   `json:"retried"`
	Limits  bool    `json:"limits"`
}

// edge is a way between nodes.
type edge struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Label string `json:"label"`
}

// mishap is the last error of a stage.
type mishap struct {
	Node string  `json:"node"`
	Name string  `json:"name"`
	Text string  `json:"text"`
	Ago  float64 `json:"ago"` // seconds
}

// limiting returns the node that limits, if one does.
func (r run) limiting() (node, bool) {
	for _, n := range r.Nodes {
		if n.Limits {
			return n, true
		}
	}
	return node{}, false
}
