//go:build unix

package main

import (
	"runtime"
	"syscall"
	"time"
)

// used is what this process has taken so far.
type used struct {
	cpu    time.Duration
	peakMB float64
}

func usage() used {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return used{}
	}
	unit := 1024.0
	if runtime.GOOS == "darwin" { // counts bytes where others count kibibytes
		unit = 1
	}
	return used{time.Duration(u.Utime.Nano() + u.Stime.Nano()), float64(u.Maxrss) * unit / 1e6}
}
