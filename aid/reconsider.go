package aid

import (
	"slices"
	"time"
)

// Reconsider takes in what is newly known of a volunteer whom the request binds.
// Whoever may not come any more is not asked any longer. A pairing stands until
// somebody ends it, since a person may be on the way: if it was what is newly known
// that bars them, an event calls for a coordinator.
func (r *HelpRequest) Reconsider(v VolunteerID, known Vetted, now time.Time) {
	if r.Status.Ended() {
		return
	}
	was, could := r.Vetted[v], map[PairingID]bool{}
	for _, p := range r.Pairings {
		could[p.ID] = r.MayCome(p)
	}
	if r.Vetted == nil {
		r.Vetted = map[VolunteerID]Vetted{}
	}
	r.Vetted[v] = known
	r.revoke(now, ReasonNotSuitable, func(o Offer) bool { return o.Volunteer == v && r.barsAnswer(known, o) != "" })
	for _, p := range r.Pairings {
		if p.Volunteer != v || !p.Status.Holding() {
			continue
		}
		rule := r.Bars(known, p.Role)
		turned := rule != r.Bars(was, p.Role) || could[p.ID] && !r.MayCome(p) // it might have lapsed ahead before
		if rule != "" && turned {
			r.note(Event{Kind: EventPairingContested, At: now, Pairing: p.ID, Reason: string(rule)})
		}
	}
	r.settle(now)
}

// MayCome tells whether nothing that protects the beneficiary keeps the volunteer
// of a pairing from coming next. Whoever may not is not told where.
func (r *HelpRequest) MayCome(p Pairing) bool {
	next := r.Next(p.MadeAt)
	// It may have begun: Ahead does not hold it any more, and they are on the way.
	if i := slices.IndexFunc(r.Visits, func(v Visit) bool { return v.Pairing == p.ID && v.Status == VisitPlanned }); i >= 0 {
		next = r.Visits[i].Window
	}
	return r.Suitable(p.Volunteer) && r.endangers(r.Vetted[p.Volunteer], p.Role, DaysOf([]Window{next}, r.Zone())) == ""
}
