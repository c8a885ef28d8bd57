package report

import (
	"bufio"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// Machine is what a run took place on.
type Machine struct {
	CPU      string  `json:"cpu"`
	Cores    int     `json:"cores"`
	MemoryGB float64 `json:"memory_gb"`
	System   string  `json:"system"`
	Go       string  `json:"go"`
}

// ThisMachine tells what the system says of itself. What it does not say stays
// empty.
func ThisMachine() Machine {
	m := Machine{Cores: runtime.NumCPU(), System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version()}
	m.CPU = fieldOf("/proc/cpuinfo", "model name")
	if kb, _, ok := strings.Cut(fieldOf("/proc/meminfo", "MemTotal"), " "); ok {
		if n, err := strconv.ParseFloat(kb, 64); err == nil {
			m.MemoryGB = float64(int(n*1024/1e8)) / 10
		}
	}
	if name := strings.Trim(fieldOf("/etc/os-release", "PRETTY_NAME"), `"`); name != "" {
		m.System += ", " + name
	}
	return m
}

// fieldOf gives the first value of a name in lines of the form name: value or
// name=value.
func fieldOf(path, name string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if at := strings.IndexAny(lines.Text(), ":="); at >= 0 && strings.TrimSpace(lines.Text()[:at]) == name {
			return strings.TrimSpace(lines.Text()[at+1:])
		}
	}
	return ""
}
