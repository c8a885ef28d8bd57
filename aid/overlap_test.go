package aid_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// succeeded is a standing pairing that cid has taken over from ann.
func succeeded(t *testing.T) *story {
	t.Helper()
	s := pairLasts(t, 1)
	s.at(24 * 3).looks()
	s.withdraws("ann")
	s.ask("cid").accepts("cid")
	s.looks()
	return s
}

func (s *story) nextOf(v aid.VolunteerID) aid.Visit {
	s.Helper()
	for _, visit := range s.r.Visits {
		if visit.Volunteer == v && visit.Status == aid.VisitPlanned && visit.Window.StartsAt.After(s.now) {
			return visit
		}
	}
	s.Fatalf("%s has no visit to come", v)
	return aid.Visit{}
}

func TestWhoCameBeforeIsAskedAlong(t *testing.T) {
	t.Parallel()
	s := succeeded(t)
	next := s.nextOf("cid")
	v, before, err := s.r.Introduction(next.ID, s.now)
	require.NoError(t, err)
	require.Equal(t, next, v)
	require.Equal(t, aid.VolunteerID("ann"), before)
	_, _, err = s.r.Introduction(s.nextOf("ben").ID, s.now)
	s.refused(err, aid.Conflict, aid.ReasonNotEligible) // nobody came before
	_, _, err = s.r.Introduction(s.visitOf("ann").ID, s.now)
	s.refused(err, aid.Conflict, aid.ReasonWrongTime) // it is past
	_, _, err = s.r.Introduction("vis-none", s.now)
	require.Equal(t, aid.NotFound, aid.KindOf(err))

	n := s.r.OverlapNeed(v, before)
	require.NoError(t, n.Validate(s.now))
	require.Equal(t, v.Window, n.Window)
	require.Nil(t, n.Cadence)

	require.NoError(t, s.r.Exclude("ann", "c", s.now))
	_, _, err = s.r.Introduction(next.ID, s.now)
	s.refused(err, aid.Conflict, aid.ReasonNotEligible)
}

// TestNobodyElseIsAskedAlong: the request asks one, and ends quietly if they decline,
// do not answer, step back or cannot even be asked.
func TestNobodyElseIsAskedAlong(t *testing.T) {
	t.Parallel()
	asked := func() *story {
		n := crew(1, aid.Routine, 1)
		n.OnlyAsks = "ann"
		s := tell(t, n)
		s.suits("ann", 0)
		require.Empty(t, s.r.Vacancies(5))
		require.Zero(t, s.r.WidensAt(staged()))
		_, err := s.r.Assign(aid.Pick{Offer: "o-x", Volunteer: "eve"}, policy, "c", s.now)
		s.refused(err, aid.Conflict, aid.ReasonNotEligible)
		return s
	}
	withOffer := func() *story {
		s := asked()
		_, err := s.r.Assign(aid.Pick{Offer: "o-ann", Volunteer: "ann"}, policy, "c", s.now)
		require.NoError(t, err)
		s.r.TakeEvents()
		return s.is(aid.RequestOffered)
	}
	for name, end := range map[string]func() *story{
		"declined": func() *story {
			s := withOffer()
			require.NoError(t, s.r.Decline("o-ann", "ann", aid.Refusal{Reason: "busy"}, "", s.now))
			return s
		},
		"silent": func() *story {
			s := withOffer()
			s.now = s.r.Offers[0].ExpiresAt
			s.r.ExpireOffers(s.now)
			return s
		},
		"stepped back": func() *story {
			s := withOffer()
			_, err := s.r.Accept("o-ann", "ann", "p", "", s.now)
			require.NoError(t, err)
			s.is(aid.RequestPaired)
			require.NoError(t, s.r.Withdraw("p", "busy", "", s.now))
			return s
		},
		"not asked": func() *story {
			s := asked()
			s.r.EndSearch(aid.ReasonCounts{}, s.now)
			return s
		},
	} {
		s := end().is(aid.RequestCancelled)
		events := s.r.TakeEvents()
		require.Equal(t, aid.EventRequestCancelled, events[len(events)-1].Kind, name)
	}
}

func TestWhoIsAskedAlongIsCalledOffWithTheVisit(t *testing.T) {
	t.Parallel()
	s := succeeded(t)
	v := s.nextOf("cid")
	require.NoError(t, s.r.MadeTogether(v.ID, aid.OverlapID(v.ID)))
	require.Empty(t, s.r.Needless(s.now))
	s.withdraws("cid")
	require.Equal(t, []aid.RequestID{aid.OverlapID(v.ID)}, s.r.Needless(s.now))
	require.Empty(t, s.r.Needless(v.Window.EndsAt.Add(48*time.Hour)))
}
