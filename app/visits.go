package app

import (
	"context"
	"slices"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/matching/grid"
)

// VisitStore reads visits and changes the requests that they belong to.
// RequestOfVisit is [aid.NotFound] for an unknown id. Change has fn change a
// request under its lock, at the store's time now, and writes all of it or, on
// an error, nothing; fn may run more than once.
type VisitStore interface {
	RequestReader
	Visits(ctx context.Context, f aid.VisitFilter, p aid.Page) (aid.PageOf[aid.Visit], error)
	RequestOfVisit(ctx context.Context, id aid.VisitID) (aid.RequestID, aid.VolunteerID, error)
	Change(ctx context.Context, id aid.RequestID, fn func(r *aid.HelpRequest, now time.Time) error) (*aid.HelpRequest, error)
}

// Visits are the use cases of coming and leaving. They need no process to be
// running: the facts are written at once.
type Visits struct {
	Store VisitStore
}

// VisitCard is a visit with what its viewer may know.
type VisitCard struct {
	aid.Visit   // without its code, unless the viewer may know that
	Beneficiary aid.BeneficiaryID
	Category    string
	Urgency     aid.Urgency
	Area        aid.AreaID
	Place       aid.Point // middle of the quarter
	Zone        string    // IANA name: by whose clock people there live
	TwoDeep     bool      // nobody comes alone
	Together    bool      // whoever came before has agreed to come along
}

// VisitQuery narrows a list of visits.
type VisitQuery struct {
	Request  aid.RequestID     // empty means all
	Statuses []aid.VisitStatus // none means all

	// Those that end after From and begin before Until; zero means no bound.
	From, Until time.Time
}

// Proof is what a volunteer gives to show that they are there: a position or a
// code. A caseworker or coordinator gives neither.
type Proof struct {
	Position *aid.Point
	Code     string
	At       time.Time // zero: now
}

// List lists a volunteer's own visits, or those of the caller's areas, the latest
// first. Who leads a crew sees all of its request.
func (u *Visits) List(ctx context.Context, by Caller, q VisitQuery, p aid.Page) (aid.PageOf[VisitCard], error) {
	var none aid.PageOf[VisitCard]
	if err := policy.Allow(by.Account, policy.ListVisits, policy.Resource{}); err != nil {
		return none, err
	}
	if !q.From.IsZero() && !q.Until.IsZero() && !q.From.Before(q.Until) {
		return none, invalid("visits", "until", "must be later than from")
	}
	f := aid.VisitFilter{Request: q.Request, Statuses: q.Statuses, From: q.From, Until: q.Until}
	led, err := u.led(ctx, by, q.Request)
	switch {
	case err != nil:
		return none, err
	case led != "":
		f.Areas = []aid.AreaPath{led}
	case by.Role == aid.RoleVolunteer:
		f.Volunteer = by.Volunteer
	default:
		f.Areas = by.Areas
	}
	page, err := u.Store.Visits(ctx, f, p)
	if err != nil {
		return none, err
	}
	requests, err := requestsOf(ctx, u.Store, page.Items, func(v aid.Visit) aid.RequestID { return v.Request })
	if err != nil {
		return none, err
	}
	overlaps, err := requestsOf(ctx, u.Store, page.Items, func(v aid.Visit) aid.RequestID { return v.Overlap })
	if err != nil {
		return none, err
	}
	cards := make([]VisitCard, 0, len(page.Items))
	for _, v := range page.Items {
		if r := requests[v.Request]; r != nil {
			card, err := visitCard(by, r, v)
			if err != nil {
				return none, err
			}
			card.Together = overlaps[v.Overlap] != nil && overlaps[v.Overlap].Filled() > 0
			cards = append(cards, card)
		}
	}
	return aid.PageOf[VisitCard]{Items: cards, Next: page.Next}, nil
}

// Read gives one visit: the caller's own, of their areas, or of a crew that they
// lead.
func (u *Visits) Read(ctx context.Context, by Caller, id aid.VisitID) (VisitCard, error) {
	r, err := u.allowed(ctx, by, policy.ReadVisit, id)
	if err != nil {
		return VisitCard{}, err
	}
	return cardOfVisit(by, r, id)
}

// led gives the area of a request whose crew the caller leads; "" for any other.
func (u *Visits) led(ctx context.Context, by Caller, id aid.RequestID) (aid.AreaPath, error) {
	if by.Role != aid.RoleVolunteer || id == "" {
		return "", nil
	}
	r, err := u.Store.Request(ctx, id)
	switch {
	case aid.KindOf(err) == aid.NotFound:
		return "", nil
	case err != nil || !r.Leads(by.Volunteer):
		return "", err
	}
	return r.AreaPath, nil
}

// CheckIn notes that the visit's volunteer has come.
func (u *Visits) CheckIn(ctx context.Context, by Caller, id aid.VisitID, p Proof) (VisitCard, error) {
	e, err := evidence(by, p)
	return u.mark(ctx, by, policy.CheckInVisit, id, err, func(r *aid.HelpRequest, now time.Time) (bool, error) {
		return r.CheckIn(id, e, by.ID, now)
	})
}

