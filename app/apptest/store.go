package apptest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/linli/linli/aid"
)

func taken() error {
	return aid.Because(aid.Conflict, aid.ReasonAlreadyExists, "the id is in use")
}

func missing(what string) error {
	return aid.Errorf(aid.NotFound, "there is no such %s in the world", what)
}

// page cuts a part out of a list; its cursor is a position.
func page[T any](all []T, p aid.Page) (aid.PageOf[T], error) {
	from := 0
	if p.After != "" {
		var err error
		if from, err = strconv.Atoi(p.After); err != nil || from < 0 || from > len(all) {
			return aid.PageOf[T]{}, &aid.Error{Kind: aid.Invalid, Message: "invalid page", Problems: []aid.Problem{{Field: "cursor", Message: "is malformed"}}}
		}
	}
	to := min(len(all), from+p.Limit)
	out := aid.PageOf[T]{Items: all[from:to]}
	if to < len(all) {
		out.Next = strconv.Itoa(to)
	}
	return out, nil
}

func holds(areas []aid.AreaPath, p aid.AreaPath) bool {
	return slices.ContainsFunc(areas, func(a aid.AreaPath) bool { return a.Holds(p) })
}

// copied keeps what the world holds apart from what it gave out.
func copied(r *aid.HelpRequest) *aid.HelpRequest {
	c := *r
	c.Offers, c.Pairings = slices.Clone(r.Offers), slices.Clone(r.Pairings)
	c.Visits = slices.Clone(r.Visits)
	return &c
}

// OpenRequest keeps a help request.
func (w *World) OpenRequest(ctx context.Context, r *aid.HelpRequest, _ aid.Cell) error {
	leave, err := w.enter(ctx, "OpenRequest")
	if err != nil {
		return err
	}
	defer leave()
	if w.requests[r.ID] != nil {
		return taken()
	}
	w.note(r)
	w.requests[r.ID] = copied(r)
	w.opened = append(w.opened, r.ID)
	return nil
}

// Request reads a help request.
func (w *World) Request(ctx context.Context, id aid.RequestID) (*aid.HelpRequest, error) {
	leave, err := w.enter(ctx, "Request")
	if err != nil {
		return nil, err
	}
	defer leave()
	if r := w.requests[id]; r != nil {
		return copied(r), nil
	}
	return nil, missing("request")
}

// RequestsByID reads several help requests.
func (w *World) RequestsByID(ctx context.Context, ids []aid.RequestID) ([]*aid.HelpRequest, error) {
	leave, err := w.enter(ctx, "RequestsByID")
	if err != nil {
		return nil, err
	}
	defer leave()
	var out []*aid.HelpRequest
	for _, id := range ids {
		if r := w.requests[id]; r != nil {
			out = append(out, copied(r))
		}
	}
	return out, nil
}

// newest gives all requests, newest first. The lock must be held.
func (w *World) newest() []*aid.HelpRequest {
	var out []*aid.HelpRequest
	for _, id := range slices.Backward(w.opened) {
		out = append(out, copied(w.requests[id]))
	}
	return out
}

// Requests lists help requests.
func (w *World) Requests(ctx context.Context, f aid.RequestFilter, p aid.Page) (aid.PageOf[*aid.HelpRequest], error) {
	leave, err := w.enter(ctx, "Requests")
	if err != nil {
		return aid.PageOf[*aid.HelpRequest]{}, err
	}
	defer leave()
	all := slices.DeleteFunc(w.newest(), func(r *aid.HelpRequest) bool {
		return !holds(f.Areas, r.AreaPath) || len(f.Statuses) > 0 && !slices.Contains(f.Statuses, r.Status) ||
			f.Beneficiary != "" && f.Beneficiary != r.Beneficiary
	})
	return page(all, p)
}

// Timeline lists the events of a request.
func (w *World) Timeline(ctx context.Context, id aid.RequestID, p aid.Page) (aid.PageOf[aid.Entry], error) {
	leave, err := w.enter(ctx, "Timeline")
	if err != nil {
		return aid.PageOf[aid.Entry]{}, err
	}
	defer leave()
	return page(slices.DeleteFunc(slices.Clone(w.events), func(e aid.Entry) bool { return e.Request != id }), p)
}

