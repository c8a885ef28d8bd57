package activities

import (
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// stateOf is what the process needs to know of a request. A round is wanted
// while seats or standby places are vacant that this policy would fill.
func stateOf(r *aid.HelpRequest, p aid.SearchPolicy, visits aid.StandingPolicy) contract.RequestState {
	s := contract.RequestState{
		Status:     r.Status,
		WantsRound: len(r.Vacancies(p.AsksPerSeat[r.Urgency])) > 0,
		Pending:    r.Pending(),
		Failed:     r.FailedOffers(),
		StartsAt:   r.Window.StartsAt.UTC(),
		EndsAt:     r.Closes().UTC(),
	}
	if at := r.VisitsDue(visits); !at.IsZero() {
		s.VisitsDue = at.UTC()
	}
	if r.Standing() { // its visits have a process of their own
		s.StartsAt = s.EndsAt
	}
	if by := r.QuorumBy(); !by.IsZero() {
		s.QuorumBy = by.UTC()
	}
	if at := r.WidensAt(p); !at.IsZero() {
		s.WidensAt = at.UTC()
	}
	for _, o := range r.Offers {
		if o.Status == aid.OfferPending && (s.NextDeadline.IsZero() || o.ExpiresAt.Before(s.NextDeadline)) {
			s.NextDeadline = o.ExpiresAt.UTC()
		}
	}
	return s
}

// advance does to a request what is due by the clock: offers end, a crew that does
// not stand in time is released, the search reaches farther, service begins when the
// window of a paired request does, alarms are raised, and with the window, or the last visit, ends the
// request. Doing it again changes nothing.
func advance(r *aid.HelpRequest, p aid.SearchPolicy, visits aid.StandingPolicy, now time.Time) error {
	if r.Status.Ended() {
		return nil
	}
	r.ExpireOffers(now)
	r.MissQuorum(now)
	r.Widen(p, now)
	if r.Status == aid.RequestPaired && !r.Standing() && !now.Before(r.Window.StartsAt) {
		if err := r.BeginService(now); err != nil {
			return err
		}
	}
	r.AdvanceVisits(visits, now)
	if now.Before(r.Closes()) {
		return nil
	}
	if r.Status == aid.RequestInService || r.Status == aid.RequestPaired && r.Standing() {
		return r.Complete("", now)
	}
	r.RunOut(now)
	return nil
}
