package activities

import (
	"context"
	"time"

	"go.temporal.io/sdk/activity"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training"
	"github.com/linli/linli/training/planner"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/training/rolloutfile"
	"github.com/linli/linli/training/verify"
	"github.com/linli/linli/workflows/contract"
)

// RolloutStore keeps rollouts. Each call is one transaction; those with a rollout's
// id are [aid.NotFound] without one.
type RolloutStore interface {
	// Rollout gives one with the file of the version in force.
	Rollout(ctx context.Context, id aid.RolloutID) (rollout.Kept, error)
	// RolloutCalendar gives every cohort of it with what came of it, in order.
	RolloutCalendar(ctx context.Context, id aid.RolloutID) ([]rollout.Turnout, error)
	// LastPlan gives the last plan without its cohorts, the zero value before the first.
	LastPlan(ctx context.Context, id aid.RolloutID) (rollout.KeptPlan, error)
	// KeepPlan keeps a plan in place of the cohorts that are not announced. It does
	// nothing if this plan or a later one is kept already, and tells that it is stale if
	// its version is not in force any more.
	KeepPlan(ctx context.Context, id aid.RolloutID, p rollout.KeptPlan) (stale bool, err error)
	// Announce makes the cohort of a planned one unless it is made: fn makes it of who is
	// there, or says what hinders it, which is noted.
	Announce(ctx context.Context, id aid.RolloutID, p rollout.Planned, fn func(training.Staff) (*training.Cohort, rollout.Hindered)) error
	// StaffFor gives who could hold a planned cohort at this moment.
	StaffFor(ctx context.Context, p rollout.Planned) (training.Staff, error)
	// Persons counts people who completed courses of the rollout, given how many each
	// step has.
	Persons(ctx context.Context, id aid.RolloutID, courses map[rollout.StepID]int) ([]rollout.Persons, error)
	// KeepCheckpoint keeps the checkpoint of a month, in place of an earlier one.
	KeepCheckpoint(ctx context.Context, id aid.RolloutID, c rollout.Checkpoint) error
	// AmendRollout puts a kept amendment in force if check allows it, and gives its
	// version. One that is in force already stays so; [aid.Conflict] with
	// [aid.ReasonChangedMeanwhile] says that another came first.
	AmendRollout(ctx context.Context, id aid.RolloutID, amendment string, check func(next *rollout.Amendment, calendar []rollout.Turnout) error) (version int, err error)
}

// Rollouts are the steps of training rollouts. They are safe for concurrent use.
type Rollouts struct {
	Store RolloutStore
	Cell  func(aid.Point) (aid.Cell, error)
}

// rolloutUnderWay is a rollout as a step finds it.
type rolloutUnderWay struct {
	rollout.Kept
	file     *rollout.Rollout
	calendar []rollout.Turnout
}

func (a *Rollouts) read(ctx context.Context, id aid.RolloutID) (w rolloutUnderWay, err error) {
	if w.Kept, err = a.Store.Rollout(ctx, id); err != nil {
		return w, err
	}
	f, err := rolloutfile.Parse(w.Source)
	if err != nil { // it was sound when it was kept: the rules have become stricter
		return w, &aid.Error{Kind: aid.Internal, Message: "the rollout's file cannot be read any more", Err: err}
	}
	w.file = &f.Rollout
	w.calendar, err = a.Store.RolloutCalendar(ctx, id)
	return w, err
}

// PlanRollout makes the calendar of what is left, has it checked, and keeps it. A
// rollout that cannot be planned is kept as refused, with the reason.
func (a *Rollouts) PlanRollout(ctx context.Context, m contract.PlanRollout) (contract.RolloutPlanned, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go heartbeat(ctx, beat)
	w, err := a.read(ctx, m.Rollout)
	if err != nil {
		return contract.RolloutPlanned{}, fail(ctx, err)
	}
	p, err := plan(ctx, w, m)
	if err != nil {
		return contract.RolloutPlanned{}, fail(ctx, err)
	}
	stale, err := a.Store.KeepPlan(ctx, m.Rollout, p)
	return contract.RolloutPlanned{Refused: p.Refused != "", Stale: stale}, fail(ctx, err)
}

func plan(ctx context.Context, w rolloutUnderWay, m contract.PlanRollout) (rollout.KeptPlan, error) {
	kept := rollout.KeptPlan{No: m.Plan, Version: w.Version, MadeAt: m.At}
	left, refilled := w.file.Left(w.calendar, rollout.MonthOf(m.At)+1)
	began := time.Now()
	p, err := planner.Plan(ctx, left)
	if aid.KindOf(err) == aid.Invalid {
		kept.Refused = err.Error()
		return kept, nil
	}
	if err != nil {
		return kept, err
	}
	took := time.Since(began)
	checked, err := verify.Plan(left, p)
	if err != nil {
		return kept, &aid.Error{Kind: aid.Internal, Message: "the plan did not pass the check, which is a fault of this program", Err: err}
	}
	p.Weaken(checked.PriceBound)
	kept.Report, kept.Refilled = left.Report(p, checked.Costs), refilled
	kept.Report.Seconds = took.Seconds()
	for i := range p.Cohorts {
		c := &p.Cohorts[i]
		if c.Lacks != 0 || c.Fixed {
			continue
		}
		kept.Cohorts = append(kept.Cohorts, rollout.Planned{
			Plan: m.Plan, No: len(kept.Cohorts) + 1, Step: left.Steps[c.Step].ID, Course: left.Courses[c.Course].ID,
			Area: c.Area, Venue: c.Venue, Month: c.Month, Lecturers: c.Lecturers, Seats: c.Seats, From: c.From,
		})
	}
	kept.LeftOut = w.file.LeftOut(left, kept.Cohorts)
	return kept, nil
}

