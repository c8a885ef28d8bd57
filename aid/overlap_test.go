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
	require.Equal(t, v.ID, n.Serves)
}

// TestWhyNobodyIsAskedAlongIsNotSaid: a volunteer may ask, and would learn of an
// exclusion or a do-not-match otherwise.
func TestWhyNobodyIsAskedAlongIsNotSaid(t *testing.T) {
	t.Parallel()
	said := map[string]bool{}
	for name, why := range map[string]func(*story){
		"nobody came before":              func(*story) {},
		"excluded":                        func(s *story) { require.NoError(t, s.r.Exclude("ann", "c", s.now)) },
		"kept apart from the beneficiary": func(s *story) { s.keepApart("ann", "") },
		"kept apart from the successor":   func(s *story) { s.keepApart("ann", "cid") },
		"kept apart from another of them": func(s *story) { s.keepApart("ann", "ben") },
	} {
		s := succeeded(t)
		why(s)
		whose := aid.VolunteerID("cid")
		if name == "nobody came before" {
			whose = "ben"
		}
		_, _, err := s.r.Introduction(s.nextOf(whose).ID, s.now)
		require.Error(t, err, name)
		s.refused(err, aid.Conflict, aid.ReasonNotEligible)
		said[err.Error()] = true
	}
	require.Len(t, said, 1)
}

// overlapOf is the request that asks ann along to the next visit of cid.
func (s *story) overlapOf(v aid.Visit) *story {
	s.Helper()
	r, err := aid.OpenRequest(aid.OverlapID(v.ID), s.r.OverlapNeed(v, "ann"), "c", aid.Area{ID: "hlj", Path: "/hlj/"}, 1, s.now)
	require.NoError(s, err)
	return &story{T: s.T, r: r, now: s.now}
}

// TestNobodyIsAskedAlongTwice: the same offer again is no error while it holds.
func TestNobodyIsAskedAlongTwice(t *testing.T) {
	t.Parallel()
	parent := succeeded(t)
	s := parent.overlapOf(parent.nextOf("cid"))
	k := aid.Pick{Offer: "o", Volunteer: "ann", Cost: aid.Cost{Distance: 4200}}
	for range 2 {
		o, err := s.r.AskAlong(k, policy, "c", s.now)
		require.NoError(t, err)
		require.Equal(t, k.Cost, o.Cost)
	}
	require.Len(t, s.r.Offers, 1)
	require.NoError(t, s.r.Decline("o", "ann", aid.Refusal{Reason: "too_far"}, "", s.now))
	require.Equal(t, 4000, s.r.TakeParks()[0].Within, "what was offered is too far, and nothing nearer")
	_, err := s.r.AskAlong(k, policy, "c", s.now)
	s.refused(err, aid.Conflict, aid.ReasonRequestEnded)
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
	o := s.overlapOf(v)
	require.NoError(t, s.r.MadeTogether(o.r, s.now))
	require.NoError(t, s.r.MadeTogether(o.r, s.now))
	o.r.OnlyAsks = "somebody"
	s.refused(s.r.MadeTogether(o.r, s.now), aid.Conflict, aid.ReasonNotEligible) // who came before is another by now
	require.Empty(t, s.r.Needless(s.now))
	s.withdraws("cid")
	require.Equal(t, []aid.RequestID{aid.OverlapID(v.ID)}, s.r.Needless(s.now))
	require.Empty(t, s.r.Needless(v.Window.EndsAt.Add(48*time.Hour)))
}
