// Package peers runs solvers as programs of their own, so that each one's time
// and memory are its alone, and takes their answers.
//
// # Protocol
//
// A program gets the path of an instance file (package instance) as its last
// argument and prints one line of JSON, an [Answer]. A status other than
// optimal is an answer too; a program that fails exits with a code and says why
// on standard error.
//
// The sources of the peers are in src and use public interfaces only. They are
// compiled when first needed. A peer whose libraries are not installed gives a
// [MissingError] that names the packages.
package peers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Status is how a solve ended.
type Status string

// The statuses that programs print, and LimitReached, which is ours to tell.
const (
	Optimal      Status = "optimal"
	Feasible     Status = "feasible" // a plan without a proof that it is the best
	Stuck        Status = "stuck"    // a greedy plan in which mandatory seats stay open
	Infeasible   Status = "infeasible"
	OutOfRange   Status = "out of range" // of the solver's numbers
	Failed       Status = "failed"
	LimitReached Status = "limit"
)

// Answer is what a program prints. Times are processor seconds of the process.
type Answer struct {
	Status       Status  `json:"status"`
	Objective    int64   `json:"objective"`
	Bound        int64   `json:"bound,omitempty"` // proven; 0 when the program proves none
	CPUSeconds   float64 `json:"cpu_seconds"`
	BuildSeconds float64 `json:"build_seconds"`          // of the program's own form of the problem
	WallSeconds  float64 `json:"wall_seconds,omitempty"` // of the solve, where threads matter
	PeakKB       int64   `json:"peak_kb"`                // resident, of the whole process
	Version      string  `json:"version,omitempty"`
}

// patience is how much longer than its processor time a program may take by the
// clock, on a machine that others use too.
const patience = 20

// Run runs a program on an instance. The system kills it when it has used limit
// of processor time, in whole seconds, and we do when it hangs; the answer's
// status is then [LimitReached].
func Run(ctx context.Context, limit time.Duration, path string, env []string, command ...string) (Answer, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, patience*limit, errLimit)
	defer cancel()
	most := max(1, int64(math.Ceil(limit.Seconds())))
	shell := []string{"-c", `ulimit -t "$0" && exec "$@"`, strconv.FormatInt(most, 10)}
	run := exec.CommandContext(ctx, "/bin/sh", slices.Concat(shell, command, []string{path})...)
	run.Env = append(os.Environ(), env...)
	run.WaitDelay = time.Second
	var out, complaint bytes.Buffer
	run.Stdout, run.Stderr = &out, &complaint
	if err := run.Run(); err != nil {
		if errors.Is(context.Cause(ctx), errLimit) || used(run.ProcessState) > 0.9*float64(most) {
			return Answer{Status: LimitReached}, nil
		}
		return Answer{}, errors.Join(context.Cause(ctx), fmt.Errorf("%s: %w: %s", command[0], err, lastLine(complaint.String())))
	}
	var a Answer
	if err := json.Unmarshal(out.Bytes(), &a); err != nil {
		return Answer{}, fmt.Errorf("%s: its answer %q: %w", command[0], lastLine(out.String()), err)
	}
	return a, a.check()
}

// used is the processor time of a program that has ended, in seconds. The
// kernel's own count, which decides, runs a little ahead of it.
func used(p *os.ProcessState) float64 {
	if p == nil {
		return 0
	}
	return (p.UserTime() + p.SystemTime()).Seconds()
}

var errLimit = errors.New("the time limit is reached")

func (a Answer) check() error {
	switch a.Status {
	case Optimal, Feasible, Stuck:
		if a.CPUSeconds < 0 || a.PeakKB <= 0 {
			return fmt.Errorf("an answer without time or memory: %+v", a)
		}
		return nil
	case Infeasible, OutOfRange, Failed:
		return nil
	default:
		return fmt.Errorf("an answer of unknown status %q", a.Status)
	}
}

func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, '\n')+1:]
}