// Offers lists the offers of a volunteer.
func (w *World) Offers(ctx context.Context, f aid.OfferFilter, p aid.Page) (aid.PageOf[aid.Offer], error) {
	leave, err := w.enter(ctx, "Offers")
	if err != nil {
		return aid.PageOf[aid.Offer]{}, err
	}
	defer leave()
	var all []aid.Offer
	for _, r := range w.newest() {
		for _, o := range r.Offers {
			if o.Volunteer == f.Volunteer && (len(f.Statuses) == 0 || slices.Contains(f.Statuses, o.Status)) {
				all = append(all, o)
			}
		}
	}
	return page(all, p)
}

// RequestOfOffer finds the request of an offer.
func (w *World) RequestOfOffer(ctx context.Context, id aid.OfferID) (aid.RequestID, aid.VolunteerID, error) {
	leave, err := w.enter(ctx, "RequestOfOffer")
	if err != nil {
		return "", "", err
	}
	defer leave()
	for _, r := range w.requests {
		for _, o := range r.Offers {
			if o.ID == id {
				return r.ID, o.Volunteer, nil
			}
		}
	}
	return "", "", missing("offer")
}

// Pairings lists pairings.
func (w *World) Pairings(ctx context.Context, f aid.PairingFilter, p aid.Page) (aid.PageOf[aid.Pairing], error) {
	leave, err := w.enter(ctx, "Pairings")
	if err != nil {
		return aid.PageOf[aid.Pairing]{}, err
	}
	defer leave()
	var all []aid.Pairing
	for _, r := range w.newest() {
		for _, k := range r.Pairings {
			mine := f.Volunteer != "" && k.Volunteer == f.Volunteer || f.Volunteer == "" && holds(f.Areas, r.AreaPath)
			if mine && (f.Request == "" || f.Request == r.ID) && (len(f.Statuses) == 0 || slices.Contains(f.Statuses, k.Status)) {
				all = append(all, k)
			}
		}
	}
	return page(all, p)
}

// RequestOfPairing finds the request of a pairing.
func (w *World) RequestOfPairing(ctx context.Context, id aid.PairingID) (aid.RequestID, aid.VolunteerID, error) {
	leave, err := w.enter(ctx, "RequestOfPairing")
	if err != nil {
		return "", "", err
	}
	defer leave()
	for _, r := range w.requests {
		for _, p := range r.Pairings {
			if p.ID == id {
				return r.ID, p.Volunteer, nil
			}
		}
	}
	return "", "", missing("pairing")
}

// Volunteers lists volunteers by id.
func (w *World) Volunteers(ctx context.Context, f aid.PersonFilter, p aid.Page) (aid.PageOf[aid.Volunteer], error) {
	leave, err := w.enter(ctx, "Volunteers")
	if err != nil {
		return aid.PageOf[aid.Volunteer]{}, err
	}
	defer leave()
	all := slices.SortedFunc(maps.Values(w.volunteers), func(a, b aid.Volunteer) int { return cmp.Compare(a.ID, b.ID) })
	return page(slices.DeleteFunc(all, func(v aid.Volunteer) bool { return !holds(f.Areas, v.AreaPath) }), p)
}

// Volunteer reads a volunteer.
func (w *World) Volunteer(ctx context.Context, id aid.VolunteerID) (aid.Volunteer, error) {
	leave, err := w.enter(ctx, "Volunteer")
	if err != nil {
		return aid.Volunteer{}, err
	}
	defer leave()
	if v, ok := w.volunteers[id]; ok {
		return v, nil
	}
	return aid.Volunteer{}, missing("volunteer")
}

// AddVolunteer keeps a new volunteer.
func (w *World) AddVolunteer(ctx context.Context, v aid.Volunteer) error {
	leave, err := w.enter(ctx, "AddVolunteer")
	if err != nil {
		return err
	}
	defer leave()
	if _, ok := w.volunteers[v.ID]; ok {
		return taken()
	}
	v.Version = 1
	w.volunteers[v.ID] = v
	return nil
}

