//go:build !unix

package dimacs

import "time"

var processStart = time.Now()

// cpuTime is the time since the start: the solve runs on one thread, so that
// this is an upper bound where the system does not tell the processor time.
func cpuTime() time.Duration { return time.Since(processStart) }
