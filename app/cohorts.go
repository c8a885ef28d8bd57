package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/matching/grid"
	"github.com/linli/linli/training"
)

// CohortStore keeps cohorts. AddCohort is [aid.ReasonAlreadyExists] when the id is
// taken. Cohort, CohortCard, Organisation and ChangeCohort are [aid.NotFound] for an
// unknown id. Now is the clock by which ChangeCohort decides. ChangeCohort has fn change a cohort under its lock, and issues what it
// earned in the same transaction. VolunteersByID and EnrolmentsOf leave out what
// there is not.
type CohortStore interface {
	Organisation(ctx context.Context, id aid.OrganisationID) (aid.Organisation, aid.AreaPath, error)
	AddCohort(ctx context.Context, c *training.Cohort) error
	Cohorts(ctx context.Context, f training.CohortFilter, p aid.Page) (aid.PageOf[training.Card], error)
	CohortCard(ctx context.Context, id training.CohortID) (training.Card, error)
	Cohort(ctx context.Context, id training.CohortID) (*training.Cohort, error)
	ChangeCohort(ctx context.Context, id training.CohortID, fn func(c *training.Cohort, now time.Time) error) (*training.Cohort, error)
	Now(ctx context.Context) (time.Time, error)
	EnrolmentsOf(ctx context.Context, v aid.VolunteerID, in []training.CohortID) (map[training.CohortID]training.Enrolment, error)
	VolunteersByID(ctx context.Context, ids []aid.VolunteerID) ([]aid.Volunteer, error)
	ProposalStore
	TrainerStore
}

// ProposalStore finds people for a cohort, without their distances. LapsingNear gives
// those who hold or held the course, who need it most first; UntrainedNear those who
// never did, who lives nearest first.
type ProposalStore interface {
	LapsingNear(ctx context.Context, f training.ProposalFilter) ([]training.Proposal, error)
	UntrainedNear(ctx context.Context, f training.ProposalFilter) ([]training.Proposal, error)
}

// Cohorts are the use cases of cohorts, from the first enrolment to the results.
type Cohorts struct {
	Store   CohortStore
	Courses CourseStore
	Now     func() time.Time
}

// CohortCard is a cohort as far as its viewer may know it.
type CohortCard struct {
	training.Card
	Mine *training.Enrolment // of the caller's own
}

// Open opens a cohort for enrolment in the area of its organisation. Without a
// version it goes through the last one of the course.
func (u *Cohorts) Open(ctx context.Context, by Caller, p training.Plan) (CohortCard, error) {
	if err := policy.Role(by.Role, policy.OpenCohort); err != nil {
		return CohortCard{}, err
	}
	var c aid.Check
	rule, err := u.rule(ctx, &c, &p)
	if err != nil {
		return CohortCard{}, err
	}
	var area aid.AreaPath
	if aid.ValidID(p.Organisation) {
		_, area, err = u.Store.Organisation(ctx, p.Organisation)
		c.That(aid.KindOf(err) != aid.NotFound, "organisation_id", "%q is no organisation; GET /v1/organisations lists them", p.Organisation)
		if err != nil && aid.KindOf(err) != aid.NotFound {
			return CohortCard{}, err
		}
		if err == nil {
			if err := policy.Allow(by.Account, policy.OpenCohort, policy.Resource{Area: area}); err != nil {
				return CohortCard{}, err
			}
		}
	}
	now := u.Now()
	c.Within("", p.Validate(now))
	if err := c.Err("cohort"); err != nil {
		return CohortCard{}, err
	}
	if p.Cell, err = grid.CellOf(p.Location, grid.Home); err != nil {
		return CohortCard{}, err
	}
	k := training.New(training.CohortID(by.id("cohort")), p, rule, area, by.ID, now)
	if err := u.Store.AddCohort(ctx, k); err != nil && !by.repeats(err) {
		return CohortCard{}, err
	}
	card, err := u.Store.CohortCard(ctx, k.ID)
	return CohortCard{Card: card}, err
}

// rule finds the version of the course, the last one if none is named.
func (u *Cohorts) rule(ctx context.Context, c *aid.Check, p *training.Plan) (training.Definition, error) {
	if !aid.ValidID(p.Course) {
		return training.Definition{}, nil // another rule names the field
	}
	course, err := u.Courses.Course(ctx, p.Course)
	if err != nil && aid.KindOf(err) != aid.NotFound {
		return training.Definition{}, err
	}
	if p.Version == 0 {
		p.Version = max(1, len(course.Versions))
	}
	if p.Version < 1 || p.Version > len(course.Versions) {
		c.That(false, "course_id", "%q has no version %d; GET /v1/courses lists them", p.Course, p.Version)
		return training.Definition{}, nil
	}
	return course.Versions[p.Version-1], nil
}

