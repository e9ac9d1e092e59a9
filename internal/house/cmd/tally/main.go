// Command tally runs go test with its arguments, shows what failed and what was
// skipped, and ends with the line "N passed, N failed, N skipped". It fails
// unless tests ran and all of them passed: a skipped test is one nobody knows
// the answer of.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/ergon-go/ergon/internal/house/tally"
)

func main() {
	summary, err := run(os.Args[1:])
	fmt.Println(summary)
	if err := errors.Join(err, summary.Err()); err != nil {
		os.Exit(1)
	}
}

func run(args []string) (tally.Summary, error) {
	t := tally.New(os.Stdout)
	cmd := exec.Command("go", append([]string{"test", "-json"}, args...)...)
	cmd.Stderr = os.Stderr
	events, err := cmd.StdoutPipe()
	if err != nil {
		return tally.Summary{}, err
	}
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(os.Stderr, "tally:", err)
		return tally.Summary{}, err
	}
	err = t.Read(events)
	return t.Summary(), errors.Join(err, cmd.Wait())
}
