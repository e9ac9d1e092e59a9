package house

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// longestFile is how many lines a file of Go code may have that is no test:
// beyond it, it holds more than one noun.
const longestFile = 300

// foreign finds what belongs to somebody's machine and not into a file.
type foreign []*regexp.Regexp

// homes finds home directories, whoever's they are.
var homes = regexp.MustCompile(`(?:^|[^\w.-])(?:/(?:home|Users)/\w|/(?:root)/\w|[A-Z]:\\Users\\)`)

// unfinished finds marks that put work off.
var unfinished = regexp.MustCompile(`\b(?:TO` + `DO|FIX` + `ME)\b`)

// foreignTo returns what no file of a checkout may name: the folders of the
// machine it is on, and the hosts that modules come from there.
func (w workspace) foreignTo() (foreign, error) {
	all := foreign{homes, place(w.root)}
	proxies, err := output(w.command(w.root, "env", "GOPROXY"))
	if err != nil {
		return nil, err
	}
	for _, proxy := range strings.FieldsFunc(proxies, func(r rune) bool { return r == ',' || r == '|' || r == '\n' }) {
		if u, err := url.Parse(proxy); err == nil && u.Host != "" {
			all = append(all, regexp.MustCompile(regexp.QuoteMeta(u.Host)))
		}
	}
	return all, nil
}

// place finds a folder where it stands as a path of its own.
func place(dir string) *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[^\w./-])` + regexp.QuoteMeta(dir) + `(?:$|[^\w.-])`)
}

// hygieneFaults returns what is wrong with the files of the checkout.
func (w workspace) hygieneFaults() ([]string, error) {
	notOurs, err := w.foreignTo()
	if err != nil {
		return nil, err
	}
	var faults []string
	err = w.walk(func(path string, _ fs.DirEntry) error {
		text, err := os.ReadFile(filepath.Join(w.root, filepath.FromSlash(path)))
		if err == nil && bytes.IndexByte(text, 0) < 0 {
			faults = append(faults, fileFaults(path, string(text), notOurs)...)
		}
		return err
	})
	return faults, err
}

// fileFaults returns what is wrong with one file, by line.
func fileFaults(path, text string, notOurs foreign) []string {
	var faults []string
	lines := 0
	for line := range strings.Lines(text) {
		lines++
		if what := notOurs.in(line); what != "" {
			faults = append(faults, fmt.Sprintf("%s:%d: names a place of one machine: %s", path, lines, what))
		}
		if mark := unfinished.FindString(line); mark != "" {
			faults = append(faults, fmt.Sprintf("%s:%d: %s: do it, or open an issue", path, lines, mark))
		}
	}
	if lines > longestFile && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
		faults = append(faults, fmt.Sprintf("%s: %d lines, at most %d", path, lines, longestFile))
	}
	return faults
}

// in returns the first of what a line should not name.
func (f foreign) in(line string) string {
	for _, pattern := range f {
		if found := pattern.FindString(line); found != "" {
			return strings.TrimSpace(found)
		}
	}
	return ""
}
