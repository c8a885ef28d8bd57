package memory

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/training/rolloutfile"
	"github.com/linli/linli/workflows/contract"
)

// Rollouts fills the port of the steps of training rollouts, for one rollout. It is
// safe for concurrent use; its exported fields are set before the first call, those
// of what people do between calls.
type Rollouts struct {
	Kept       rollout.Kept
	Amendments map[string]Amendment
	Staff      training.Staff
	// Fault, if set, may fail a call by its name.
	Fault func(call string, when When) error
	// Came says who of an announced cohort completed it and is in office, once its
	// results are settled.
	Came func(p rollout.Planned) (done []rollout.AtPath, settled bool)

	mu          sync.Mutex
	planned     []rollout.Planned
	cohorts     map[string]*training.Cohort
	plans       []rollout.KeptPlan
	checkpoints []rollout.Checkpoint
	busy        map[rollout.Month]int
}

// Amendment is a version of the file that waits to come into force.
type Amendment struct {
	Source  rollout.Source
	Base    int // the version that it was made of
	Version int // once it is in force
}

// call runs one transaction.
func (s *Rollouts) call(name string, fn func() error) error {
	fault := s.Fault
	if fault == nil {
		fault = func(string, When) error { return nil }
	}
	if err := fault(name, Before); err != nil {
		return err
	}
	s.mu.Lock()
	err := fn()
	s.mu.Unlock()
	if err != nil {
		return err
	}
	return fault(name, After)
}

// Rollout gives the rollout.
func (s *Rollouts) Rollout(_ context.Context, id aid.RolloutID) (k rollout.Kept, err error) {
	err = s.call("Rollout", func() error {
		if id != s.Kept.ID {
			return aid.Errorf(aid.NotFound, "there is no such rollout")
		}
		k = s.Kept
		return nil
	})
	return k, err
}

// RolloutToGoOn gives what starts the process anew.
func (s *Rollouts) RolloutToGoOn(_ context.Context, id aid.RolloutID) (in contract.RolloutInput, err error) {
	err = s.call("RolloutToGoOn", func() error {
		switch {
		case id != s.Kept.ID:
			return aid.Errorf(aid.NotFound, "there is no such rollout")
		case s.Kept.Status == rollout.Ended:
			return aid.Because(aid.Conflict, aid.ReasonSettled, "the rollout has ended")
		}
		in = contract.RolloutInput{Rollout: id, Plans: len(s.plans)}
		return nil
	})
	return in, err
}

// RolloutCalendar gives every cohort.
func (s *Rollouts) RolloutCalendar(context.Context, aid.RolloutID) (all []rollout.Turnout, err error) {
	err = s.call("RolloutCalendar", func() error {
		all = s.calendar()
		return nil
	})
	return all, err
}

func (s *Rollouts) calendar() []rollout.Turnout {
	var all []rollout.Turnout
	for _, p := range s.planned {
		t := rollout.Turnout{Planned: p}
		if p.Announced && s.Came != nil {
			t.Done, t.Settled = s.Came(p)
			t.Seated = t.Done
		}
		all = append(all, t)
	}
	return all
}

// LastPlan gives the last plan.
func (s *Rollouts) LastPlan(context.Context, aid.RolloutID) (p rollout.KeptPlan, err error) {
	err = s.call("LastPlan", func() error {
		if n := len(s.plans); n > 0 {
			p = s.plans[n-1]
			p.Cohorts, p.Refilled = nil, nil
		}
		return nil
	})
	return p, err
}

// KeepPlan keeps a plan.
func (s *Rollouts) KeepPlan(_ context.Context, _ aid.RolloutID, p rollout.KeptPlan) (stale bool, err error) {
	err = s.call("KeepPlan", func() error {
		if n := len(s.plans); n > 0 && s.plans[n-1].No >= p.No {
			stale = s.plans[n-1].Version != s.Kept.Version
			return nil
		}
		if stale = p.Version != s.Kept.Version; stale {
			return nil
		}
		s.plans = append(s.plans, p)
		s.planned = slices.DeleteFunc(s.planned, func(p rollout.Planned) bool { return !p.Announced })
		for _, again := range p.Refilled {
			i := slices.IndexFunc(s.planned, func(o rollout.Planned) bool { return o.Plan == again.Plan && o.No == again.No })
			s.planned[i].From = again.From
		}
		s.planned = append(s.planned, p.Cohorts...)
		s.Kept.Status, s.Kept.Reason = rollout.Running, ""
		if p.Refused != "" {
			s.Kept.Status, s.Kept.Reason = rollout.Refused, p.Refused
		}
		return nil
	})
	return stale, err
}

// StaffFor gives who could hold a planned cohort.
func (s *Rollouts) StaffFor(_ context.Context, p rollout.Planned) (staff training.Staff, err error) {
	err = s.call("StaffFor", func() error {
		staff = s.staffOf(p)
		return nil
	})
	return staff, err
}

