// Package machine names the computer that a measurement was made on.
package machine

import (
	"os"
	"runtime"
	"strconv"
	"strings"
)

// Machine is a computer and the Go that ran there.
type Machine struct {
	Processor string `json:"processor"` // model, as the system calls it; empty if unknown
	Cores     int    `json:"cores"`     // that the program may use
	Memory    int64  `json:"memory_bytes"`
	System    string `json:"system"`
	Go        string `json:"go"`
}

// This is the computer that the program runs on. What the system does not tell is empty.
func This() Machine {
	return Machine{
		Processor: field("/proc/cpuinfo", "model name"),
		Cores:     runtime.GOMAXPROCS(0),
		Memory:    kilobytes(field("/proc/meminfo", "MemTotal")) << 10,
		System:    runtime.GOOS + "/" + runtime.GOARCH,
		Go:        runtime.Version(),
	}
}

// field is the first value of a name in one of the system's files.
func field(path, name string) string {
	text, _ := os.ReadFile(path) // none elsewhere than on Linux
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func kilobytes(value string) int64 {
	n, _ := strconv.ParseInt(strings.TrimSuffix(value, " kB"), 10, 64)
	return n
}
