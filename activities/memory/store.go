// Package memory keeps help requests in memory under the same promises as the
// database does, for tests of the processes. It runs the real aggregate, so that
// what holds in such a test holds by the rules of the domain.
//
// Every call is one transaction: it happens wholly or not at all, one at a time.
// [Store.Fault] can fail a call before it, so that nothing has happened, and
// after it, so that it has and the caller does not know.
package memory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/linli/linli/aid"
)

// Store fills the ports of package activities and the feed of volunteers. It is safe for concurrent use;
// its exported fields are set before the first call.
type Store struct {
	// Now is the clock by which everything is decided.
	Now func() time.Time
	// Changed, if set, hears of the requests whose process has to be told, after
	// the call that changed them: what the outbox is to the database.
	Changed func(aid.RequestID)
	// Opened, if set, hears of the requests that a step has opened.
	Opened func(aid.RequestID)
	// Fault, if set, may fail a call by its name.
	Fault func(call string, when When) error

	mu         sync.Mutex
	requests   []*aid.HelpRequest // in the order added
	shards     map[aid.RequestID]aid.Cell
	volunteers []aid.Volunteer
	events     []aid.Event
	rounds     []aid.Round
	deliveries []*delivery
	parks      map[aid.VolunteerID][]aid.Park
}

// When is the moment at which a call can fail.
type When int

// The moments.
const (
	Before When = iota // nothing has happened yet
	After              // everything has happened, and only the answer is lost
)

// Add puts in a request that is to be matched in a shard.
func (s *Store) Add(r *aid.HelpRequest, shard aid.Cell) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add(r, shard)
}

func (s *Store) add(r *aid.HelpRequest, shard aid.Cell) {
	if s.shards == nil {
		s.shards = map[aid.RequestID]aid.Cell{}
	}
	s.events = append(s.events, r.TakeEvents()...)
	s.requests, s.shards[r.ID] = append(s.requests, r), shard
}

// Request gives a request. It fails with [aid.NotFound].
func (s *Store) Request(_ context.Context, id aid.RequestID) (*aid.HelpRequest, error) {
	var found *aid.HelpRequest
	err := s.call("Request", func() error {
		i, err := s.find(id)
		if err == nil {
			found = clone(s.requests[i])
		}
		return err
	})
	return found, err
}

// Change lets fn change a request, wholly or not at all.
func (s *Store) Change(_ context.Context, id aid.RequestID, fn func(r *aid.HelpRequest, now time.Time) error) (*aid.HelpRequest, error) {
	var changed *aid.HelpRequest
	err := s.call("Change", func() (err error) {
		changed, err = s.change(id, fn)
		return err
	})
	if err != nil {
		return nil, err
	}
	return changed, nil
}

// Events are the events so far, of all requests.
func (s *Store) Events() []aid.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.events)
}

// Check gives the first broken invariant: of a request, or of a volunteer who is
// bound to two requests at one time.
func (s *Store) Check() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, r := range s.requests {
		if err := r.Check(); err != nil {
			return err
		}
		for _, b := range r.Bookings() {
			for _, other := range s.requests[:i] {
				twice := func(o aid.Booking) bool { return o.Volunteer == b.Volunteer && o.During.Overlaps(b.During) }
				if slices.ContainsFunc(other.Bookings(), twice) {
					return fmt.Errorf("volunteer %s is bound to %s and %s at one time", b.Volunteer, other.ID, r.ID)
				}
			}
		}
	}
	return nil
}

// call runs one call under the lock, with the faults around it.
func (s *Store) call(name string, do func() error) error {
	if s.Fault != nil {
		if err := s.Fault(name, Before); err != nil {
			return err
		}
	}
	s.mu.Lock()
	err := do()
	s.mu.Unlock()
	if s.Fault != nil {
		err = errors.Join(err, s.Fault(name, After))
	}
	return err
}

func (s *Store) change(id aid.RequestID, fn func(r *aid.HelpRequest, now time.Time) error) (*aid.HelpRequest, error) {
	i, err := s.find(id)
	if err != nil {
		return nil, err
	}
	r := clone(s.requests[i])
	s.vet(r)
	if err := fn(r, s.Now()); err != nil {
		return nil, err
	}
	s.events = append(s.events, r.TakeEvents()...)
	for _, p := range r.TakeParks() {
		if s.parks == nil {
			s.parks = map[aid.VolunteerID][]aid.Park{}
		}
		s.parks[p.Volunteer] = aid.Parking(s.parks[p.Volunteer], p.Park)
	}
	s.requests[i] = r
	return clone(r), nil
}

func (s *Store) find(id aid.RequestID) (int, error) {
	i := slices.IndexFunc(s.requests, func(r *aid.HelpRequest) bool { return r.ID == id })
	if i < 0 {
		return 0, aid.Errorf(aid.NotFound, "there is no such help request")
	}
	return i, nil
}

// clone copies what the methods of a request may change.
func clone(r *aid.HelpRequest) *aid.HelpRequest {
	c := *r
	c.Offers, c.Pairings = slices.Clone(r.Offers), slices.Clone(r.Pairings)
	c.Visits = slices.Clone(r.Visits)
	return &c
}
