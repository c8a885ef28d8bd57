package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/linli/linli/bench/matching/instance"
	"github.com/linli/linli/bench/matching/peers"
	"github.com/linli/linli/matching/bmatch"
	"github.com/linli/linli/matching/verify"
)

// solveOne is the first argument with which the program runs itself to solve a
// single instance, as peers do.
const solveOne = "solve-one"

// The methods of ours.
const (
	ours   = "linli"
	greedy = "greedy"
)

// solve measures one solve of an instance file and prints its answer. The time
// of ours runs from unsorted arcs to a proven plan; what was proven is checked
// again afterwards, off the clock, by package verify.
func solve(ctx context.Context, method, path string, out io.Writer) error {
	in, err := instance.Load(path)
	if err != nil {
		return err
	}
	debug.FreeOSMemory()
	begin, beginCPU := time.Now(), cpuSeconds()
	a := peers.Answer{Status: peers.Feasible, Version: "linli"}
	switch method {
	case greedy:
		a.Objective = onePass(in)
		a.CPUSeconds = cpuSeconds() - beginCPU
	case ours:
		res, err := bmatch.Solve(ctx, in.Problem(), bmatch.Options{})
		a.CPUSeconds = cpuSeconds() - beginCPU
		a.WallSeconds = time.Since(begin).Seconds()
		a.PeakKB = peakKB()
		if infeasible, ok := errors.AsType[*bmatch.InfeasibleError](err); ok {
			fmt.Fprintln(os.Stderr, infeasible)
			a.Status = peers.Infeasible
			break
		}
		if err != nil {
			return err
		}
		a.Objective, a.Bound = res.Objective, res.Bound
		if a.Objective == a.Bound {
			a.Status = peers.Optimal
		}
		if err := check(in, res); err != nil {
			return err
		}
	default:
		return fmt.Errorf("unknown method %q", method)
	}
	if a.PeakKB == 0 {
		a.PeakKB = peakKB()
	}
	return json.NewEncoder(out).Encode(a)
}

// onePass is the yardstick of what reading the arcs once costs: each request in
// turn takes its cheapest volunteers that are still free.
func onePass(in *instance.Instance) (objective int64) {
	free := append([]int64(nil), in.Capacity...)
	for r, q := range in.Requests {
		row := in.Row(r)
		taken := make([]bool, len(row))
		for range q.Seats {
			best := -1
			for i, a := range row {
				if !taken[i] && free[a.Volunteer] > 0 && a.Cost < q.Penalty && (best < 0 || a.Cost < row[best].Cost) {
					best = i
				}
			}
			switch {
			case best >= 0:
				taken[best] = true
				free[row[best].Volunteer]--
				objective += row[best].Cost
			case q.Penalty != bmatch.Mandatory:
				objective += q.Penalty
			}
		}
	}
	return objective
}

// check has the independent checker look at plan and bound.
func check(in *instance.Instance, res *bmatch.Result) error {
	asked := verify.Instance{Capacity: in.Capacity}
	for r, q := range in.Requests {
		asked.Requests = append(asked.Requests, verify.Request(q))
		if in.MinPeople != nil && in.MinPeople[r] > 1 {
			asked.Groups = append(asked.Groups, verify.Group{Members: []int32{int32(r)}, MinPeople: in.MinPeople[r]})
		}
	}
	asked.Cost = func(r, v int32) (int64, bool) {
		for _, a := range in.Row(int(r)) {
			if a.Volunteer == v {
				return a.Cost, true
			}
		}
		return 0, false
	}
	asked.Below = func(r int32, limit int64, visit func(int32, int64)) {
		for _, a := range in.Row(int(r)) {
			if a.Cost < limit {
				visit(a.Volunteer, a.Cost)
			}
		}
	}
	var pairs []verify.Pair
	for r := range in.Requests {
		for _, a := range res.Assigned(r) {
			pairs = append(pairs, verify.Pair{Request: int32(r), Volunteer: a.Volunteer, Cost: a.Cost})
		}
	}
	prices := verify.Prices{Requests: res.RequestPrices, Volunteers: res.VolunteerPrices}
	wrong := append(verify.Plan(asked, pairs, res.Objective), verify.Bound(asked, prices, res.Bound)...)
	if len(wrong) > 0 {
		return fmt.Errorf("the checker refuses the plan: %v", wrong[0])
	}
	return nil
}

// cpuSeconds is the processor time of this process so far, user and system.
func cpuSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
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
