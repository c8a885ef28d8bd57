package main

import (
	"fmt"
	"os"
	"syscall"
	"time"
)

// ownCPU is the processor time of this process so far.
func ownCPU() (float64, error) {
	var u syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds(), err
}

// cpuOf is the processor time of another process with one thread, as Linux
// tells it.
func cpuOf(pid int) (float64, error) {
	path := fmt.Sprintf("/proc/%d/schedstat", pid)
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	var nanos int64
	if _, err := fmt.Sscan(string(text), &nanos); err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	return time.Duration(nanos).Seconds(), nil
}
