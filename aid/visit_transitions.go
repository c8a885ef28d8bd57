package aid

import (
	"cmp"
	"slices"
	"time"
)

// Evidence is what somebody gives to show that the volunteer is there.
type Evidence struct {
	Means    Means
	At       time.Time // by the giver's clock; zero: now
	Position Point     // for MeansPosition: of the phone; it is looked at and forgotten
	Cell     Cell      // for MeansPosition: of the phone
	Code     string    // for MeansCode
}

// CheckIn notes that the volunteer has come; where nobody comes alone, the visit
// begins once another is there too. Checking in again is no error and changes
// nothing. A wrong code is counted, so the change has to be written even
// though the error is given: counted tells so.
func (r *HelpRequest) CheckIn(id VisitID, e Evidence, actor AccountID, now time.Time) (counted bool, err error) {
	v, err := r.visit(id)
	if err != nil {
		return false, err
	}
	switch {
	case v.Status == VisitCancelled || v.Status == VisitHandedOver:
		return false, notTheirs(v)
	case v.Status == VisitDone || v.There():
		return false, nil
	}
	at, err := v.when(e, now)
	if err != nil {
		return false, err
	}
	if at.Before(v.Window.StartsAt.Add(-CheckInEarly)) {
		return false, Because(Conflict, ReasonWrongTime, "the visit begins at %s; check in at most %d minutes before", stamp(v.Window.StartsAt), CheckInEarly/time.Minute)
	}
	if !at.Before(v.Window.EndsAt) {
		return false, Because(Conflict, ReasonWrongTime, "the visit ended at %s; say in at when they came", stamp(v.Window.EndsAt))
	}
	if counted, err := r.prove(v, e); err != nil {
		return counted, err
	}
	v.In, v.Out = markOf(e, at), Mark{}
	r.settleVisits(v, actor, now)
	return false, nil
}

// CheckOut notes that the volunteer has left; see [HelpRequest.CheckIn]. Who leaves
// before the visit could begin can come again.
func (r *HelpRequest) CheckOut(id VisitID, e Evidence, actor AccountID, now time.Time) (counted bool, err error) {
	v, err := r.visit(id)
	if err != nil {
		return false, err
	}
	switch {
	case v.Status == VisitDone && (e.At.IsZero() || e.At.Equal(v.Out.At)):
		return false, nil
	case v.Status == VisitDone:
		return false, Because(Conflict, ReasonWrongTime, "the visit was checked out at %s already; if that is wrong, its volunteer can dispute the record", stamp(v.Out.At))
	case v.Status == VisitCancelled || v.Status == VisitHandedOver:
		return false, notTheirs(v)
	case !v.There():
		return false, Because(Conflict, ReasonWrongTime, "check in first; the visit is %s", v.Status)
	}
	at, err := v.when(e, now)
	if err != nil {
		return false, err
	}
	switch {
	case at.Before(v.In.At):
		return false, Because(Conflict, ReasonWrongTime, "the visit was checked in at %s, which is later", stamp(v.In.At))
	case v.Status == VisitBegun && at.Before(v.Window.StartsAt) && !r.Risk.TwoDeep: // there it may show that it had not begun
		return false, Because(Conflict, ReasonWrongTime, "the visit begins at %s; nothing would count before", stamp(v.Window.StartsAt))
	}
	if counted, err := r.prove(v, e); err != nil {
		return counted, err
	}
	v.Out = markOf(e, at)
	r.settleVisits(v, actor, now)
	return false, nil
}

func notTheirs(v *Visit) error {
	return Because(Conflict, ReasonWrongTime, "the visit is %s: it is not yours any more", v.Status)
}

// ConfirmVisit notes on the word of a caseworker, who speaks for the
// beneficiary, that a visit took place. Confirming again is no error.
func (r *HelpRequest) ConfirmVisit(id VisitID, actor AccountID, now time.Time) error {
	v, err := r.visit(id)
	switch {
	case err != nil:
		return err
	case !v.ConfirmedAt.IsZero():
		return nil
	case v.Status != VisitDone:
		return Because(Conflict, ReasonWrongTime, "only a visit that is done can be confirmed; it is %s: check in and out for the volunteer if they came", v.Status)
	case now.After(v.Window.EndsAt.Add(NoteWithin)):
		return tooLate(NoteWithin)
	}
	v.ConfirmedAt, v.ConfirmedBy = now, actor
	r.noteVisit(EventVisitConfirmed, v, actor, now, "")
	return nil
}

