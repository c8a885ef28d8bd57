package worker_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/cadence"
	"github.com/linli/linli/workflows/contract"
)

// fate is what becomes of the first visit of a standing pairing.
type fate int

const (
	comes      fate = iota // its volunteer comes
	stoodIn                // nobody comes, and a substitute who was asked does
	forsaken               // nobody comes, and nobody else does either
	away                   // the volunteer will be absent, which they say before
	leaves                 // the volunteer leaves for good
	lapses                 // the volunteer's course lapses before a later visit
	manyFates              // how many there are
	pairings   = 3 * int(manyFates)
	firstVisit = 35 * time.Second // after a pairing was opened: time for rounds and answers
)

func requestOf(i int) aid.RequestID { return aid.RequestID(fmt.Sprintf("season-%02d", i)) }

func fateOf(i int) fate { return fate(i % int(manyFates)) }

// season is a short one of standing pairings on the real Temporal and Postgres:
// alarms take seconds in place of minutes, and the workers are away while the
// first ones are due.
type season struct {
	*system
	settled map[int]bool // whose volunteer has done what they do before the visit
}

func newSeason(t *testing.T) *season {
	t.Helper()
	s := &season{newSystem(t), map[int]bool{}}
	s.policy.AsksPerSeat = map[aid.Urgency]int{aid.Soon: 1, aid.Urgent: 1}
	all := func(d time.Duration) map[aid.Urgency]time.Duration {
		return map[aid.Urgency]time.Duration{aid.Routine: d, aid.Soon: d, aid.Urgent: d}
	}
	s.standing.Grace, s.standing.Answer, s.standing.Cover = all(time.Second), all(time.Second), all(8*time.Second)
	require.NoError(t, s.store.AddCourses(t.Context(), []aid.Named{{ID: "care", NameZh: "护理", NameEn: "Care"}}))
	s.volunteers(3 * pairings)
	for i := range 3 * pairings {
		s.holds(volunteer(i), aid.Date{})
	}
	return s
}

// holds has a volunteer hold the course that all visits ask for.
func (s *season) holds(id aid.VolunteerID, until aid.Date) {
	s.Helper()
	s.changes(id, func(v *aid.Volunteer) { v.Courses = []aid.CourseHeld{{Course: "care", Until: until}} })
}

func (s *season) changes(id aid.VolunteerID, fn func(v *aid.Volunteer)) {
	s.Helper()
	v, err := s.store.Volunteer(s.Context(), id)
	require.NoError(s, err)
	fn(&v)
	require.NoError(s, s.store.UpdateVolunteer(s.Context(), v))
}

// opens opens a daily pairing whose first visit is near.
func (s *season) opens(i int) {
	s.Helper()
	now, err := s.store.Now(s.Context())
	require.NoError(s, err)
	c, err := cadence.Read(aid.Cadence{Rule: "FREQ=DAILY", First: now.Add(firstVisit), Minutes: 1, Zone: "Asia/Shanghai"}, now)
	require.NoError(s, err)
	ahead, err := cadence.Between(c, now, now.Add(aid.Horizon))
	require.NoError(s, err)
	r, err := aid.OpenRequest(requestOf(i), aid.Need{
		Beneficiary: "b1", Location: home, Category: "visit", Urgency: aid.Soon, Window: ahead[0], Cadence: &c,
		Roles: []aid.RequestRole{{Name: "companion", People: 1, Courses: []aid.CourseID{"care"}}},
	}, "c1", harbin, cellOf(home), now)
	require.NoError(s, err)
	r.Ahead = ahead
	require.NoError(s, s.store.OpenRequest(s.Context(), r, shardOf(r.Cell)))
}

// all gives every request, with those for substitutes that have ended by now.
func (s *season) all() map[aid.RequestID]*aid.HelpRequest {
	s.Helper()
	out := map[aid.RequestID]*aid.HelpRequest{}
	read := func(ids []aid.RequestID) (substitutes []aid.RequestID) {
		found, err := s.store.RequestsByID(s.Context(), ids)
		require.NoError(s, err)
		for _, r := range found {
			out[r.ID] = r
			for _, v := range r.Visits {
				if v.Substitute != "" {
					substitutes = append(substitutes, v.Substitute)
				}
			}
		}
		return substitutes
	}
	read(read(slices.Collect(seasonIDs)))
	return out
}

// lives lets everybody do once what they do next, and gives every request.
func (s *season) lives() map[aid.RequestID]*aid.HelpRequest {
	s.Helper()
	out := s.all()
	for i := range pairings {
		r := out[requestOf(i)]
		s.answers(r)
		s.decides(i, r)
		if fateOf(i) == comes || fateOf(i) == lapses {
			s.visits(r)
		}
		for _, v := range r.Visits {
			if sub := out[v.Substitute]; sub != nil && fateOf(i) != forsaken {
				s.answers(sub)
				s.visits(sub)
			}
		}
	}
	return out
}

// answers accepts what is offered, unless it is called off at that moment.
func (s *season) answers(r *aid.HelpRequest) {
	for _, o := range r.Offers {
		if o.Status == aid.OfferPending {
			if _, err := s.accept(s.Context(), o); aid.KindOf(err) != aid.Conflict {
				require.NoError(s, err)
			}
		}
	}
}

