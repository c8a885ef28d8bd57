package memory

import (
	"context"
	"slices"
	"time"

	"github.com/linli/linli/aid"
)

// RequestsByID gives the requests that there are.
func (s *Store) RequestsByID(_ context.Context, ids []aid.RequestID) ([]*aid.HelpRequest, error) {
	var found []*aid.HelpRequest
	err := s.call("RequestsByID", func() error {
		for _, id := range ids {
			if i, err := s.find(id); err == nil {
				found = append(found, clone(s.requests[i]))
			}
		}
		return nil
	})
	return found, err
}

// ChangeStanding lets fn change a request, with what there is to know of its
// volunteers.
func (s *Store) ChangeStanding(_ context.Context, id aid.RequestID, fn func(r *aid.HelpRequest, people aid.StandingFacts, now time.Time) error) (*aid.HelpRequest, error) {
	var changed *aid.HelpRequest
	err := s.call("ChangeStanding", func() (err error) {
		changed, err = s.change(id, func(r *aid.HelpRequest, now time.Time) error {
			facts := aid.StandingFacts{
				Volunteers: map[aid.VolunteerID]aid.Volunteer{},
				Busy:       func(v aid.VolunteerID, w aid.Window) bool { return s.busy(v, id, w) },
			}
			bound := r.Bound()
			for _, v := range s.volunteers {
				if slices.Contains(bound, v.ID) {
					facts.Volunteers[v.ID] = v
				}
			}
			return fn(r, facts, now)
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return changed, nil
}

// OpenRequest puts in a new request, unless its id is taken.
func (s *Store) OpenRequest(_ context.Context, r *aid.HelpRequest, shard aid.Cell) error {
	err := s.call("OpenRequest", func() error {
		if _, err := s.find(r.ID); err == nil {
			return aid.Because(aid.Conflict, aid.ReasonAlreadyExists, "the id is in use")
		}
		s.add(r, shard)
		return nil
	})
	if err == nil && s.Opened != nil {
		s.Opened(r.ID)
	}
	return err
}

// ChangeAndTell is [Store.Change] that tells the request's process.
func (s *Store) ChangeAndTell(_ context.Context, id aid.RequestID, fn func(r *aid.HelpRequest, now time.Time) error) (*aid.HelpRequest, error) {
	var changed *aid.HelpRequest
	err := s.call("ChangeAndTell", func() (err error) {
		changed, err = s.change(id, fn)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.changed(id)
	return changed, nil
}

// Requests are all requests, in the order in which they were opened.
func (s *Store) Requests() []*aid.HelpRequest {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]*aid.HelpRequest, len(s.requests))
	for i, r := range s.requests {
		out[i] = clone(r)
	}
	return slices.Clip(out)
}
