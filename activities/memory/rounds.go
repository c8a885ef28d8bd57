package memory

import (
	"context"
	"slices"
	"time"

	"github.com/linli/linli/aid"
)

// SeekingRequests gives the requests of a shard for which people may be asked.
func (s *Store) SeekingRequests(_ context.Context, shard aid.Cell) ([]*aid.HelpRequest, error) {
	var found []*aid.HelpRequest
	err := s.call("SeekingRequests", func() error {
		for _, r := range s.requests {
			if s.shards[r.ID] == shard && r.Status.Seeking() && !r.SearchOver && r.OnlyAsks == "" {
				found = append(found, clone(r))
			}
		}
		return nil
	})
	return found, err
}

// MakeOffers asks the picked volunteers as far as they are wanted and free; those
// who are not free are refused.
func (s *Store) MakeOffers(_ context.Context, round aid.RoundID, id aid.RequestID, picks []aid.Pick, p aid.SearchPolicy) (made []aid.Offer, refused []aid.VolunteerID, err error) {
	err = s.call("MakeOffers", func() error {
		_, err := s.change(id, func(r *aid.HelpRequest, now time.Time) error {
			var free []aid.Pick
			for _, k := range picks {
				switch {
				case s.free(k, r, p.Limits, now):
					free = append(free, k)
				case !r.Asked(k.Volunteer):
					refused = append(refused, k.Volunteer)
				}
			}
			made = r.MakeOffers(round, free, p, now)
			return nil
		})
		return err
	})
	if len(made) > 0 {
		s.changed(id)
	}
	if err != nil {
		return nil, nil, err
	}
	return made, refused, nil
}

// NobodyLeft notes that nobody is left to ask as far as the search reaches.
func (s *Store) NobodyLeft(_ context.Context, id aid.RequestID, as aid.Reach, unmet aid.ReasonCounts, p aid.SearchPolicy) (again bool, err error) {
	return s.reach("NobodyLeft", id, func(r *aid.HelpRequest, now time.Time) bool { return r.NobodyLeft(as, unmet, p, now) })
}

// NobodyNow notes that nobody can be asked at present.
func (s *Store) NobodyNow(_ context.Context, id aid.RequestID, as aid.Reach, p aid.SearchPolicy) (again bool, err error) {
	return s.reach("NobodyNow", id, func(r *aid.HelpRequest, now time.Time) bool { return r.NobodyNow(as, p, now) })
}

func (s *Store) reach(call string, id aid.RequestID, fn func(*aid.HelpRequest, time.Time) bool) (again bool, err error) {
	ended := false
	err = s.call(call, func() error {
		_, err := s.change(id, func(r *aid.HelpRequest, now time.Time) error {
			over := r.SearchOver
			again = fn(r, now)
			ended = r.SearchOver && !over
			return nil
		})
		return err
	})
	if ended || again {
		s.changed(id)
	}
	return again, err
}

// BeginRound writes the record of a round, unless there is one.
func (s *Store) BeginRound(_ context.Context, r aid.Round) error {
	return s.call("BeginRound", func() error {
		if s.round(r.ID) < 0 {
			s.rounds = append(s.rounds, r)
		}
		return nil
	})
}

// EndRound notes when a round ended and counts its offers.
func (s *Store) EndRound(_ context.Context, id aid.RoundID, at time.Time) (offers int, err error) {
	err = s.call("EndRound", func() error {
		i := s.round(id)
		if i < 0 {
			return nil
		}
		for _, r := range s.requests {
			for _, o := range r.Offers {
				if o.Round == id {
					offers++
				}
			}
		}
		s.rounds[i].Seconds, s.rounds[i].Offers = at.Sub(s.rounds[i].StartedAt).Seconds(), offers
		return nil
	})
	return offers, err
}

func (s *Store) round(id aid.RoundID) int {
	return slices.IndexFunc(s.rounds, func(r aid.Round) bool { return r.ID == id })
}

// Rounds are the records so far, in the order of their rounds.
func (s *Store) Rounds() []aid.Round {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.rounds)
}

func (s *Store) changed(id aid.RequestID) {
	if s.Changed != nil {
		s.Changed(id)
	}
}
