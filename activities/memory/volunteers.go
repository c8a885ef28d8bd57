package memory

import (
	"context"
	"slices"
	"time"

	"github.com/linli/linli/aid"
)

// AddVolunteer puts in a volunteer, or replaces one.
func (s *Store) AddVolunteer(v aid.Volunteer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.volunteers, func(o aid.Volunteer) bool { return o.ID == v.ID })
	if i < 0 {
		s.volunteers = append(s.volunteers, v)
	} else {
		s.volunteers[i] = v
	}
}

// Candidates tells of every volunteer with what binds them.
func (s *Store) Candidates(_ context.Context, yield func(aid.Candidate) error) (aid.FeedMark, error) {
	var all []aid.Candidate
	err := s.call("Candidates", func() error {
		for _, v := range s.volunteers {
			bound, visits := s.commitments(v.ID)
			all = append(all, aid.Candidate{Volunteer: v, Bound: bound, Visits: visits, Budget: s.budget(v.ID)})
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for _, c := range all {
		if err := yield(c); err != nil {
			return 0, err
		}
	}
	return 0, nil
}

// CandidatesSince tells of everybody again, which a feed may do.
func (s *Store) CandidatesSince(ctx context.Context, _ aid.FeedMark, yield func(aid.Candidate) error) (aid.FeedMark, error) {
	return s.Candidates(ctx, yield)
}

// commitments are what requests hold of a volunteer's time: bound takes up
// capacity, visits do not.
func (s *Store) commitments(v aid.VolunteerID) (bound, visits []aid.Window) {
	for _, r := range s.requests {
		for _, b := range r.Bookings() {
			switch {
			case b.Volunteer != v:
			case b.Counts:
				bound = append(bound, b.During)
			default:
				visits = append(visits, b.During)
			}
		}
	}
	return bound, visits
}

// busy tells whether requests other than one hold a volunteer's time in a window.
func (s *Store) busy(id aid.VolunteerID, but aid.RequestID, during aid.Window) bool {
	for _, r := range s.requests {
		if r.ID != but && slices.ContainsFunc(r.Bookings(), func(b aid.Booking) bool { return b.Volunteer == id && b.During.Overlaps(during) }) {
			return true
		}
	}
	return false
}

// budget is what the offers and parks say of a volunteer.
func (s *Store) budget(id aid.VolunteerID) aid.Budget {
	b := aid.Budget{Parks: s.parks[id]}
	for _, r := range s.requests {
		b.Count(r.Offers, id)
	}
	return b
}

// free tells whether a volunteer can take one more task at the times of a request,
// and may be asked now. Who was never added has no limit to the number of tasks.
func (s *Store) free(k aid.Pick, r *aid.HelpRequest, limits aid.OfferLimits, now time.Time) bool {
	id, budget := k.Volunteer, s.budget(k.Volunteer)
	if budget.Rests(limits, "", now) || !budget.Takes(r.Category, k.Cost.Distance) || r.Bars(s.vetted(id), k.Role) != "" {
		return false
	}
	for _, during := range r.Times() {
		if s.busy(id, "", during) {
			return false
		}
	}
	bound, _ := s.commitments(id)
	i := slices.IndexFunc(s.volunteers, func(v aid.Volunteer) bool { return v.ID == id })
	return i < 0 || s.volunteers[i].Active && len(bound) < s.volunteers[i].Capacity
}