// UpdateVolunteer replaces a volunteer of the same version.
func (w *World) UpdateVolunteer(ctx context.Context, v aid.Volunteer) error {
	leave, err := w.enter(ctx, "UpdateVolunteer")
	if err != nil {
		return err
	}
	defer leave()
	if version := w.volunteers[v.ID].Version; v.Version != 0 && v.Version != version {
		return aid.Because(aid.Conflict, aid.ReasonChangedMeanwhile, "the record has been changed meanwhile; read it again and decide")
	}
	v.Version = w.volunteers[v.ID].Version + 1
	w.volunteers[v.ID] = v
	return nil
}

// Choose changes a request as a person decides.
func (w *World) Choose(ctx context.Context, id aid.RequestID, fn func(r *aid.HelpRequest, now time.Time) error) (*aid.HelpRequest, error) {
	leave, err := w.enter(ctx, "Choose")
	if err != nil {
		return nil, err
	}
	defer leave()
	r, ok := w.requests[id]
	if !ok {
		return nil, missing("help request")
	}
	if err := fn(r, w.now); err != nil {
		return nil, err
	}
	w.note(r)
	return copied(r), nil
}

// AssignVolunteer makes an offer to one volunteer.
func (w *World) AssignVolunteer(ctx context.Context, id aid.RequestID, k aid.Pick, by aid.AccountID, p aid.SearchPolicy) (o aid.Offer, err error) {
	_, err = w.Choose(ctx, id, func(r *aid.HelpRequest, now time.Time) (err error) {
		o, err = r.Assign(k, p, by, now)
		return err
	})
	return o, err
}

// Budget tells what a volunteer chose, and what the offers of the world say.
func (w *World) Budget(ctx context.Context, id aid.VolunteerID) (aid.Budget, error) {
	leave, err := w.enter(ctx, "Budget")
	if err != nil {
		return aid.Budget{}, err
	}
	defer leave()
	if _, ok := w.volunteers[id]; !ok {
		return aid.Budget{}, missing("volunteer")
	}
	b := aid.Budget{Own: w.limits[id], Parks: w.parks[id]}
	for _, r := range w.requests {
		b.Count(r.Offers, id)
	}
	return b, nil
}

// ChangeLimits changes what a volunteer chose.
func (w *World) ChangeLimits(ctx context.Context, id aid.VolunteerID, fn func(*aid.OwnLimits) error) (aid.OwnLimits, error) {
	leave, err := w.enter(ctx, "ChangeLimits")
	if err != nil {
		return aid.OwnLimits{}, err
	}
	defer leave()
	own := w.limits[id]
	if err := fn(&own); err != nil {
		return aid.OwnLimits{}, err
	}
	w.limits[id] = own
	return own, nil
}

// LiftPark ends what a volunteer has put off.
func (w *World) LiftPark(ctx context.Context, v aid.VolunteerID, park aid.ParkID) error {
	leave, err := w.enter(ctx, "LiftPark")
	if err != nil {
		return err
	}
	defer leave()
	left := slices.DeleteFunc(slices.Clone(w.parks[v]), func(p aid.Park) bool { return p.ID() == park })
	if len(left) == len(w.parks[v]) {
		return missing("park")
	}
	w.parks[v] = left
	return nil
}

// Beneficiaries lists beneficiaries by id.
func (w *World) Beneficiaries(ctx context.Context, f aid.PersonFilter, p aid.Page) (aid.PageOf[aid.Beneficiary], error) {
	leave, err := w.enter(ctx, "Beneficiaries")
	if err != nil {
		return aid.PageOf[aid.Beneficiary]{}, err
	}
	defer leave()
	all := slices.SortedFunc(maps.Values(w.beneficiaries), func(a, b aid.Beneficiary) int { return cmp.Compare(a.ID, b.ID) })
	return page(slices.DeleteFunc(all, func(b aid.Beneficiary) bool { return !holds(f.Areas, b.AreaPath) }), p)
}

// Beneficiary reads a beneficiary.
func (w *World) Beneficiary(ctx context.Context, id aid.BeneficiaryID) (aid.Beneficiary, error) {
	leave, err := w.enter(ctx, "Beneficiary")
	if err != nil {
		return aid.Beneficiary{}, err
	}
	defer leave()
	if b, ok := w.beneficiaries[id]; ok {
		return b, nil
	}
	return aid.Beneficiary{}, missing("beneficiary")
}

