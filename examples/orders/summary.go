package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/ergon-go/ergon"
)

// summary is what the job says at its end.
type summary struct {
	figures
	produced, consumed ergon.Ledger // of this run
	timeouts           int64        // retries after an attempt that took too long
	returned           int          // lines that were given back to the queue in this run
	why                error        // the first of them was
	elapsed            time.Duration
}

// write prints the summary.
func (s summary) write(w io.Writer) error {
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	row := func(what string, n int, more string) {
		_, _ = fmt.Fprintf(table, "%s\t%s\t\t%s\n", what, grouped(n), more)
	}
	row("lines", s.lines(), "")
	row("invoiced", s.Invoiced, fmt.Sprintf("%v over %s invoices", s.Total, grouped(s.Invoices)))
	row("rejected", s.rejected(), "")
	for _, c := range s.Rejected {
		row(c.Reason, c.Lines, "")
	}
	row("left in the queue", s.left(), fmt.Sprintf("%s ready, %s delayed, %s leased", grouped(s.Queue.Ready), grouped(s.Queue.Delayed), grouped(s.Queue.Leased)))
	row("retries", int(s.consumed.Retries), fmt.Sprintf("in this run, %s of them after a timeout", grouped(s.timeouts)))
	if s.returned > 0 {
		row("given back", s.returned, fmt.Sprintf("in this run, to be tried later; first %v", s.why))
	}
	_ = table.Flush() // a Builder never fails
	fmt.Fprintf(&b, "\nelapsed  %v\n", s.elapsed.Round(10*time.Millisecond))
	fmt.Fprintf(&b, "produce  %v\nconsume  %v\n", s.produced, s.consumed)
	_, err := io.WriteString(w, b.String())
	return err
}
