//go:build !linux

package index

import "time"

var start = time.Now()

// Where a thread's processor time cannot be had, time on the wall stands in.
func threadTime() time.Duration { return time.Since(start) }

func processTime() time.Duration { return time.Since(start) }
