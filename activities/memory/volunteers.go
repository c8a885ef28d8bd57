package memory

import (
	"context"
	"slices"

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
			all = append(all, aid.Candidate{Volunteer: v, Bound: s.commitments(v.ID)})
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

// commitments are the windows for which requests hold a volunteer's time.
func (s *Store) commitments(v aid.VolunteerID) []aid.Window {
	var bound []aid.Window
	for _, r := range s.requests {
		if slices.Contains(r.Bound(), v) {
			bound = append(bound, r.Window)
		}
	}
	return bound
}

// free tells whether a volunteer can take one more task during a window. Who was
// never added has no limit to their number.
func (s *Store) free(id aid.VolunteerID, during aid.Window) bool {
	bound := s.commitments(id)
	if slices.ContainsFunc(bound, during.Overlaps) {
		return false
	}
	i := slices.IndexFunc(s.volunteers, func(v aid.Volunteer) bool { return v.ID == id })
	return i < 0 || s.volunteers[i].Active && len(bound) < s.volunteers[i].Capacity
}