// Leads tells whether the volunteer leads the crew of this request, or led it to
// its end.
func (r *HelpRequest) Leads(v VolunteerID) bool {
	return slices.ContainsFunc(r.Pairings, func(p Pairing) bool {
		return p.Volunteer == v && r.Roles[p.Role].Lead && (p.Status == PairingConfirmed || p.Status == PairingCompleted)
	})
}

// VouchForVisit notes on the word of the crew's lead that a visit of somebody else
// took place, at which they were too. The caller has made sure that actor is theirs.
// Vouching again is no error.
func (r *HelpRequest) VouchForVisit(id VisitID, lead VolunteerID, actor AccountID, now time.Time) error {
	v, err := r.visit(id)
	switch {
	case err != nil:
		return err
	case !r.Leads(lead) || v.Volunteer == lead:
		return Errorf(NotFound, "there is no such visit")
	case !v.VouchedAt.IsZero():
		return nil
	case v.Status != VisitDone:
		return Because(Conflict, ReasonWrongTime, "only a visit that is done can be confirmed; it is %s", v.Status)
	case now.After(v.Window.EndsAt.Add(ReportWithin)):
		return tooLate(ReportWithin)
	case !r.cameAt(lead, *v):
		return Because(Conflict, ReasonWrongTime, "you were not checked in to your own visit at that time; only who was there can confirm it")
	}
	v.VouchedAt, v.VouchedBy = now, actor
	r.noteVisit(EventVisitConfirmed, v, actor, now, "crew_lead")
	return nil
}

// cameAt tells whether a volunteer's own visit at the time of another has begun.
func (r *HelpRequest) cameAt(who VolunteerID, other Visit) bool {
	return slices.ContainsFunc(r.Visits, func(v Visit) bool {
		return v.Volunteer == who && together(v, other) && (v.Status == VisitBegun || v.Status == VisitDone)
	})
}

// visit finds a visit of this request.
func (r *HelpRequest) visit(id VisitID) (*Visit, error) {
	i := slices.IndexFunc(r.Visits, func(v Visit) bool { return v.ID == id })
	if i < 0 {
		return nil, Errorf(NotFound, "there is no such visit")
	}
	return &r.Visits[i], nil
}

// when is the instant at which something happened, by the giver's clock as far
// as that can be believed.
func (v *Visit) when(e Evidence, now time.Time) (time.Time, error) {
	within := ReportWithin
	if e.Means == MeansCaseworker {
		within = NoteWithin
	}
	switch {
	case now.After(v.Window.EndsAt.Add(within)):
		return time.Time{}, tooLate(within)
	case e.At.IsZero():
		return now, nil
	case e.At.After(now.Add(PhoneSkew)):
		return time.Time{}, &Error{Kind: Invalid, Message: "invalid time", Problems: []Problem{{"at", "lies in the future; check the clock of the device"}}}
	case e.At.After(now):
		return now, nil
	}
	return e.At, nil
}

// prove holds the evidence against the visit.
func (r *HelpRequest) prove(v *Visit, e Evidence) (counted bool, err error) {
	switch e.Means {
	case MeansCaseworker:
		return false, nil
	case MeansPosition:
		if e.Cell != r.Cell && e.Position.Distance(r.Location) > NearEnough {
			return false, Because(Conflict, ReasonWrongPlace, "your phone is not near the place; use the code that the beneficiary shows, or call the caseworker")
		}
		return false, nil
	case MeansCode:
		if v.WrongCodes >= MaxWrongCodes {
			return false, Because(Conflict, ReasonWrongCode, "too many wrong codes; use the phone's position, or call the caseworker")
		}
		if e.Code == "" || e.Code != v.Code {
			v.WrongCodes++
			return true, Because(Conflict, ReasonWrongCode, "this is not the code of the visit")
		}
		return false, nil
	}
	return false, &Error{Kind: Invalid, Message: "invalid evidence", Problems: []Problem{{"", "give a position or a code"}}}
}

func markOf(e Evidence, at time.Time) Mark {
	m := Mark{At: at, Means: e.Means}
	if e.Means == MeansPosition {
		m.Cell = e.Cell
	}
	return m
}

