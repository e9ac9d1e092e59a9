package ergontest

import (
	"regexp"
	"runtime"
	"strings"
)

// goroutine is one of a stack dump.
type goroutine struct {
	name   string // "goroutine 7"
	bubble string // "synctest bubble 3"; empty where it is in none
	stack  string
}

var heading = regexp.MustCompile(`^(goroutine \d+) \[[^\]\n]*?(synctest bubble \d+)?\](?: \{[^\n]*\})?:`) // labels stand behind it

// parseGoroutine reads one section of a stack dump.
func parseGoroutine(section string) (goroutine, bool) {
	m := heading.FindStringSubmatch(section)
	if m == nil {
		return goroutine{}, false
	}
	return goroutine{name: m[1], bubble: m[2], stack: section}, true
}

// neighbours returns the goroutines in the bubble of the caller that are not of
// the testing package's own making.
func neighbours() []goroutine {
	dump := strings.Split(stackDump(), "\n\n")
	self, _ := parseGoroutine(dump[0]) // the caller's comes first
	var others []goroutine
	for _, section := range dump[1:] {
		g, ok := parseGoroutine(section)
		if ok && g.bubble == self.bubble && !ofTesting(g.stack) {
			others = append(others, g)
		}
	}
	return others
}

// ofTesting reports whether a goroutine only waits for the bubble to end.
func ofTesting(stack string) bool {
	return strings.Contains(stack, "\ninternal/synctest.Run(") || strings.Contains(stack, "\ntesting/synctest.testingSynctestTest(")
}

func stackDump() string {
	for size := 1 << 16; ; size *= 2 {
		dump := make([]byte, size)
		if n := runtime.Stack(dump, true); n < size {
			return string(dump[:n])
		}
	}
}

// longestStack is how many lines of a stack a message shows.
const longestStack = 16

// indented returns the first lines of a stack, as part of a message.
func indented(stack string) string {
	lines := strings.Split(strings.TrimSpace(stack), "\n")
	if len(lines) > longestStack {
		lines = append(lines[:longestStack], "...")
	}
	return "\t" + strings.Join(lines, "\n\t")
}
