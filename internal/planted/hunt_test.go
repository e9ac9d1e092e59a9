package planted

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

const (
	mostRuns = 1000            // of the simulation, for one bug
	patience = time.Minute     // for one finder
	stuck    = 5 * time.Second // after it has been told to end
)

// find is what became of the hunt for one bug.
type find struct {
	bug
	found bool
	runs  int    // of the simulation, that of the find included; 0: it did not look
	how   string // it was found
}

// hunt runs the finder of a bug with the bug switched on; a bug without a name is
// none.
func hunt(t *testing.T, bin string, b bug, runs int) find {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	f := b.finder()
	cmd := exec.CommandContext(ctx, binary(bin, f.dir), "-test.run", f.run, "-test.timeout", "0", "-test.failfast")
	cmd.Dir = filepath.Join(root(t), filepath.FromSlash(f.dir))
	cmd.WaitDelay = stuck
	cmd.Env = append(os.Environ(), "ERGON_BUG="+b.name, fmt.Sprintf("ERGON_HUNT=%d", runs), "ERGON_SEED=", "ERGON_SEEDS=", "GOTRACEBACK=single", "IS_NO_COLOR=true")
	out, err := cmd.CombinedOutput()
	if exit := (&exec.ExitError{}); err != nil && !errors.As(err, &exit) && ctx.Err() == nil {
		t.Fatalf("%s: its finder cannot run: %v", b.name, err)
	}
	if err == nil && bytes.Contains(out, []byte("no tests to run")) {
		t.Fatalf("%s: there is no %s in %s", b.name, f.run, f.dir)
	}
	return find{bug: b, found: err != nil, runs: runsIn(out), how: how(ctx, out)}
}

var announced = regexp.MustCompile(`(?m)^hunt: run (\d+):`)

// runsIn returns the number of the last run that was announced.
func runsIn(out []byte) int {
	last := 0
	for _, m := range announced.FindAllSubmatch(out, -1) {
		last, _ = strconv.Atoi(string(m[1]))
	}
	return last
}

var telling = regexp.MustCompile(`(?m)^\s*\S+\.go:\d+: (.+)|^(panic: .+|fatal error: .+)`)

// how returns what the finder said first.
func how(ctx context.Context, out []byte) string {
	if ctx.Err() != nil {
		return "it hangs"
	}
	m := telling.FindSubmatch(out)
	if m == nil {
		return ""
	}
	line := strings.TrimSpace(string(bytes.Join(m[1:], nil)))
	if len(line) > 140 {
		line = line[:140]
	}
	return line
}
