package screens_test

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/matryer/is"

	"github.com/ergon-go/ergon/live/screens/internal/drawn"
)

// terminal is a real one, that nobody sees.
type terminal struct {
	t    *testing.T
	tmux string
	name string
}

// terminals counts them: one of the name of another would find that one ending.
var terminals atomic.Int64

// terminalOf returns a terminal of a size in which samples are shown, and which says
// how that ended.
func terminalOf(t *testing.T, width, height int, env ...string) *terminal {
	t.Helper()
	term := &terminal{t, needs(t, "tmux"), fmt.Sprintf("ergon-%d-%d", os.Getpid(), terminals.Add(1))}
	shown := fmt.Sprintf("env %s=1 %s '%s'; echo it ended with $?; cat", asTerminal, strings.Join(env, " "), os.Args[0])
	term.do("-f", "/dev/null", "new-session", "-d", "-x", fmt.Sprint(width), "-y", fmt.Sprint(height), shown)
	t.Cleanup(func() { term.do("kill-server") })
	return term
}

func (term *terminal) do(args ...string) string {
	term.t.Helper()
	cmd := exec.CommandContext(term.t.Context(), term.tmux, append([]string{"-L", term.name}, args...)...)
	if args[0] == "kill-server" {
		cmd = exec.Command(term.tmux, "-L", term.name, "kill-server") //nolint:noctx // the context of the test has ended by then
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		term.t.Fatalf("tmux %s: %v: %s", args[0], err, out)
	}
	return string(out)
}

func (term *terminal) screen() string { return term.do("capture-pane", "-p") }

var (
	limited = regexp.MustCompile(`(?m)^▶ limits: enrich`)
	marked  = regexp.MustCompile(`(?m)^▶ enrich`)
	fetched = regexp.MustCompile(`fetched ([0-9,]+)`)
)

// The picture fits into any terminal, changes while it is looked at, is gone from it at
// the end, and the last one is left there.
func TestTheTerminalShowsARun(t *testing.T) {
	t.Parallel()
	for _, size := range []struct{ width, height int }{{80, 24}, {160, 50}, {36, 20}} {
		t.Run(fmt.Sprintf("%dx%d", size.width, size.height), func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			term := terminalOf(t, size.width, size.height)
			eventually(t, "the limiting stage is marked", func() bool {
				s := term.screen()
				return limited.MatchString(s) && marked.MatchString(s) && fetched.MatchString(s)
			})
			before := fetched.FindString(term.screen())
			eventually(t, "the figures change", func() bool {
				now := fetched.FindString(term.screen())
				return now != "" && now != before
			})
			is.Equal(term.do("display-message", "-p", "#{alternate_on}"), "1\n")
			if size.width == 80 {
				picture(t, "live-terminal.svg", func() []byte { return drawn.SVG(term.do("capture-pane", "-p", "-e"), size.width, size.height) })
			}
			term.do("send-keys", "C-c")
			eventually(t, "it has ended", func() bool { return strings.Contains(term.do("capture-pane", "-p", "-S", "-"), "it ended with 0") })
			is.Equal(term.do("display-message", "-p", "#{alternate_on} #{cursor_flag}"), "0 1\n")
			is.True(strings.Contains(term.do("capture-pane", "-p", "-S", "-"), "orders  ended"))
		})
	}
}

// What is made larger or smaller is drawn anew.
func TestTheTerminalFollowsItsSize(t *testing.T) {
	t.Parallel()
	term := terminalOf(t, 100, 30)
	eventually(t, "there is room for what is blocked", func() bool { return strings.Contains(term.screen(), "blocked") })
	term.do("resize-window", "-x", "40", "-y", "20")
	eventually(t, "there is no room for it any more", func() bool {
		s := term.screen()
		return limited.MatchString(s) && !strings.Contains(s, "blocked")
	})
}

var colour = regexp.MustCompile(`\x1b\[[0-9;]*[349][0-7][;m]`)

// Colours are there, and are not where the environment has NO_COLOR.
func TestTheTerminalHasColoursUnlessNotWanted(t *testing.T) {
	t.Parallel()
	for env, want := range map[string]bool{"TERM=xterm-256color": true, "NO_COLOR=1": false} {
		t.Run(env, func(t *testing.T) {
			t.Parallel()
			term := terminalOf(t, 90, 30, env)
			eventually(t, "something limits", func() bool { return limited.MatchString(term.screen()) })
			is.New(t).Equal(colour.MatchString(term.do("capture-pane", "-p", "-e")), want)
		})
	}
}
