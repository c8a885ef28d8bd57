package app

import (
	"context"
	"fmt"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/cadence"
	"github.com/linli/linli/matching/grid"
)

// RequestStore keeps help requests. OpenRequest writes the request together
// with the order to start its process, or [aid.ReasonAlreadyExists].
type RequestStore interface {
	RequestReader
	OpenRequest(ctx context.Context, r *aid.HelpRequest, shard aid.Cell) error
	Requests(ctx context.Context, f aid.RequestFilter, p aid.Page) (aid.PageOf[*aid.HelpRequest], error)
	Timeline(ctx context.Context, id aid.RequestID, p aid.Page) (aid.PageOf[aid.Entry], error)
	// ChangeAndTell changes a request as [VisitStore] does, and has its process told.
	ChangeAndTell(ctx context.Context, id aid.RequestID, fn func(r *aid.HelpRequest, now time.Time) error) (*aid.HelpRequest, error)
}

// PersonReader reads one beneficiary or volunteer; [aid.NotFound] for an
// unknown id.
type PersonReader interface {
	Beneficiary(ctx context.Context, id aid.BeneficiaryID) (aid.Beneficiary, error)
	Volunteer(ctx context.Context, id aid.VolunteerID) (aid.Volunteer, error)
}

// Requests are the use cases around a help request as caseworkers and
// coordinators see it.
type Requests struct {
	Store     RequestStore
	People    PersonReader
	Catalogue Catalogue
	Processes Processes
	Matcher   Matcher
	Log       DisclosureLog
	Now       func() time.Time
}

