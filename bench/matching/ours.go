package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"github.com/linli/linli/bench/matching/families"
	"github.com/linli/linli/bench/matching/instance"
	"github.com/linli/linli/bench/matching/peers"
	"github.com/linli/linli/matching/bmatch"
	"github.com/linli/linli/matching/flow"
	"github.com/linli/linli/matching/verify"
)

// solveOne is the first argument with which the program runs itself to solve a
// single instance, as peers do.
const solveOne = "solve-one"

// The methods of ours.
const (
	methodCold   = "cold"   // from nothing
	methodWarm   = "warm"   // from the plan before a change
	methodGreedy = "greedy" // one pass, no proof
)

// solve measures one solve of an instance file and prints its answer. What was
// proven is checked again afterwards, off the clock, by package verify.
func solve(ctx context.Context, method, path string, out io.Writer) error {
	in, err := instance.Load(path)
	if err != nil {
		return err
	}
	debug.FreeOSMemory()
	a := peers.Answer{Status: peers.Feasible, Version: "linli"}
	var result outcome
	switch method {
	case methodGreedy:
		var isWhole bool
		a.CPUSeconds = seconds(func() { a.Objective, isWhole = onePass(in) })
		a.PeakKB = peakKB()
		if !isWhole {
			a.Status = peers.Stuck
		}
		return json.NewEncoder(out).Encode(a)
	case methodWarm:
		result, err = warm(ctx, in, &a)
	case methodCold:
		if in.HasCrews() {
			result, err = crews(ctx, in, &a)
		} else {
			result, err = cold(ctx, in, &a)
		}
	default:
		return fmt.Errorf("unknown method %q", method)
	}
	var infeasible *flow.InfeasibleError
	switch {
	case errors.As(err, &infeasible):
		fmt.Fprintln(os.Stderr, infeasible)
		a.Status = peers.Infeasible
		return json.NewEncoder(out).Encode(a)
	case err != nil:
		return err
	}
	a.Objective, a.Bound = result.objective, result.bound
	if a.Objective == a.Bound {
		a.Status = peers.Optimal
	}
	if err := check(in, result); err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(a)
}

// outcome is a plan with its proof.
type outcome struct {
	objective, bound int64
	pairs            []verify.Pair
	prices           verify.Prices
}

// cold solves from unsorted arcs to a proven plan. Looking the arcs over, which
// peers do not do, counts as building.
func cold(ctx context.Context, in *instance.Instance, a *peers.Answer) (outcome, error) {
	s, err := begin(ctx, in, a)
	if err != nil {
		return outcome{}, err
	}
	return outcomeOf(s)
}

func begin(ctx context.Context, in *instance.Instance, a *peers.Answer) (s *flow.Solver, err error) {
	var p *flow.Problem
	a.BuildSeconds = seconds(func() { p, err = in.Flow() })
	if err != nil {
		return nil, err
	}
	at := time.Now()
	a.CPUSeconds = seconds(func() {
		if s, err = flow.New(p, flow.Options{}); err == nil {
			err = s.Solve(ctx)
		}
	})
	a.WallSeconds, a.PeakKB = time.Since(at).Seconds(), peakKB()
	return s, err
}

// warm solves the state before the change, which counts as building, and then
// makes the changes one by one, each to the optimum, and proves the last.
func warm(ctx context.Context, in *instance.Instance, a *peers.Answer) (outcome, error) {
	const seed = 1
	before := *in
	var changes []families.Change
	before.Requests, before.Capacity, changes = families.Before(in, seed)
	s, err := begin(ctx, &before, a)
	if err != nil {
		return outcome{}, err
	}
	a.BuildSeconds += a.CPUSeconds + seconds(func() { err = settleIn(ctx, s) })
	if err != nil {
		return outcome{}, err
	}
	at := time.Now()
	a.CPUSeconds = seconds(func() {
		for _, c := range changes {
			if c.Request >= 0 {
				err = s.SetRequest(ctx, c.Request, flow.Request{Seats: c.Seats, Penalty: in.Requests[c.Request].Penalty})
			} else {
				err = s.SetCapacity(ctx, c.Volunteer, c.Seats)
			}
			if err != nil {
				return
			}
		}
		_, err = s.ProveChanges()
	})
	a.WallSeconds, a.PeakKB = time.Since(at).Seconds(), peakKB()
	if err != nil {
		return outcome{}, err
	}
	return outcomeOf(s)
}

// settleIn makes what the first change ever makes for all later ones: the reverse
// lists, and the solver's own copy of seats and capacities.
func settleIn(ctx context.Context, s *flow.Solver) error {
	if s.Volunteers() == 0 {
		return nil
	}
	s.AppendOffers(nil, 0)
	return s.SetCapacity(ctx, 0, s.Capacity(0))
}

func outcomeOf(s *flow.Solver) (outcome, error) {
	proven, err := s.Prove()
	if err != nil {
		return outcome{}, err
	}
	o := outcome{objective: s.Cost(), bound: proven}
	var row []flow.Arc
	for r := range int32(s.Requests()) {
		row = s.AppendAssigned(row[:0], r)
		for _, a := range row {
			o.pairs = append(o.pairs, verify.Pair{Request: r, Volunteer: a.Volunteer, Cost: a.Cost})
		}
		o.prices.Requests = append(o.prices.Requests, s.RequestPrice(r))
	}
	for v := range int32(s.Volunteers()) {
		o.prices.Volunteers = append(o.prices.Volunteers, s.VolunteerPrice(v))
	}
	return o, nil
}

// crews solves with minima of people.
func crews(ctx context.Context, in *instance.Instance, a *peers.Answer) (outcome, error) {
	var p *bmatch.Problem
	a.BuildSeconds = seconds(func() { p = in.Problem() })
	var res *bmatch.Result
	var err error
	at := time.Now()
	a.CPUSeconds = seconds(func() { res, err = bmatch.Solve(ctx, p, bmatch.Options{}) })
	a.WallSeconds, a.PeakKB = time.Since(at).Seconds(), peakKB()
	if err != nil {
		return outcome{}, err
	}
	o := outcome{objective: res.Objective, bound: res.Bound, prices: verify.Prices{Requests: res.RequestPrices, Volunteers: res.VolunteerPrices}}
	for _, b := range res.Branches {
		branch := verify.Branch{Requests: b.Requests, Volunteers: b.Volunteers}
		for _, c := range b.Cases {
			branch.Cases = append(branch.Cases, verify.Case(c))
		}
		o.prices.Branches = append(o.prices.Branches, branch)
	}
	for r := range in.Requests {
		for _, a := range res.Assigned(r) {
			o.pairs = append(o.pairs, verify.Pair{Request: int32(r), Volunteer: a.Volunteer, Cost: a.Cost})
		}
	}
	return o, nil
}
