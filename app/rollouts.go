package app

import (
	"context"
	"fmt"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/training/rolloutfile"
	"github.com/linli/linli/training/sheet"
	"github.com/linli/linli/workflows/contract"
)

// RolloutStore keeps rollouts. Those calls with a rollout's id are [aid.NotFound]
// without one, but for the lists. OpenRollout also has its process started.
type RolloutStore interface {
	OpenRollout(ctx context.Context, k rollout.Kept) error
	// Rollouts gives them without their files, the newest first.
	Rollouts(ctx context.Context, p aid.Page) (aid.PageOf[rollout.Kept], error)
	// Rollout gives one with the file of the version in force.
	Rollout(ctx context.Context, id aid.RolloutID) (rollout.Kept, error)
	RolloutVersions(ctx context.Context, id aid.RolloutID) ([]rollout.Version, error)
	// KeepAmendment keeps a version until its process puts it in force.
	KeepAmendment(ctx context.Context, id aid.RolloutID, amendment string, base int, source rollout.Source, by aid.AccountID, at time.Time) error
	// LastPlan and LastCheckpoint are the zero value before the first.
	LastPlan(ctx context.Context, id aid.RolloutID) (rollout.KeptPlan, error)
	LastCheckpoint(ctx context.Context, id aid.RolloutID) (rollout.Checkpoint, error)
	// PlannedCohorts gives the calendar in order of time, with what came of it.
	PlannedCohorts(ctx context.Context, id aid.RolloutID, f rollout.CalendarFilter, p aid.Page) (aid.PageOf[rollout.Turnout], error)
	NoteDeparture(ctx context.Context, id aid.RolloutID, v aid.VolunteerID, on aid.Date, by aid.AccountID, at time.Time) error
	// KnownAreas gives those of some ids that are areas, each with the one that it
	// stands for now: itself, or its successor.
	KnownAreas(ctx context.Context, ids []aid.AreaID) (map[aid.AreaID]aid.AreaID, error)
	VolunteersByID(ctx context.Context, ids []aid.VolunteerID) ([]aid.Volunteer, error)
}

// RolloutProcesses passes amendments to the process of a rollout. Errors are those
// of [Processes].
type RolloutProcesses interface {
	AmendRollout(ctx context.Context, id string, m contract.AmendRollout) (contract.RolloutAmended, error)
}

// Rollouts are the use cases of training rollouts. What they show are numbers of
// people, and never who they are.
type Rollouts struct {
	Store     RolloutStore
	Processes RolloutProcesses
	Now       func() time.Time
}

// RolloutCard is a rollout with what has become of it.
type RolloutCard struct {
	rollout.Kept
	Versions []rollout.Version
}

// Open begins a rollout by its file. It is for those who answer for a whole tree of
// areas, as a course is.
func (u *Rollouts) Open(ctx context.Context, by Caller, source rollout.Source) (RolloutCard, error) {
	if err := policy.Allow(by.Account, policy.OpenRollout, policy.Resource{}); err != nil {
		return RolloutCard{}, err
	}
	f, err := u.sound(ctx, source)
	if err != nil {
		return RolloutCard{}, err
	}
	k := rollout.Kept{
		ID: aid.RolloutID(by.id("rollout")), Name: f.Name, NameZh: f.NameZh, Source: source, OpenedBy: by.ID, OpenedAt: u.Now(),
	}
	if err := u.Store.OpenRollout(ctx, k); err != nil && !by.repeats(err) {
		return RolloutCard{}, err
	}
	return u.Get(ctx, by, k.ID)
}

// sound reads the files of a rollout. Its areas must be those in which people live
// and organisations work, since cohorts are opened there.
func (u *Rollouts) sound(ctx context.Context, source rollout.Source) (*rollout.Rollout, error) {
	f, err := rolloutfile.Parse(source)
	if err != nil {
		return nil, err
	}
	r := &f.Rollout
	ids := make([]aid.AreaID, len(r.Areas))
	for i := range r.Areas {
		ids[i] = r.Areas[i].ID
	}
	known, err := u.Store.KnownAreas(ctx, ids)
	if err != nil {
		return nil, err
	}
	var c aid.Check
	for i, id := range ids {
		at := fmt.Sprintf("areas[%d].id", i)
		now, is := known[id]
		c.That(is, at, "%q is no area here; import it first, or write the id that GET /v1/areas lists", id)
		c.That(!is || now == id, at, "%q has been merged into %q; write that, with the people, places and lecturers of both", id, now)
	}
	c.That(r.Last() > rollout.MonthOf(u.Now()), fmt.Sprintf("steps[%d].deadline", len(r.Steps)-1), "is over, and so is that of every other step")
	return r, f.Locate(c.Err("rollout"))
}

// List lists rollouts without their files, the newest first.
func (u *Rollouts) List(ctx context.Context, by Caller, p aid.Page) (aid.PageOf[rollout.Kept], error) {
	if err := policy.Allow(by.Account, policy.ListRollouts, policy.Resource{}); err != nil {
		return aid.PageOf[rollout.Kept]{}, err
	}
	return u.Store.Rollouts(ctx, p)
}