func tooLate(within time.Duration) error {
	return Because(Conflict, ReasonWrongTime, "this could be noted until %d hours after the visit", within/time.Hour)
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// planVisits gives every confirmed pairing its visits and takes those away that
// stand for none. It says nothing: that follows from what happened to the pairing.
func (r *HelpRequest) planVisits(now time.Time) {
	for _, p := range r.Pairings {
		switch {
		case p.Status != PairingConfirmed:
			r.callOff(p.ID, now)
		case !r.Standing():
			r.plan(p, r.Window)
		default:
			for _, w := range r.promised(p) {
				if w.StartsAt.After(now) {
					r.plan(p, w)
				}
			}
		}
	}
}

// promised are the visits ahead that a pairing's offer asked for, but for those that were
// handed over, and those to which another crew comes since this one fell apart: whoever
// is left may be asked to join it. A crew that stands again comes to these, too, as far
// as its people are free then, see [HelpRequest.extend].
func (r *HelpRequest) promised(p Pairing) []Window {
	for _, o := range r.Offers {
		if o.ID == p.Offer {
			return slices.DeleteFunc(r.aheadOf(o), func(w Window) bool {
				return slices.ContainsFunc(r.Visits, func(v Visit) bool {
					return v.Status == VisitHandedOver && v.Window.StartsAt.Equal(w.StartsAt) &&
						(v.Pairing == p.ID || v.Reason == HandedOverVacant && r.MinPeople > 1)
				})
			})
		}
	}
	return nil
}

// plan plans the visit of a pairing in a window, or again one that was called
// off, and gives it.
func (r *HelpRequest) plan(p Pairing, w Window) *Visit {
	id := VisitIDOf(p.ID, w.StartsAt)
	if v, err := r.visit(id); err == nil {
		if v.Status == VisitCancelled { // whoever had come was sent away
			v.Status, v.In, v.Out, v.Alarm = VisitPlanned, Mark{}, Mark{}, NoAlarm
		}
		return v
	}
	v := Visit{ID: id, Request: r.ID, Pairing: p.ID, Volunteer: p.Volunteer, Window: w, Status: VisitPlanned}
	at, _ := slices.BinarySearchFunc(r.Visits, v, inOrder)
	r.Visits = slices.Insert(r.Visits, at, v)
	return &r.Visits[at]
}

// inOrder orders visits by their beginnings, those of one time by id.
func inOrder(a, b Visit) int {
	return cmp.Or(a.Window.StartsAt.Compare(b.Window.StartsAt), cmp.Compare(a.ID, b.ID))
}

// callOff cancels what is planned for a pairing that no longer stands. Where
// somebody waits for a visit of a standing pairing already, it is handed over.
func (r *HelpRequest) callOff(p PairingID, now time.Time) {
	for i := range r.Visits {
		v := &r.Visits[i]
		early := v.Status == VisitBegun && !r.Risk.TwoDeep && v.Window.StartsAt.After(now)
		if early && v.Pairing == p { // they had come and go again before it was to begin
			v.Status, v.BegunAt, v.In = VisitPlanned, time.Time{}, Mark{}
		}
		switch {
		case v.Pairing != p || v.Status != VisitPlanned:
		case r.Standing() && !v.Window.StartsAt.After(now):
			r.handOver(v, HandedOverVacant, now)
		default:
			v.Status = VisitCancelled
		}
	}
}

// endVisits settles the visits of a request that has ended as status: those whose
// time had come are missed if the help was given, all others are called off.
func (r *HelpRequest) endVisits(status RequestStatus, now time.Time) {
	for i := range r.Visits {
		v := &r.Visits[i]
		switch {
		case v.Status != VisitPlanned && v.Status != VisitHandedOver:
		case v.Status == VisitHandedOver && !now.Before(v.Window.StartsAt):
		case status == RequestCompleted && !now.Before(v.Window.StartsAt):
			r.miss(v, now)
		default:
			v.Status = VisitCancelled
		}
	}
}

func (r *HelpRequest) noteVisit(kind EventKind, v *Visit, actor AccountID, now time.Time, reason string) {
	r.note(Event{Kind: kind, At: now, Pairing: v.Pairing, Visit: v.ID, Volunteer: v.Volunteer, Actor: actor, Reason: reason})
}
