package matching

import (
	"context"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/bmatch"
)

// TrainerVerdict says which rule keeps a trainer from a cohort, and how far apart they
// are, in metres. The zero reason means none.
type TrainerVerdict struct {
	Bars     TrainerBar
	Distance int64
}

// TrainerBar is a rule that keeps a trainer from a cohort.
type TrainerBar int

// The rules, in the order in which they are looked at: the first counts.
const (
	TrainerFits   TrainerBar = iota
	TrainerAsked             // holds it, dropped out of it or was asked before
	TrainerCourse            // may not teach the course
	TrainerTooFar            // lives too far away, or acts in other areas
	TrainerBusy              // has another session at that time
	TrainerFull              // has as many cohorts in the month as they take
)

// Count adds a verdict to the numbers of those who could not be asked.
func (b TrainerBar) Count(n *aid.ReasonCounts) {
	switch b {
	case TrainerFits:
	case TrainerAsked:
		n.Asked++
	case TrainerCourse:
		n.Course++
	case TrainerTooFar:
		n.TooFar++
	case TrainerBusy:
		n.Time++
	case TrainerFull:
		n.Capacity++
	}
}

// TrainerPick is one trainer for one cohort, by their places in the lists.
type TrainerPick struct {
	Cohort, Trainer int
	Distance        int64
}

// Trainers finds trainers for cohorts that lack them: for as many as possible, and of
// these plans the one of least distance in all. Each trainer is picked once at most;
// whoever could take more is looked at again with what they were picked for. lacks says
// how many each cohort lacks, and verdict judges a trainer for a cohort; whoever fits is at most [aid.MaxTravel] away.
func Trainers(ctx context.Context, lacks []int, trainers int, verdict func(cohort, trainer int) TrainerVerdict) ([]TrainerPick, error) {
	p := &bmatch.Problem{Capacity: make([]int64, trainers)}
	open := int64(1) // what a place without a trainer costs: more than all distances of a plan
	for _, n := range lacks {
		open += int64(n) * aid.MaxTravel
	}
	for t := range trainers {
		p.Capacity[t] = 1
	}
	rows := make([][]bmatch.Arc, len(lacks))
	for c, n := range lacks {
		p.Requests = append(p.Requests, bmatch.Request{Seats: int64(n), Penalty: open})
		for t := range trainers {
			if v := verdict(c, t); v.Bars == TrainerFits {
				rows[c] = append(rows[c], bmatch.Arc{Volunteer: int32(t), Cost: v.Distance})
			}
		}
	}
	p.Source = bmatch.NewArcs(rows)
	plan, err := bmatch.Solve(ctx, p, bmatch.Options{})
	if err != nil {
		return nil, err
	}
	var picks []TrainerPick
	for c := range lacks {
		for _, a := range plan.Assigned(c) {
			picks = append(picks, TrainerPick{c, int(a.Volunteer), a.Cost})
		}
	}
	return picks, nil
}