// Open opens a help request for a beneficiary of the caller's areas. The error
// names every field that is wrong.
func (u *Requests) Open(ctx context.Context, by Caller, need aid.Need) (*aid.HelpRequest, error) {
	if err := policy.Role(by.Role, policy.OpenRequest); err != nil {
		return nil, err
	}
	var c aid.Check
	b, err := u.beneficiary(ctx, by, need.Beneficiary)
	if err != nil {
		return nil, err
	}
	classes, err := u.Catalogue.RiskClasses(ctx)
	if err != nil {
		return nil, err
	}
	need.Risk = aid.RiskOf(classes, need.Category)
	now := u.Now().Truncate(time.Microsecond) // as stores keep it, so that every reading says the same
	ahead, err := standing(&need, now)
	c.Within("cadence", err)
	if err == nil {
		c.Within("", need.Validate(now))
	}
	if aid.ValidID(need.Beneficiary) {
		c.That(b.ID != "", "beneficiary_id", "there is no such beneficiary in your areas")
		if b.ID != "" && need.Location.Validate() == nil {
			far := b.Home.Distance(need.Location)
			c.That(far <= farFromHome, "location", "is %.0f km from where the beneficiary lives, at most %d; are latitude and longitude right?", far/1000, farFromHome/1000)
		}
	}
	if err := u.checkWords(ctx, &c, need); err != nil {
		return nil, err
	}
	if err := c.Err("help request"); err != nil {
		return nil, err
	}
	cell, err := grid.CellOf(need.Location, grid.Home)
	if err != nil {
		return nil, err
	}
	shard, err := grid.ShardOf(cell)
	if err != nil {
		return nil, err
	}
	id := aid.RequestID(by.id("help-request"))
	r, err := aid.OpenRequest(id, need, by.ID, aid.Area{ID: b.Area, Path: b.AreaPath}, cell, now)
	if err != nil {
		return nil, err
	}
	r.Ahead = ahead
	err = u.Store.OpenRequest(ctx, r, shard)
	if by.repeats(err) {
		return u.opened(ctx, by, r)
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

// standing reads the cadence of a need that has one: its window is then that of
// the first visit. ahead are the visits up to the first horizon.
func standing(need *aid.Need, now time.Time) (ahead []aid.Window, err error) {
	if need.Cadence == nil {
		return nil, nil
	}
	c, err := cadence.Read(*need.Cadence, now)
	if err != nil {
		return nil, err
	}
	ahead, err = cadence.Between(c, c.First, c.First.Add(aid.Horizon))
	if err != nil {
		return nil, err
	}
	need.Cadence, need.Window = &c, ahead[0]
	return ahead, nil
}

// opened gives the request that this call has opened before. One for another
// need has come of the same key long ago, when its answer was still kept.
func (u *Requests) opened(ctx context.Context, by Caller, r *aid.HelpRequest) (*aid.HelpRequest, error) {
	before, err := u.Get(ctx, by, r.ID)
	if err == nil && !sameNeed(before.Need, r.Need) {
		return nil, aid.Because(aid.Invalid, aid.ReasonKeyReused, "this Idempotency-Key came with another request; take a new key")
	}
	return before, err
}

// farFromHome is how far from their home, in metres, somebody may be helped: beyond
// it a place is a slip of the pen, for which nobody would ever be found.
const farFromHome = 200_000

// sameNeed tells whether two needs say the same, however a store gives back what
// is empty, or a fraction of a microsecond.
func sameNeed(a, b aid.Need) bool {
	text := func(n aid.Need) string {
		s := fmt.Sprintf("%q %v %q %d %q %d %d %q", n.Beneficiary, n.Location, n.Category, n.MinPeople, n.Urgency,
			n.Window.StartsAt.UnixMicro(), n.Window.EndsAt.UnixMicro(), n.Notes)
		if c := n.Cadence; c != nil {
			s += fmt.Sprintf(" %q %d %d %q %s %s", c.Rule, c.First.Unix(), c.Minutes, c.Zone, c.ReviewOn, c.EndsOn)
		}
		for _, r := range n.Roles {
			s += fmt.Sprintf(" %q %q %q %q %d %v", r.Name, r.Skills, r.Wishes, r.Courses, r.People, r.Lead)
		}
		return s
	}
	return text(a) == text(b)
}

// beneficiary finds a beneficiary for whom the caller may open requests; the
// zero value when there is none, since the caller may not learn of others.
func (u *Requests) beneficiary(ctx context.Context, by Caller, id aid.BeneficiaryID) (aid.Beneficiary, error) {
	if !aid.ValidID(id) {
		return aid.Beneficiary{}, nil
	}
	b, err := u.People.Beneficiary(ctx, id)
	switch {
	case err == nil && policy.Allows(by.Account, policy.OpenRequest, policy.Resource{Area: b.AreaPath}):
		return b, nil
	case err == nil || aid.KindOf(err) == aid.NotFound:
		return aid.Beneficiary{}, nil //nolint:nilerr // that there is none is an answer here
	}
	return aid.Beneficiary{}, err
}

func (u *Requests) checkWords(ctx context.Context, c *aid.Check, need aid.Need) error {
	known, err := wordsOf(ctx, u.Catalogue)
	if err != nil {
		return err
	}
	for i, r := range need.Roles {
		known.checkSkills(c, fmt.Sprintf("roles[%d].skills", i), r.Skills)
		known.checkSkills(c, fmt.Sprintf("roles[%d].wishes", i), r.Wishes)
		for j, id := range r.Courses {
			known.checkCourse(c, fmt.Sprintf("roles[%d].courses[%d]", i, j), id)
		}
	}
	return nil
}

// RequestQuery narrows a list of help requests.
type RequestQuery struct {
	Statuses    []aid.RequestStatus // none means all
	Beneficiary aid.BeneficiaryID   // empty means all
}

// List lists the help requests of the caller's areas, newest first.
func (u *Requests) List(ctx context.Context, by Caller, q RequestQuery, p aid.Page) (aid.PageOf[*aid.HelpRequest], error) {
	if err := policy.Allow(by.Account, policy.ListRequests, policy.Resource{}); err != nil {
		return aid.PageOf[*aid.HelpRequest]{}, err
	}
	page, err := u.Store.Requests(ctx, aid.RequestFilter{Areas: by.Areas, Statuses: q.Statuses, Beneficiary: q.Beneficiary}, p)
	if err == nil {
		err = tellRequests(ctx, u.Log, by, page.Items...)
	}
	if err != nil {
		return aid.PageOf[*aid.HelpRequest]{}, err
	}
	return page, nil
}

// Get reads one help request.
func (u *Requests) Get(ctx context.Context, by Caller, id aid.RequestID) (*aid.HelpRequest, error) {
	r, err := u.allowed(ctx, by, policy.ReadRequest, id)
	if err == nil {
		err = tellRequests(ctx, u.Log, by, r)
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Timeline lists what happened to a help request, oldest first.
func (u *Requests) Timeline(ctx context.Context, by Caller, id aid.RequestID, p aid.Page) (aid.PageOf[aid.Entry], error) {
	if _, err := u.allowed(ctx, by, policy.ReadTimeline, id); err != nil {
		return aid.PageOf[aid.Entry]{}, err
	}
	return u.Store.Timeline(ctx, id, p)
}

func (u *Requests) allowed(ctx context.Context, by Caller, action policy.Action, id aid.RequestID) (*aid.HelpRequest, error) {
	return allowedRequest(ctx, u.Store, by, action, id)
}

// allowedRequest reads a help request on which the caller may take the action.
// What they may not see and what does not exist are told in the same words.
func allowedRequest(ctx context.Context, s RequestReader, by Caller, action policy.Action, id aid.RequestID) (*aid.HelpRequest, error) {
	if err := policy.Role(by.Role, action); err != nil {
		return nil, err
	}
	r, err := s.Request(ctx, id)
	if err == nil {
		err = policy.Allow(by.Account, action, policy.Resource{Area: r.AreaPath})
	}
	if err != nil {
		return nil, hidden(err, "help request")
	}
	return r, nil
}

// hidden gives every NotFound the same words.
func hidden(err error, what string) error {
	if aid.KindOf(err) == aid.NotFound {
		return aid.Errorf(aid.NotFound, "there is no such %s, or it is not yours to see", what)
	}
	return err
}