// List lists cohorts, the last to begin first; mine: those that the caller has
// enrolled in. They are public knowledge, the venue aside.
func (u *Cohorts) List(ctx context.Context, by Caller, f training.CohortFilter, mine bool, p aid.Page) (aid.PageOf[CohortCard], error) {
	if err := policy.Allow(by.Account, policy.ListCohorts, policy.Resource{}); err != nil {
		return aid.PageOf[CohortCard]{}, err
	}
	if mine && by.Volunteer == "" {
		return aid.PageOf[CohortCard]{}, nil
	}
	if mine {
		f.Volunteer = by.Volunteer
	}
	page, err := u.Store.Cohorts(ctx, f, p)
	if err != nil {
		return aid.PageOf[CohortCard]{}, err
	}
	cards, err := u.cards(ctx, by, page.Items)
	return aid.PageOf[CohortCard]{Items: cards, Next: page.Next}, err
}

// Get reads one cohort.
func (u *Cohorts) Get(ctx context.Context, by Caller, id training.CohortID) (CohortCard, error) {
	if err := policy.Allow(by.Account, policy.ReadCohort, policy.Resource{}); err != nil {
		return CohortCard{}, err
	}
	card, err := u.Store.CohortCard(ctx, id)
	if err != nil {
		return CohortCard{}, hidden(err, "cohort")
	}
	cards, err := u.cards(ctx, by, []training.Card{card})
	if err != nil {
		return CohortCard{}, err
	}
	return cards[0], nil
}

// cards adds what is the caller's own, and takes out the venue for those who are
// neither enrolled nor answer for the cohort.
func (u *Cohorts) cards(ctx context.Context, by Caller, all []training.Card) ([]CohortCard, error) {
	var mine map[training.CohortID]training.Enrolment
	if by.Volunteer != "" {
		ids := make([]training.CohortID, len(all))
		for i, c := range all {
			ids[i] = c.ID
		}
		var err error
		if mine, err = u.Store.EnrolmentsOf(ctx, by.Volunteer, ids); err != nil {
			return nil, err
		}
	}
	out := make([]CohortCard, len(all))
	for i, c := range all {
		e, enrolled := mine[c.ID]
		if enrolled {
			out[i].Mine = &e
		}
		if !e.Status.Seated() && !policy.Allows(by.Account, policy.ListEnrolments, policy.Resource{Area: c.AreaPath}) {
			c.Venue = ""
			c.Sessions = slices.Clone(c.Sessions)
			for i := range c.Sessions {
				c.Sessions[i].Venue = ""
			}
		}
		out[i].Card = c
	}
	return out, nil
}

// CohortChange holds what is to change; empty fields stay as they are.
type CohortChange struct {
	Status   training.Status
	Capacity int
	Reason   string // of a cancelling
}

// Change closes or reopens enrolment, changes the number of seats, calls the cohort
// off, or completes it, which settles the results.
func (u *Cohorts) Change(ctx context.Context, by Caller, id training.CohortID, ch CohortChange) (CohortCard, error) {
	_, err := u.change(ctx, by, policy.ChangeCohort, id, func(c *training.Cohort, now time.Time) error {
		if ch.Capacity != 0 {
			if err := c.Resize(ch.Capacity, now); err != nil {
				return err
			}
		}
		if ch.Status == c.Status {
			return nil
		}
		switch ch.Status {
		case training.Open:
			return c.Reopen(now)
		case training.Closed:
			return c.Close()
		case training.Cancelled:
			return c.Cancel(ch.Reason, now)
		case training.Completed:
			return c.Complete(by.ID, now)
		}
		return nil
	})
	if err != nil {
		return CohortCard{}, err
	}
	return u.Get(ctx, by, id)
}

// change lets whoever answers for a cohort change it.
func (u *Cohorts) change(ctx context.Context, by Caller, action policy.Action, id training.CohortID, fn func(*training.Cohort, time.Time) error) (*training.Cohort, error) {
	if err := policy.Role(by.Role, action); err != nil {
		return nil, err
	}
	c, err := u.Store.ChangeCohort(ctx, id, func(c *training.Cohort, now time.Time) error {
		if err := policy.Allow(by.Account, action, policy.Resource{Area: c.AreaPath}); err != nil {
			return err
		}
		return fn(c, now)
	})
	return c, hidden(err, "cohort")
}

// read reads a cohort with its people for whoever answers for it.
func (u *Cohorts) read(ctx context.Context, by Caller, action policy.Action, id training.CohortID) (*training.Cohort, error) {
	if err := policy.Role(by.Role, action); err != nil {
		return nil, err
	}
	c, err := u.Store.Cohort(ctx, id)
	if err == nil {
		err = policy.Allow(by.Account, action, policy.Resource{Area: c.AreaPath})
	}
	if err != nil {
		return nil, hidden(err, "cohort")
	}
	return c, nil
}

// ofItem names the item of a list that an error is about, and keeps its kind.
func ofItem(list string, i int, err error) error {
	if err == nil {
		return nil
	}
	kind := aid.KindOf(err)
	if kind == aid.Internal || kind == aid.Unavailable {
		return err
	}
	var c aid.Check
	c.Within(fmt.Sprintf("%s[%d]", list, i), err)
	named, _ := c.Err("list").(*aid.Error) //nolint:errorlint // it is made here
	named.Kind, named.Reason = kind, aid.ReasonOf(err)
	named.Message = "nothing was noted"
	return named
}