// decides has the volunteer of a pairing say once, before the visit, that they
// will be away or leave, or learn when their course lapses.
func (s *season) decides(i int, r *aid.HelpRequest) {
	if r.Filled() == 0 || s.settled[i] {
		return
	}
	s.settled[i] = true
	p := r.Pairings[0]
	switch fateOf(i) {
	case away:
		day := aid.DateOf(aid.InZone(r.Window.StartsAt, aid.DefaultZone))
		s.changes(p.Volunteer, func(v *aid.Volunteer) { v.Availability.Away = []aid.DateRange{{From: day, To: day}} })
	case leaves:
		_, err := s.processes.WithdrawPairing(s.Context(), "leave-"+string(p.ID), contract.WithdrawPairing{
			Request: r.ID, Pairing: p.ID, Actor: aid.AccountID(p.Volunteer), Reason: "moved",
		})
		require.NoError(s, err)
	case lapses:
		s.holds(p.Volunteer, aid.DateOf(r.Window.StartsAt.UTC().AddDate(0, 0, 2)))
	case comes, stoodIn, forsaken, manyFates:
	}
}

// visits checks in to what is under way; for what is over already, on a machine that
// was busy, it is too late.
func (s *season) visits(r *aid.HelpRequest) {
	for _, v := range r.Visits {
		if v.Status != aid.VisitPlanned {
			continue
		}
		_, err := s.store.Change(s.Context(), r.ID, func(r *aid.HelpRequest, now time.Time) error {
			if now.Before(v.Window.StartsAt) || !now.Before(v.Window.EndsAt) {
				return nil
			}
			_, err := r.CheckIn(v.ID, aid.Evidence{Means: aid.MeansPosition, Cell: r.Cell, At: now}, aid.AccountID(v.Volunteer), now)
			return err
		})
		if aid.KindOf(err) != aid.Conflict { // handed over or called off at that moment
			require.NoError(s, err)
		}
	}
}

// cared tells whether somebody is with the beneficiary by the first visit, or the
// caseworker was asked.
func cared(r *aid.HelpRequest, all map[aid.RequestID]*aid.HelpRequest) bool {
	return slices.ContainsFunc(r.Visits, func(v aid.Visit) bool {
		sub := all[v.Substitute]
		stood := sub != nil && slices.ContainsFunc(sub.Visits, func(v aid.Visit) bool { return !v.In.At.IsZero() })
		return v.Window.StartsAt.Equal(r.Window.StartsAt) && (!v.In.At.IsZero() || v.Alarm == aid.AlarmCaseworker || stood)
	})
}

// TestAShortSeasonOnTheRealServer: of pairings whose volunteers come, stay away,
// leave and let their course lapse, while workers are down when the first alarms
// are due, no first visit is lost, nobody is bound twice and the audit is clean.
func TestAShortSeasonOnTheRealServer(t *testing.T) {
	t.Parallel()
	s := newSeason(t)
	stop := s.work()
	for i := range pairings {
		s.opens(i)
	}
	s.inTime("everybody has a companion", func() bool {
		s.lives()
		return len(s.settled) == pairings
	})
	stop()
	s.inTime("the first visits are overdue", func() bool {
		now, err := s.store.Now(t.Context())
		require.NoError(t, err)
		return now.After(s.request(requestOf(pairings - 1)).Window.StartsAt.Add(2 * time.Second))
	})
	s.work()
	s.inTime("every first visit is cared for", func() bool {
		all := s.lives()
		return !slices.ContainsFunc(slices.Collect(seasonIDs), func(id aid.RequestID) bool { return !cared(all[id], all) })
	})

	told := s.told()
	for i := range pairings {
		r := s.request(requestOf(i))
		want := map[fate][]aid.EventKind{
			stoodIn:  {aid.EventVisitOverdue, aid.EventSubstituteWanted},
			forsaken: {aid.EventVisitOverdue, aid.EventSubstituteWanted, aid.EventVisitUncovered},
			away:     {aid.EventVisitHandedOver},
			leaves:   {aid.EventPairingWithdrawn},
			lapses:   {aid.EventCourseLapsing, aid.EventVisitHandedOver},
		}[fateOf(i)]
		for _, kind := range want {
			require.Contains(t, told[r.ID], kind, "%s", r.ID)
		}
	}
	found, err := s.store.Findings(t.Context())
	require.NoError(t, err)
	require.Empty(t, found, "the audit is clean")
	for _, lost := range []func() (int, error){
		func() (int, error) { return s.sweep().Requests(t.Context()) },
		func() (int, error) { return s.sweep().Standing(t.Context()) },
	} {
		n, err := lost()
		require.NoError(t, err)
		require.Zero(t, n, "no process is lost")
	}
}

// inTime polls a condition for longer than a single step may take: a season has
// many of them, and the machine may have other things to do.
func (s *season) inTime(what string, done func() bool) {
	s.Helper()
	require.Eventually(s, done, 4*patience, 50*time.Millisecond, what)
}

// seasonIDs yields the pairings of a season.
func seasonIDs(yield func(aid.RequestID) bool) {
	for i := range pairings {
		if !yield(requestOf(i)) {
			return
		}
	}
}

// told is what has happened, by request.
func (s *season) told() map[aid.RequestID][]aid.EventKind {
	s.Helper()
	out := map[aid.RequestID][]aid.EventKind{}
	for after := int64(0); ; {
		entries, err := s.store.EventsAfter(s.Context(), after, 1000)
		require.NoError(s, err)
		if len(entries) == 0 {
			return out
		}
		for _, e := range entries {
			out[e.Request], after = append(out[e.Request], e.Kind), e.Seq
		}
	}
}
