package report

import (
	"os"
	"runtime"
	"runtime/debug"
	"strings"
)

// Machine is where and with what it was measured.
type Machine struct {
	CPU      string
	Cores    int
	OS       string
	Go       string
	Versions []Version
}

// Version is a module and its version.
type Version struct{ Path, Version string }

// ThisMachine returns what is known of the machine, and the versions of the
// modules that are compared.
func ThisMachine(compared []string) Machine {
	m := Machine{CPU: cpuName(), Cores: runtime.GOMAXPROCS(0), OS: runtime.GOOS + "/" + runtime.GOARCH + kernel(), Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return m
	}
	for _, path := range compared {
		for _, dep := range info.Deps {
			if dep.Path == path {
				m.Versions = append(m.Versions, Version{path, dep.Version})
			}
		}
	}
	return m
}

// cpuName is what the kernel calls the processor; where it does not say, the
// architecture.
func cpuName() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

// kernel is the release of the kernel, where that can be read.
func kernel() string {
	text, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return ""
	}
	return ", Linux " + strings.TrimSpace(string(text))
}