// AddBeneficiary keeps a new beneficiary; the store notes since when.
func (w *World) AddBeneficiary(ctx context.Context, b aid.Beneficiary) error {
	leave, err := w.enter(ctx, "AddBeneficiary")
	if err != nil {
		return err
	}
	defer leave()
	if _, ok := w.beneficiaries[b.ID]; ok {
		return taken()
	}
	b.Since = w.now
	w.beneficiaries[b.ID] = b
	return nil
}

// Area reads an area.
func (w *World) Area(ctx context.Context, id aid.AreaID) (aid.Area, error) {
	leave, err := w.enter(ctx, "Area")
	if err != nil {
		return aid.Area{}, err
	}
	defer leave()
	return w.areaNow(id)
}

// Areas lists areas.
func (w *World) Areas(ctx context.Context, p aid.Page) (aid.PageOf[aid.Area], error) {
	leave, err := w.enter(ctx, "Areas")
	if err != nil {
		return aid.PageOf[aid.Area]{}, err
	}
	defer leave()
	return page(w.areas, p)
}

// Organisations lists organisations.
func (w *World) Organisations(ctx context.Context, f aid.PersonFilter, p aid.Page) (aid.PageOf[aid.Organisation], error) {
	leave, err := w.enter(ctx, "Organisations")
	if err != nil {
		return aid.PageOf[aid.Organisation]{}, err
	}
	defer leave()
	return page(slices.DeleteFunc(slices.Clone(w.organisations), func(o aid.Organisation) bool {
		i := slices.IndexFunc(w.areas, func(a aid.Area) bool { return a.ID == o.Area })
		return !holds(f.Areas, w.areas[i].Path)
	}), p)
}

// Rounds lists match rounds.
func (w *World) Rounds(ctx context.Context, p aid.Page) (aid.PageOf[aid.Round], error) {
	leave, err := w.enter(ctx, "Rounds")
	if err != nil {
		return aid.PageOf[aid.Round]{}, err
	}
	defer leave()
	return page(w.rounds, p)
}

// Scarcity lists who is missed.
func (w *World) Scarcity(ctx context.Context, f aid.ScarcityFilter, p aid.Page) (aid.PageOf[aid.Scarcity], error) {
	leave, err := w.enter(ctx, "Scarcity")
	if err != nil {
		return aid.PageOf[aid.Scarcity]{}, err
	}
	defer leave()
	path := func(id aid.AreaID) aid.AreaPath {
		i := slices.IndexFunc(w.areas, func(a aid.Area) bool { return a.ID == id })
		if i < 0 {
			return ""
		}
		return w.areas[i].Path
	}
	return page(slices.DeleteFunc(slices.Clone(w.scarcity), func(s aid.Scarcity) bool {
		return !holds(f.Areas, path(s.Area)) || f.Area != "" && !path(f.Area).Holds(path(s.Area)) ||
			f.Skill != "" && !slices.Contains(s.Skills, f.Skill)
	}), p)
}

// Skills lists skills.
func (w *World) Skills(ctx context.Context) ([]aid.Named, error) {
	leave, err := w.enter(ctx, "Skills")
	if err != nil {
		return nil, err
	}
	defer leave()
	return w.skills, nil
}

// Courses lists courses.
func (w *World) Courses(ctx context.Context) ([]aid.Named, error) {
	leave, err := w.enter(ctx, "Courses")
	if err != nil {
		return nil, err
	}
	defer leave()
	return w.courses, nil
}

// EventsAfter reads the stream of events.
func (w *World) EventsAfter(ctx context.Context, seq int64, limit int) ([]aid.Entry, error) {
	leave, err := w.enter(ctx, "EventsAfter")
	if err != nil {
		return nil, err
	}
	defer leave()
	from := min(int(seq), len(w.events))
	return slices.Clone(w.events[from:min(len(w.events), from+limit)]), nil
}

// LastEvent is the place of the last event.
func (w *World) LastEvent(ctx context.Context) (int64, error) {
	leave, err := w.enter(ctx, "LastEvent")
	if err != nil {
		return 0, err
	}
	defer leave()
	return int64(len(w.events)), nil
}