// Get reads a rollout with the file of the version in force.
func (u *Rollouts) Get(ctx context.Context, by Caller, id aid.RolloutID) (card RolloutCard, err error) {
	if card.Kept, err = u.read(ctx, by, policy.ReadRollout, id); err != nil {
		return card, err
	}
	card.Versions, err = u.Store.RolloutVersions(ctx, id)
	return card, err
}

func (u *Rollouts) read(ctx context.Context, by Caller, action policy.Action, id aid.RolloutID) (rollout.Kept, error) {
	if err := policy.Allow(by.Account, action, policy.Resource{}); err != nil {
		return rollout.Kept{}, err
	}
	k, err := u.Store.Rollout(ctx, id)
	return k, hidden(err, "rollout")
}

// Plan gives the last plan in figures, and a page of its calendar.
func (u *Rollouts) Plan(ctx context.Context, by Caller, id aid.RolloutID, f rollout.CalendarFilter, p aid.Page) (plan rollout.KeptPlan, cohorts aid.PageOf[rollout.Turnout], err error) {
	if _, err = u.read(ctx, by, policy.ReadRolloutPlan, id); err != nil {
		return plan, cohorts, err
	}
	if plan, err = u.Store.LastPlan(ctx, id); err != nil {
		return plan, cohorts, err
	}
	cohorts, err = u.Store.PlannedCohorts(ctx, id, f, p)
	return plan, cohorts, err
}

// Progress gives the last count, of the whole steps and of each area in them, with the
// steps of the version in force.
func (u *Rollouts) Progress(ctx context.Context, by Caller, id aid.RolloutID) (rollout.Checkpoint, []rollout.Step, error) {
	var c rollout.Checkpoint
	k, err := u.read(ctx, by, policy.ReadRolloutProgress, id)
	if err != nil {
		return c, nil, err
	}
	f, err := rolloutfile.Parse(k.Source)
	if err != nil {
		return c, nil, err
	}
	c, err = u.Store.LastCheckpoint(ctx, id)
	return c, f.Rollout.Steps, err
}

// ProgressFile gives the last count as a spreadsheet, a row for each line of it.
func (u *Rollouts) ProgressFile(ctx context.Context, by Caller, id aid.RolloutID, form sheet.Form) ([]byte, error) {
	k, err := u.read(ctx, by, policy.ReadProgressFile, id)
	if err != nil {
		return nil, err
	}
	f, err := rolloutfile.Parse(k.Source)
	if err != nil {
		return nil, err
	}
	c, err := u.Store.LastCheckpoint(ctx, id)
	if err != nil {
		return nil, err
	}
	return sheet.Write(form, f.Rollout.Table(c))
}

// Amend puts a version of the file in force that was made of the version base, and
// gives its number. What is announced stays as it is; what is left is planned anew
// after the answer.
func (u *Rollouts) Amend(ctx context.Context, by Caller, id aid.RolloutID, base int, source rollout.Source) (version int, err error) {
	k, err := u.read(ctx, by, policy.AmendRollout, id)
	if err != nil {
		return 0, err
	}
	var c aid.Check
	c.That(base >= 1 && base <= k.Version, "version", "must be the version in force that was amended, which is %d", k.Version)
	if err := c.Err("amendment"); err != nil {
		return 0, err
	}
	if _, err := u.sound(ctx, source); err != nil {
		return 0, err
	}
	amendment := by.id("amendment")
	if err := u.Store.KeepAmendment(ctx, id, amendment, base, source, by.ID, u.Now()); err != nil {
		return 0, err
	}
	amended, err := u.Processes.AmendRollout(ctx, amendment, contract.AmendRollout{Rollout: id, Amendment: amendment})
	return amended.Version, err
}

// NoteDeparture notes that somebody has left the office for which a rollout trained
// them. What they completed goes on to hold; the seat is open again from the next
// count on.
func (u *Rollouts) NoteDeparture(ctx context.Context, by Caller, id aid.RolloutID, v aid.VolunteerID, on aid.Date) error {
	if err := policy.Role(by.Role, policy.NoteDeparture); err != nil {
		return err
	}
	if _, err := u.Store.Rollout(ctx, id); err != nil {
		return hidden(err, "rollout")
	}
	now := u.Now()
	var c aid.Check
	c.That(aid.ValidID(v), "volunteer_id", "is missing or malformed")
	c.That(!on.IsZero() && on.Compare(aid.DateOf(now.AddDate(0, 0, 1))) <= 0, "left_on", "must be a day that is not in the future")
	if err := c.Err("departure"); err != nil {
		return err
	}
	found, err := u.Store.VolunteersByID(ctx, []aid.VolunteerID{v})
	if err != nil {
		return err
	}
	if len(found) == 0 || !policy.Allows(by.Account, policy.NoteDeparture, policy.Resource{Area: found[0].AreaPath}) {
		return aid.Errorf(aid.NotFound, "there is no such volunteer, or it is not yours to see")
	}
	return u.Store.NoteDeparture(ctx, id, v, on, by.ID, now)
}
