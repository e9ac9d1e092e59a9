// Command tally runs go test with its arguments, shows what failed and what was
// skipped, and ends with the line "N passed, N failed, N skipped". It fails
// unless tests ran and all of them passed: a skipped test is one nobody knows
// the answer of. One that is skipped for want of a program that is not there is only
// named, but where ERGON_CI is set: there, everything has to be. Arguments after a -- are those of another run of go test, whose
// tests are counted too.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/ergon-go/ergon/internal/house/tally"
)

func main() {
	var summary tally.Summary
	var err error
	for _, args := range groups(os.Args[1:]) {
		s, fault := run(args)
		if s.Passed == 0 {
			fault = errors.Join(fault, tally.ErrNotGreen)
		}
		summary, err = summary.With(s), errors.Join(err, fault)
	}
	fmt.Println(summary)
	if err := errors.Join(err, summary.Err()); err != nil {
		os.Exit(1)
	}
}

// groups returns the arguments between one -- and the next.
func groups(args []string) [][]string {
	all := [][]string{nil}
	for _, arg := range args {
		if arg == "--" {
			all = append(all, nil)
			continue
		}
		all[len(all)-1] = append(all[len(all)-1], arg)
	}
	return all
}

// lacks reports whether a program may be missing on this machine, and is.
func lacks(program string) bool {
	_, err := exec.LookPath(program)
	return err != nil && os.Getenv("ERGON_CI") == ""
}

func run(args []string) (tally.Summary, error) {
	t := tally.New(os.Stdout, lacks)
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
