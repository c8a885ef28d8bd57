package memory

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training"
)

// Cohorts fills the port of the steps of training cohorts, for one cohort. It is safe
// for concurrent use.
type Cohorts struct {
	Now func() time.Time
	// Fault, if set, may fail a call by its name.
	Fault func(call string, when When) error
	// Elsewhere is where the people of the cohort could do the course otherwise.
	Elsewhere training.Elsewhere
	// Trainers are those of whom it is known what they teach.
	Trainers []training.Trainer

	mu     sync.Mutex
	cohort *training.Cohort
	told   []training.Telling
}

// Open puts in the cohort, with what its opening tells.
func (s *Cohorts) Open(c *training.Cohort) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keep(c)
}

// Change lets fn change the cohort, as people do.
func (s *Cohorts) Change(fn func(c *training.Cohort, now time.Time) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.change(fn)
}

// Told are the tellings so far, in order.
func (s *Cohorts) Told() []training.Telling {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.told)
}

// Cohort is where the cohort stands.
func (s *Cohorts) Cohort() *training.Cohort {
	s.mu.Lock()
	defer s.mu.Unlock()
	return cloneCohort(s.cohort)
}

// AdvanceCohort lets fn change the cohort.
func (s *Cohorts) AdvanceCohort(_ context.Context, id aid.CohortID, fn func(c *training.Cohort, elsewhere training.Elsewhere, now time.Time) error) (*training.Cohort, error) {
	fault := s.Fault
	if fault == nil {
		fault = func(string, When) error { return nil }
	}
	if err := fault("AdvanceCohort", Before); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cohort == nil || s.cohort.ID != id {
		return nil, aid.Errorf(aid.NotFound, "there is no such cohort")
	}
	err := s.change(func(c *training.Cohort, now time.Time) error {
		e := training.Elsewhere{Homes: map[aid.VolunteerID]aid.Point{}, Open: s.Elsewhere.Open}
		for _, v := range c.Left() {
			if home, known := s.Elsewhere.Homes[v]; known {
				e.Homes[v] = home
			}
		}
		return fn(c, e, now)
	})
	if err != nil {
		return nil, err
	}
	return cloneCohort(s.cohort), fault("AdvanceCohort", After)
}

// StaffCohorts lets fn ask trainers for the cohort if it lacks one.
func (s *Cohorts) StaffCohorts(_ context.Context, fn func(lacking []*training.Cohort, trainers []training.Trainer, now time.Time) error) error {
	fault := s.Fault
	if fault == nil {
		fault = func(string, When) error { return nil }
	}
	if err := fault("StaffCohorts", Before); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.change(func(c *training.Cohort, now time.Time) error {
		if c.Vacant(now) == 0 {
			return nil
		}
		return fn([]*training.Cohort{c}, s.Trainers, now)
	})
	if err != nil {
		return err
	}
	return fault("StaffCohorts", After)
}

func (s *Cohorts) change(fn func(c *training.Cohort, now time.Time) error) error {
	c := cloneCohort(s.cohort)
	if err := fn(c, s.Now()); err != nil {
		return err
	}
	s.keep(c)
	return nil
}

func (s *Cohorts) keep(c *training.Cohort) {
	s.told = append(s.told, c.Tellings...)
	c.Tellings, c.NewSteps, c.Issued = nil, nil, nil
	s.cohort = c
}

func cloneCohort(c *training.Cohort) *training.Cohort {
	out := *c
	out.Enrolments, out.Marks, out.Steps = slices.Clone(c.Enrolments), slices.Clone(c.Marks), maps.Clone(c.Steps)
	out.Trainers, out.Asks, out.Drops = slices.Clone(c.Trainers), slices.Clone(c.Asks), slices.Clone(c.Drops)
	return &out
}