// staffOf is who could hold a planned cohort. The lock must be held.
func (s *Rollouts) staffOf(p rollout.Planned) training.Staff {
	staff := s.Staff
	staff.Rule.Course = aid.CourseID(p.Course)
	staff.Trainers = slices.Clone(staff.Trainers)
	for j := range staff.Trainers {
		staff.Trainers[j].Cohorts = s.busy[p.Month]
	}
	return staff
}

// Announce makes the cohort of a planned one.
func (s *Rollouts) Announce(_ context.Context, id aid.RolloutID, p rollout.Planned, fn func(training.Staff) (*training.Cohort, rollout.Hindered)) error {
	return s.call("Announce", func() error {
		i := slices.IndexFunc(s.planned, func(o rollout.Planned) bool { return o.Plan == p.Plan && o.No == p.No })
		if i < 0 || s.planned[i].Announced {
			return nil
		}
		c, hindered := fn(s.staffOf(p))
		s.planned[i].Hindrance, s.planned[i].Unmet = hindered.Why, hindered.Unmet
		if c == nil {
			return nil
		}
		if s.cohorts == nil {
			s.cohorts, s.busy = map[string]*training.Cohort{}, map[rollout.Month]int{}
		}
		s.cohorts[p.CohortID(id)] = c
		s.busy[p.Month]++
		s.planned[i].Announced = true
		return nil
	})
}

// Persons counts nobody: the cohorts alone are counted here.
func (s *Rollouts) Persons(context.Context, aid.RolloutID, map[rollout.StepID]int) ([]rollout.Persons, error) {
	return nil, s.call("Persons", func() error { return nil })
}

// KeepCheckpoint keeps a checkpoint.
func (s *Rollouts) KeepCheckpoint(_ context.Context, _ aid.RolloutID, c rollout.Checkpoint) error {
	return s.call("KeepCheckpoint", func() error {
		s.checkpoints = slices.DeleteFunc(s.checkpoints, func(o rollout.Checkpoint) bool { return o.Month == c.Month })
		s.checkpoints = append(s.checkpoints, c)
		if c.Ended {
			s.Kept.Status = rollout.Ended
		}
		return nil
	})
}

// AmendRollout puts an amendment in force.
func (s *Rollouts) AmendRollout(_ context.Context, _ aid.RolloutID, amendment string, check func(*rollout.Amendment, []rollout.Turnout) error) (version int, err error) {
	err = s.call("AmendRollout", func() error {
		a, kept := s.Amendments[amendment]
		switch {
		case !kept:
			return aid.Errorf(aid.NotFound, "there is no such amendment")
		case a.Version > 0:
			version = a.Version
			return nil
		case a.Base != s.Kept.Version:
			return aid.Because(aid.Conflict, aid.ReasonChangedMeanwhile, "another amendment came first")
		}
		if err := check(&rollout.Amendment{Source: a.Source}, s.calendar()); err != nil {
			return err
		}
		a.Version = a.Base + 1
		s.Amendments[amendment] = a
		s.Kept.Version, s.Kept.Source, s.Kept.Status = a.Version, a.Source, rollout.Planning
		version = a.Version
		return nil
	})
	return version, err
}

// Merge restates the rollout as a merge of areas does: an amendment by this name is in
// force at once.
func (s *Rollouts) Merge(amendment string, area aid.AreaID, into aid.Area) error {
	return s.call("Merge", func() error {
		source, _, err := rolloutfile.Merge(s.Kept.Source, area, into)
		if err != nil {
			return err
		}
		for i := range s.planned {
			s.planned[i].Merge(area, into.ID)
		}
		for i := range s.checkpoints {
			s.checkpoints[i].Merge(area, into.ID)
		}
		base := s.Kept.Version
		s.Kept.Version, s.Kept.Source, s.Kept.Status = base+1, source, rollout.Planning
		s.Amendments[amendment] = Amendment{Source: source, Base: base, Version: base + 1}
		return nil
	})
}

// Planned are the cohorts of the calendar, in order of time.
func (s *Rollouts) Planned() []rollout.Planned {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := slices.Clone(s.planned)
	slices.SortFunc(all, func(a, b rollout.Planned) int {
		return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(a.Plan, b.Plan), cmp.Compare(a.No, b.No))
	})
	return all
}

// Cohort is what was made of a planned one; nil before.
func (s *Rollouts) Cohort(p rollout.Planned) *training.Cohort {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cohorts[p.CohortID(s.Kept.ID)]
}

// Plans are the plans that were kept.
func (s *Rollouts) Plans() []rollout.KeptPlan {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.plans)
}

// Checkpoints are those that were kept, one a month.
func (s *Rollouts) Checkpoints() []rollout.Checkpoint {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.checkpoints)
}
