package ergon

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
)

// placeOf returns where a panic began, "main.go:57, main.price", as the stack of
// its goroutine says it: the first frame below the panic that is not in the
// runtime. It is empty where the stack does not say.
func placeOf(stack []byte) string {
	_, frames, _ := bytes.Cut(stack, []byte("\npanic("))
	_, frames, _ = bytes.Cut(frames, []byte("\n")) // the rest of that line
	_, frames, _ = bytes.Cut(frames, []byte("\n")) // and its file
	for len(frames) > 0 {
		var call, file []byte
		call, frames, _ = bytes.Cut(frames, []byte("\n"))
		file, frames, _ = bytes.Cut(frames, []byte("\n"))
		if !inRuntime(string(call)) {
			return frameOf(string(call), string(file))
		}
	}
	return ""
}

func inRuntime(call string) bool {
	return strings.HasPrefix(call, "runtime.") || strings.HasPrefix(call, "runtime/") ||
		strings.HasPrefix(call, "internal/runtime/") || strings.HasPrefix(call, "panic(")
}

// frameOf returns the two lines of a frame in short, or nothing where they are
// not what they should be.
func frameOf(call, file string) string {
	function, at := functionOf(call), fileOf(file)
	if function == "" || at == "" {
		return ""
	}
	return at + ", " + function
}

// functionOf returns "pkg.(*T).method" of "example.org/some/pkg.(*T).method(0x1)".
func functionOf(call string) string {
	end := strings.LastIndexByte(call, '(')
	if end < 0 || !strings.HasSuffix(call, ")") {
		return ""
	}
	name := call[strings.LastIndexByte(call[:end], '/')+1 : end]
	if strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }) {
		return "" // "created by" ends the frames
	}
	return strings.ReplaceAll(name, "%2e", ".") // a dot in the last element of an import path
}

// fileOf returns "main.go:57" of "\t/some/where/main.go:57 +0x1d".
func fileOf(line string) string {
	path, tabbed := strings.CutPrefix(line, "\t")
	path, _, _ = strings.Cut(path, " +0x")
	base := path[strings.LastIndexAny(path, `/\`)+1:]
	colon := strings.LastIndexByte(base, ':')
	if !tabbed || colon < 1 || strings.ContainsFunc(base, unicode.IsControl) {
		return ""
	}
	if _, err := strconv.ParseUint(base[colon+1:], 10, 32); err != nil {
		return ""
	}
	return base
}