// CheckOut notes that the visit's volunteer has left; the service between the two
// is recorded.
func (u *Visits) CheckOut(ctx context.Context, by Caller, id aid.VisitID, p Proof) (VisitCard, error) {
	e, err := evidence(by, p)
	return u.mark(ctx, by, policy.CheckOutVisit, id, err, func(r *aid.HelpRequest, now time.Time) (bool, error) {
		return r.CheckOut(id, e, by.ID, now)
	})
}

// Confirm notes for the beneficiary that a visit took place, which betters the
// evidence of its service record; a volunteer who leads the crew vouches for it.
func (u *Visits) Confirm(ctx context.Context, by Caller, id aid.VisitID) (VisitCard, error) {
	return u.mark(ctx, by, policy.ConfirmVisit, id, nil, func(r *aid.HelpRequest, now time.Time) (bool, error) {
		if by.Role == aid.RoleVolunteer {
			return false, r.VouchForVisit(id, by.Volunteer, by.ID, now)
		}
		return false, r.ConfirmVisit(id, by.ID, now)
	})
}

// mark changes a visit if the caller may, unless what they gave is invalid. An
// error that counts is written with what it counted.
func (u *Visits) mark(ctx context.Context, by Caller, action policy.Action, id aid.VisitID, invalid error, change func(*aid.HelpRequest, time.Time) (counted bool, err error)) (VisitCard, error) {
	r, err := u.allowed(ctx, by, action, id)
	if err != nil {
		return VisitCard{}, err
	}
	if invalid != nil {
		return VisitCard{}, invalid
	}
	var refusal error
	r, err = u.Store.Change(ctx, r.ID, func(r *aid.HelpRequest, now time.Time) error {
		counted, err := change(r, now)
		refusal = nil // it may run again
		if counted {
			refusal, err = err, nil
		}
		return err
	})
	if err != nil {
		return VisitCard{}, err
	}
	if refusal != nil {
		return VisitCard{}, refusal
	}
	return cardOfVisit(by, r, id)
}

// allowed reads the request of a visit on which the caller may take an action.
func (u *Visits) allowed(ctx context.Context, by Caller, action policy.Action, id aid.VisitID) (*aid.HelpRequest, error) {
	if err := policy.Role(by.Role, action); err != nil {
		return nil, err
	}
	request, volunteer, err := u.Store.RequestOfVisit(ctx, id)
	if err != nil {
		return nil, hidden(err, "visit")
	}
	r, err := u.Store.Request(ctx, request)
	if err != nil {
		return nil, err
	}
	on := policy.Resource{Area: r.AreaPath, Volunteer: volunteer}
	if r.Leads(by.Volunteer) {
		on.Lead = by.Volunteer
	}
	return r, hidden(policy.Allow(by.Account, action, on), "visit")
}

func cardOfVisit(by Caller, r *aid.HelpRequest, id aid.VisitID) (VisitCard, error) {
	i := slices.IndexFunc(r.Visits, func(v aid.Visit) bool { return v.ID == id })
	if i < 0 {
		return VisitCard{}, aid.Errorf(aid.Internal, "visit %s is not among those of its request", id)
	}
	return visitCard(by, r, r.Visits[i])
}

// evidence is what a proof means from this caller. Who may read the code cannot
// give it as evidence.
func evidence(by Caller, p Proof) (aid.Evidence, error) {
	var c aid.Check
	if by.Role != aid.RoleVolunteer {
		c.That(p.Position == nil, "position", "is for the volunteer's own phone; leave it out")
		c.That(p.Code == "", "code", "is for the volunteer to enter; leave it out")
		return aid.Evidence{Means: aid.MeansCaseworker, At: p.At}, c.Err("evidence")
	}
	c.That((p.Position == nil) != (p.Code == ""), "", "give either the position of your phone or the code that the beneficiary shows")
	e := aid.Evidence{Means: aid.MeansCode, Code: p.Code, At: p.At}
	if p.Position != nil {
		cell, err := grid.CellOf(*p.Position, grid.Home)
		c.Within("position", err)
		e = aid.Evidence{Means: aid.MeansPosition, Position: *p.Position, Cell: cell, At: p.At}
	}
	return e, c.Err("evidence")
}

func visitCard(by Caller, r *aid.HelpRequest, v aid.Visit) (VisitCard, error) {
	place, err := quarterOf(r)
	if err != nil {
		return VisitCard{}, err
	}
	if !policy.Allows(by.Account, policy.ReadVisitCode, policy.Resource{Area: r.AreaPath, Volunteer: v.Volunteer}) {
		v.Code = ""
	}
	if by.Role == aid.RoleVolunteer && by.Volunteer != v.Volunteer {
		v.Reason = "" // why somebody else does not come can tell of their record
	}
	return VisitCard{
		Visit: v, Beneficiary: r.Beneficiary, Category: r.Category, Urgency: r.Urgency,
		Area: r.Area, Place: place, Zone: r.Zone(), TwoDeep: r.Risk.TwoDeep,
	}, nil
}