// AnnounceCohorts makes the cohorts for which it is time: those of months that
// begin within the notice after m.Until, which is when it runs next.
func (a *Rollouts) AnnounceCohorts(ctx context.Context, m contract.RolloutAt) (contract.CohortsAnnounced, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go heartbeat(ctx, beat)
	var out contract.CohortsAnnounced
	w, err := a.read(ctx, m.Rollout)
	if err != nil {
		return out, fail(ctx, err)
	}
	until := m.Until.AddDate(0, 0, 7*w.file.NoticeWeeks())
	var due []*rollout.Planned
	for i := range w.calendar {
		p := &w.calendar[i].Planned
		switch {
		case p.Month <= rollout.MonthOf(m.At) || !p.Month.Begins().Before(until):
		case p.Announced:
			out.Announced++
		default:
			due = append(due, p)
		}
	}
	planned, err := a.lecturers(ctx, w, due)
	if err != nil {
		return out, fail(ctx, err)
	}
	for i, p := range due {
		hindered := false
		err := a.Store.Announce(ctx, m.Rollout, *p, func(s training.Staff) (*training.Cohort, rollout.Hindered) {
			c, h := a.cohort(w, p, s, planned[i], m.At)
			hindered = h.Why != ""
			return c, h
		})
		switch {
		case err != nil:
			return out, fail(ctx, err)
		case hindered:
			out.Hindered++
		default:
			out.Announced++
		}
	}
	if out.Hindered > 0 {
		activity.GetLogger(ctx).Warn("cohorts of a rollout could not be announced", "rollout", m.Rollout, "cohorts", out.Hindered)
	}
	return out, nil
}

// CheckRollout counts how far a rollout has come, keeps the count, and tells
// whether what is left has to be planned anew: since those who have a seat are not
// those who need one any more, or since a month that has passed may open another way
// for whom there was none.
func (a *Rollouts) CheckRollout(ctx context.Context, m contract.RolloutAt) (contract.RolloutChecked, error) {
	w, err := a.read(ctx, m.Rollout)
	if err != nil {
		return contract.RolloutChecked{}, fail(ctx, err)
	}
	courses := map[rollout.StepID]int{}
	for i := range w.file.Steps {
		courses[w.file.Steps[i].ID] = len(w.file.Steps[i].Courses)
	}
	persons, err := a.Store.Persons(ctx, m.Rollout, courses)
	if err != nil {
		return contract.RolloutChecked{}, fail(ctx, err)
	}
	last, err := a.Store.LastPlan(ctx, m.Rollout)
	if err != nil {
		return contract.RolloutChecked{}, fail(ctx, err)
	}
	now := rollout.MonthOf(m.At)
	c := rollout.Checkpoint{
		Month: now, At: m.At, Version: w.Version, Plan: last.No,
		Progress: w.file.Count(w.calendar, persons, now), Ended: now > w.file.Last(),
	}
	if err := a.Store.KeepCheckpoint(ctx, m.Rollout, c); err != nil {
		return contract.RolloutChecked{}, fail(ctx, err)
	}
	left, refilled := w.file.Left(w.calendar, now+1)
	var ahead []rollout.Planned
	for i := range w.calendar {
		if p := w.calendar[i].Planned; !p.Announced && p.Month > now {
			ahead = append(ahead, p)
		}
	}
	out := w.file.LeftOut(left, ahead)
	replan := last.Version != w.Version || len(refilled) > 0 || last.LeftOut != out || out != ""
	return contract.RolloutChecked{Ended: c.Ended, Replan: replan && !c.Ended, Next: (now + 1).Begins().UTC()}, nil
}

// AmendRollout puts an amendment in force by which what is left can be planned
// without moving what is announced.
func (a *Rollouts) AmendRollout(ctx context.Context, m contract.AmendRollout) (contract.RolloutAmended, error) {
	version, err := a.Store.AmendRollout(ctx, m.Rollout, m.Amendment, func(next *rollout.Amendment, calendar []rollout.Turnout) error {
		f, err := rolloutfile.Parse(next.Source)
		if err != nil {
			return err
		}
		next.Name, next.NameZh = f.Rollout.Name, f.Rollout.NameZh
		left, _ := f.Rollout.Left(calendar, rollout.MonthOf(m.At)+1)
		return fits(left, len(f.Rollout.Fixed))
	})
	return contract.RolloutAmended{Version: version}, fail(ctx, err)
}
