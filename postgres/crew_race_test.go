package postgres_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// crewOf opens a request that wants all of so many people, two of them as
// drivers, and asks many for each seat.
func (w *world) crewOf(id aid.RequestID, people, asked int) []aid.VolunteerID {
	w.t.Helper()
	ids := w.volunteers(asked)
	n := w.need(people-2, 3)
	n.Roles = append(n.Roles, aid.RequestRole{Name: "driver", Skills: []aid.Skill{}, Courses: []aid.CourseID{}, People: 2})
	n.MinPeople = people
	w.request(id, n)
	chosen := picks(id, ids...)
	for i := range chosen {
		chosen[i].Role = i % 2
	}
	made, _, err := w.MakeOffers(w.t.Context(), "round", id, chosen, asking(asked))
	require.NoError(w.t, err)
	require.Len(w.t, made, asked)
	return ids
}

// Hundreds accept the seats of a crew at the same instant: in each role as many
// get one as there are, and all of them are confirmed together.
func TestHundredsAcceptTheLastSeats(t *testing.T) {
	t.Parallel()
	const people, asked = 7, 300
	w := newWorld(t)
	ids := w.crewOf("r1", people, asked)
	var seated, late atomic.Int32
	start := make(chan struct{})
	var all sync.WaitGroup
	for _, v := range ids {
		all.Go(func() {
			<-start
			switch err := w.accept(t.Context(), "r1", v); {
			case err == nil:
				seated.Add(1)
			case aid.ReasonOf(err) == aid.ReasonSeatTaken:
				late.Add(1)
			default:
				t.Errorf("%s: %v", v, err)
			}
		})
	}
	close(start)
	all.Wait()
	require.EqualValues(t, people, seated.Load())
	require.EqualValues(t, asked-people, late.Load())
	r := w.read("r1")
	require.NoError(t, r.Check())
	require.Equal(t, aid.RequestPaired, r.Status)
	roles, confirmed := map[int]int{}, map[time.Time]bool{}
	for _, p := range r.Pairings {
		roles[p.Role]++
		confirmed[p.ConfirmedAt] = true
		require.Equal(t, aid.PairingConfirmed, p.Status)
	}
	require.Equal(t, map[int]int{0: people - 2, 1: 2}, roles)
	require.Len(t, confirmed, 1, "at one instant")
	require.Equal(t, people, w.count("SELECT count(*) FROM reservations"))
	require.Equal(t, 1, w.count("SELECT count(*) FROM events WHERE kind = 'request_paired'"))
	w.sound()
}

// The last acceptance and the end of the time for it meet: the crew stands
// whole, or nobody is held.
func TestTheLastAcceptanceAndTheDeadlineAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var stood, released int
	for i := range 20 {
		id := aid.RequestID(fmt.Sprintf("r%d", i))
		first, last := aid.VolunteerID(fmt.Sprintf("a%d", i)), aid.VolunteerID(fmt.Sprintf("b%d", i))
		w.volunteer(first, 1)
		w.volunteer(last, 1)
		n := w.need(2, 3)
		n.MinPeople = 2
		w.request(id, n)
		w.ask(id, 1, first, last)
		require.NoError(t, w.accept(t.Context(), id, first))
		var both sync.WaitGroup
		both.Go(func() {
			if err := w.accept(t.Context(), id, last); err != nil && aid.KindOf(err) != aid.Conflict {
				t.Errorf("%s: %v", id, err)
			}
		})
		both.Go(func() {
			_, err := w.Change(t.Context(), id, func(r *aid.HelpRequest, _ time.Time) error {
				r.MissQuorum(r.Window.StartsAt)
				return nil
			})
			if err != nil {
				t.Errorf("%s: %v", id, err)
			}
		})
		both.Wait()
		r := w.read(id)
		require.NoError(t, r.Check())
		switch r.Status {
		case aid.RequestPaired:
			require.Equal(t, 2, r.Filled())
			stood++
		case aid.RequestUnfilled:
			require.Empty(t, r.Bound())
			released++
		default:
			require.Fail(t, "neither", "%s", r.Status)
		}
	}
	require.Equal(t, 20, stood+released)
	require.Equal(t, 2*stood, w.count("SELECT count(*) FROM reservations"))
	w.sound()
}
