package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/merit"
)

// visitData is the page of one visit.
type visitData struct {
	visitItem
	Step    step
	Own     bool          // the reader's
	Record  *merit.Record // what of it counts; nil where nothing is recorded
	Service *app.Service  // where and to whom, once they asked for it
	Crew    []visitItem   // the visits of others at that time, as far as the reader may see them
	Done    string
	Fault   string
}

// step is what can be done about a visit now.
type step int

const (
	stepNone     step = iota
	stepWait          // it is too early to check in
	stepCheckIn       // somebody can come
	stepReport        // its time is over: they can still say that they came
	stepCheckOut      // somebody is there
)

// stepOf tells it by the clocks that the domain keeps to.
func stepOf(v aid.Visit, role aid.Role, now time.Time) step {
	within := aid.NoteWithin
	if role == aid.RoleVolunteer {
		within = aid.ReportWithin
	}
	switch {
	case v.Status == aid.VisitCancelled, v.Status == aid.VisitHandedOver, v.Status == aid.VisitDone,
		now.After(v.Window.EndsAt.Add(within)):
		return stepNone
	case v.There():
		return stepCheckOut
	case now.Before(v.Window.StartsAt.Add(-aid.CheckInEarly)):
		return stepWait
	case now.Before(v.Window.EndsAt):
		return stepCheckIn
	}
	return stepReport
}

func visitID(r *http.Request) aid.VisitID { return aid.VisitID(chi.URLParam(r, "id")) }

func (p *Pages) visit(w http.ResponseWriter, r *http.Request) { p.showVisit(w, r, nil, false) }

// address shows the visit with where and to whom. It is asked for, never shown by
// itself, since every reading is noted.
func (p *Pages) address(w http.ResponseWriter, r *http.Request) { p.showVisit(w, r, nil, true) }

// showVisit shows a visit, with what went wrong if anything did.
func (p *Pages) showVisit(w http.ResponseWriter, r *http.Request, fault error, service bool) {
	v, by := p.viewOf(r), callerOf(r)
	v.Path = "/visits/" + string(visitID(r))
	card, err := p.UseCases.Visits.Read(r.Context(), by, visitID(r))
	if err != nil {
		p.refused(w, r, cmp.Or(fault, err))
		return
	}
	names := p.namesFor(r.Context(), v, by)
	data := visitData{
		visitItem: visitItem{card, names(card.Area)},
		Step:      stepOf(card.Visit, by.Role, v.Now), Own: card.Volunteer == by.Volunteer, Done: doneIn(r),
	}
	if data.Crew, err = p.crewOf(r.Context(), by, names, card); err != nil {
		p.refused(w, r, err)
		return
	}
	if card.Status == aid.VisitDone && (data.Own || by.Role != aid.RoleVolunteer) {
		record, err := p.UseCases.Records.Read(r.Context(), by, card.ID)
		if err == nil {
			data.Record = &record
		} else if aid.KindOf(err) != aid.NotFound {
			p.refused(w, r, err)
			return
		}
	}
	if service {
		if data.Service, err = p.serviceOf(r.Context(), by, card); err != nil {
			fault = err
		}
	}
	status := http.StatusOK
	if fault != nil {
		p.note(r, fault)
		data.Fault, status = v.fault(fault), statusOf(fault)
	}
	p.show(w, r, status, v, visitPage(v, data))
}

// crewOf are the visits of others at the time of one.
func (p *Pages) crewOf(ctx context.Context, by app.Caller, names func(aid.AreaID) string, card app.VisitCard) ([]visitItem, error) {
	q := app.VisitQuery{Request: card.Request, From: card.Window.StartsAt, Until: card.Window.EndsAt}
	all, _, err := p.visits(ctx, by, names, q, atMost)
	return slices.DeleteFunc(all, func(other visitItem) bool {
		return other.ID == card.ID || other.Status == aid.VisitCancelled
	}), err
}

// serviceOf is where and to whom, if the reader may know it now.
func (p *Pages) serviceOf(ctx context.Context, by app.Caller, card app.VisitCard) (*app.Service, error) {
	page, err := p.UseCases.Pairings.List(ctx, by, app.PairingQuery{Request: card.Request, Statuses: []aid.PairingStatus{aid.PairingConfirmed}}, aid.Page{Limit: atMost})
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(page.Items, func(c app.PairingCard) bool { return c.ID == card.Pairing })
	if i < 0 || page.Items[i].Service == nil {
		return nil, aid.Because(aid.Conflict, reasonWithdrawn, "the address is not told any more")
	}
	return page.Items[i].Service, nil
}

