package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/linli/linli/bench/matching/instance"
	"github.com/linli/linli/matching/bmatch"
	"github.com/linli/linli/matching/verify"
)

// onePass is the yardstick of what reading the arcs once costs: each request in
// turn takes its cheapest volunteers that are still free. It is not whole when
// a seat that may not stay open does.
func onePass(in *instance.Instance) (objective int64, isWhole bool) {
	free := slices.Clone(in.Capacity)
	var taken []bool
	isWhole = true
	for r, q := range in.Requests {
		from, to := in.First[r], in.First[r+1]
		taken = append(taken[:0], make([]bool, to-from)...)
		for range q.Seats {
			best := -1
			for i := from; i < to; i++ {
				if !taken[i-from] && free[in.Volunteer[i]] > 0 && in.Cost[i] < q.Penalty && (best < 0 || in.Cost[i] < in.Cost[best]) {
					best = i
				}
			}
			switch {
			case best >= 0:
				taken[best-from] = true
				free[in.Volunteer[best]]--
				objective += in.Cost[best]
			case q.Penalty == bmatch.Mandatory:
				isWhole = false
			default:
				objective += q.Penalty
			}
		}
	}
	return objective, isWhole
}

// check has the independent checker look at plan and bound.
func check(in *instance.Instance, result outcome) error {
	asked := verify.Instance{Capacity: in.Capacity}
	for _, q := range in.Requests {
		asked.Requests = append(asked.Requests, verify.Request(q))
	}
	for r, people := range in.MinPeople {
		if people > 1 {
			asked.Groups = append(asked.Groups, verify.Group{Members: []int32{int32(r)}, MinPeople: people})
		}
	}
	asked.Cost = func(r, v int32) (int64, bool) {
		for i := in.First[r]; i < in.First[r+1]; i++ {
			if in.Volunteer[i] == v {
				return in.Cost[i], true
			}
		}
		return 0, false
	}
	asked.Below = func(r int32, limit int64, visit func(int32, int64)) {
		for i := in.First[r]; i < in.First[r+1]; i++ {
			if in.Cost[i] < limit {
				visit(in.Volunteer[i], in.Cost[i])
			}
		}
	}
	wrong := append(verify.Plan(asked, result.pairs, result.objective), verify.Bound(asked, result.prices, result.bound)...)
	if len(wrong) > 0 {
		return fmt.Errorf("the checker refuses the plan: %v", wrong[0])
	}
	return nil
}

// seconds is the processor time, user and system, that this process spends
// while do runs.
func seconds(do func()) float64 {
	before := cpuTime()
	do()
	return (cpuTime() - before).Seconds()
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peakKB is the most memory that this process had resident. The same number of
// getrusage would count the process that started it.
func peakKB() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	var kb int64
	for line := range strings.Lines(string(status)) {
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &kb); err == nil {
			return kb
		}
	}
	return 0
}