// reasonWithdrawn is of these pages alone: the address is no longer theirs to know.
const reasonWithdrawn aid.Reason = "address_withdrawn"

func (p *Pages) checkIn(w http.ResponseWriter, r *http.Request) {
	p.change(w, r, "checked_in", func(by app.Caller, id aid.VisitID, proof app.Proof) error {
		_, err := p.UseCases.Visits.CheckIn(r.Context(), by, id, proof)
		return err
	})
}

func (p *Pages) checkOut(w http.ResponseWriter, r *http.Request) {
	p.change(w, r, "checked_out", func(by app.Caller, id aid.VisitID, proof app.Proof) error {
		_, err := p.UseCases.Visits.CheckOut(r.Context(), by, id, proof)
		return err
	})
}

func (p *Pages) confirm(w http.ResponseWriter, r *http.Request) {
	p.change(w, r, "confirmed", func(by app.Caller, id aid.VisitID, _ app.Proof) error {
		_, err := p.UseCases.Visits.Confirm(r.Context(), by, id)
		return err
	})
}

// dispute contests what was recorded of a visit.
func (p *Pages) dispute(w http.ResponseWriter, r *http.Request) {
	p.change(w, r, "disputed", func(by app.Caller, id aid.VisitID, _ app.Proof) error {
		_, err := p.UseCases.Records.Dispute(r.Context(), by, id, r.PostFormValue("reason"))
		return err
	})
}

// withdraw ends the pairing to which a visit belongs.
func (p *Pages) withdraw(w http.ResponseWriter, r *http.Request) {
	card, err := p.UseCases.Visits.Read(r.Context(), callerOf(r), visitID(r))
	if err == nil {
		_, err = p.UseCases.Pairings.Withdraw(r.Context(), onceBy(r), card.Pairing, r.PostFormValue("reason"))
	}
	if err != nil {
		p.showVisit(w, r, err, false)
		return
	}
	http.Redirect(w, r, "/?done=withdrawn", http.StatusSeeOther)
}

// change does something about a visit with the proof of the form and comes back
// to its page.
func (p *Pages) change(w http.ResponseWriter, r *http.Request, as string, do func(app.Caller, aid.VisitID, app.Proof) error) {
	by, id := callerOf(r), visitID(r)
	card, err := p.UseCases.Visits.Read(r.Context(), by, id)
	if err != nil {
		p.refused(w, r, err)
		return
	}
	proof, err := proofOf(r, clock(card.Zone))
	if err == nil {
		err = do(by, id, proof)
	}
	if err != nil {
		p.showVisit(w, r, err, false)
		return
	}
	http.Redirect(w, r, "/visits/"+url.PathEscape(string(id))+"?done="+as, http.StatusSeeOther)
}

// proofOf reads the fields of a form: lat and lng, or code, and at, which is a time
// on the clocks of the place.
func proofOf(r *http.Request, zone *time.Location) (app.Proof, error) {
	var c aid.Check
	proof := app.Proof{Code: digits(r.PostFormValue("code"))}
	if lat, lng := r.PostFormValue("lat"), r.PostFormValue("lng"); lat != "" || lng != "" {
		var at aid.Point
		var errs [2]error
		at.Lat, errs[0] = strconv.ParseFloat(lat, 64)
		at.Lng, errs[1] = strconv.ParseFloat(lng, 64)
		c.That(errs[0] == nil && errs[1] == nil, "position", "is no position")
		proof.Position = &at
	}
	if text := r.PostFormValue("at"); text != "" {
		at, err := time.ParseInLocation("2006-01-02T15:04", text, zone)
		c.That(err == nil, "at", "must be a time such as 2026-11-30T09:30")
		proof.At = at
	}
	return proof, c.Err("form")
}

// digits is a code as it was meant: typed with spaces, or in the wide digits of a
// Chinese keyboard.
func digits(code string) string {
	var out []rune
	for _, d := range code {
		switch {
		case d >= '０' && d <= '９':
			out = append(out, d-'０'+'0')
		case d != ' ' && d != '\u3000':
			out = append(out, d)
		}
	}
	return string(out)
}
