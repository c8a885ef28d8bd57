package app_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/app/apptest"
)

// succession is a standing pairing whose seat one volunteer has left to another.
type succession struct {
	*testing.T
	*apptest.World
	u             app.UseCases
	request       aid.RequestID
	before, since app.Caller
}

func succeeded(t *testing.T, before, since aid.VolunteerID) *succession {
	t.Helper()
	w := apptest.New()
	s := &succession{T: t, World: w, u: w.UseCases(), before: as(aid.RoleVolunteer), since: as(aid.RoleVolunteer)}
	s.before.ID, s.before.Volunteer = aid.AccountID("v."+before), before
	s.since.ID, s.since.Volunteer = aid.AccountID("v."+since), since
	n := apptest.Need()
	n.Roles[0].People, n.MinPeople, n.Window = 1, 1, aid.Window{}
	n.Cadence = &aid.Cadence{Rule: "FREQ=DAILY", First: apptest.Now.Add(48 * time.Hour).Truncate(time.Second), Minutes: 60, Zone: "Asia/Shanghai"}
	r, err := s.u.Requests.Open(t.Context(), as(aid.RoleCaseworker), n)
	require.NoError(t, err)
	s.request = r.ID
	first := s.accept(s.before, "o-one")
	_, err = s.u.Choices.AskAlong(t.Context(), s.before, s.visits(s.before)[0].ID)
	require.Equal(t, aid.ReasonNotEligible, aid.ReasonOf(err), "nobody came before")
	_, err = s.u.Pairings.Withdraw(t.Context(), s.before, first.ID, "moved")
	require.NoError(t, err)
	s.accept(s.since, "o-two")
	return s
}

func (s *succession) accept(by app.Caller, id aid.OfferID) *aid.Pairing {
	s.Helper()
	s.Offer(id, s.request, by.Volunteer)
	card, err := s.u.Offers.Accept(s.Context(), by, id)
	require.NoError(s, err)
	return card.Pairing
}

func (s *succession) visits(by app.Caller) []app.VisitCard {
	s.Helper()
	page, err := s.u.Visits.List(s.Context(), by, app.VisitQuery{Statuses: []aid.VisitStatus{aid.VisitPlanned}}, aid.Page{Limit: 50})
	require.NoError(s, err)
	return page.Items
}

// overlap is the request by which somebody is asked along to a visit.
func (s *succession) overlap(visit aid.VisitID) *aid.HelpRequest {
	s.Helper()
	r, err := s.Request(s.Context(), aid.OverlapID(visit))
	require.NoError(s, err)
	return r
}

// TestWhoComesNowAsksWhoCameBefore along to a visit, which they see once it is agreed.
func TestWhoComesNowAsksWhoCameBefore(t *testing.T) {
	t.Parallel()
	s := succeeded(t, "v-1", "v-2")
	visit := s.visits(s.since)[0].ID
	_, err := s.u.Choices.AskAlong(t.Context(), s.before, visit)
	require.Equal(t, aid.NotFound, aid.KindOf(err), "it is not theirs any more")
	_, err = s.u.Choices.AskAlong(t.Context(), as(aid.RoleTrainer), visit)
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
	for range 2 { // again asks nobody anew
		card, err := s.u.Choices.AskAlong(t.Context(), s.since, visit)
		require.NoError(t, err)
		require.Equal(t, aid.OverlapID(visit), card.Overlap)
	}
	overlap := s.overlap(visit)
	require.Len(t, overlap.Offers, 1)
	require.Equal(t, aid.VolunteerID("v-1"), overlap.Offers[0].Volunteer)
	require.Equal(t, aid.Cost{Distance: 200, SpareSkills: 250}, overlap.Offers[0].Cost, "they see how far it is")
	together := func() bool {
		for _, v := range s.visits(s.since) {
			if v.ID == visit {
				return v.Together
			}
		}
		return false
	}
	require.False(t, together())
	_, err = s.u.Offers.Accept(t.Context(), s.before, overlap.Offers[0].ID)
	require.NoError(t, err)
	require.True(t, together())
}

// TestWhoeverMayNotComeIsNotAskedAlong, by the rules for whoever is asked by hand, and
// why is not told; nothing is left behind.
func TestWhoeverMayNotComeIsNotAskedAlong(t *testing.T) {
	t.Parallel()
	for name, prepared := range map[string]func(*testing.T) *succession{
		"too far": func(t *testing.T) *succession { t.Helper(); return succeeded(t, "v-2", "v-1") },
		"not active": func(t *testing.T) *succession {
			t.Helper()
			s := succeeded(t, "v-1", "v-2")
			who, err := s.Volunteer(t.Context(), "v-1")
			require.NoError(t, err)
			who.Active = false
			require.NoError(t, s.UpdateVolunteer(t.Context(), who))
			return s
		},
		"kept apart from the beneficiary": func(t *testing.T) *succession {
			t.Helper()
			s := succeeded(t, "v-1", "v-2")
			_, err := s.u.DoNotMatch.Enter(t.Context(), as(aid.RoleCoordinator), aid.DoNotMatch{Volunteer: "v-1", Beneficiary: "b-1", Kind: aid.ApartConcern, Reason: "x"})
			require.NoError(t, err)
			return s
		},
	} {
		s := prepared(t)
		visit, requests := s.visits(s.since)[0].ID, s.Requested()
		for _, by := range []app.Caller{s.since, as(aid.RoleCaseworker)} {
			_, err := s.u.Choices.AskAlong(t.Context(), by, visit)
			require.Equal(t, aid.ReasonNotEligible, aid.ReasonOf(err), name)
			require.Equal(t, aid.NobodyAlong().Error(), err.Error(), name)
		}
		require.Equal(t, requests, s.Requested(), name)
		require.Empty(t, s.visits(s.since)[0].Overlap, name)
	}
}

// TestAskingAlongThatIsCutOffLeavesNothing, and it can be done again.
func TestAskingAlongThatIsCutOffLeavesNothing(t *testing.T) {
	t.Parallel()
	s := succeeded(t, "v-1", "v-2")
	visit, requests := s.visits(s.since)[0].ID, s.Requested()
	for _, lost := range []string{"AskAlong", "WhyNot", "Volunteer"} {
		s.Fail(func(call string) error {
			if call == lost {
				return aid.Errorf(aid.Unavailable, "lost")
			}
			return nil
		})
		_, err := s.u.Choices.AskAlong(t.Context(), s.since, visit)
		require.Equal(t, aid.Unavailable, aid.KindOf(err))
		s.Fail(nil)
		require.Equal(t, requests, s.Requested())
	}
	_, err := s.u.Choices.AskAlong(t.Context(), s.since, visit)
	require.NoError(t, err)
	require.Equal(t, aid.OverlapID(visit), s.visits(s.since)[0].Overlap, "so that it is called off with the visit")
}

// TestWhoDoesNotComeAlongIsNotAskedAgain, and whoever asks hears so.
func TestWhoDoesNotComeAlongIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	s := succeeded(t, "v-1", "v-2")
	visit := s.visits(s.since)[0].ID
	_, err := s.u.Choices.AskAlong(t.Context(), s.since, visit)
	require.NoError(t, err)
	_, err = s.u.Offers.Decline(t.Context(), s.before, s.overlap(visit).Offers[0].ID, aid.Refusal{Reason: "busy"})
	require.NoError(t, err)
	_, err = s.u.Choices.AskAlong(t.Context(), s.since, visit)
	require.Equal(t, aid.Conflict, aid.KindOf(err))
	require.Equal(t, aid.ReasonRequestEnded, aid.ReasonOf(err))
}

// TestCandidatesOfWhatAsksOneAlone are that one, and nobody who cannot be asked.
func TestCandidatesOfWhatAsksOneAlone(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u := w.UseCases()
	for id, only := range map[aid.RequestID]aid.VolunteerID{"ovl-1": "v-1", "ovl-2": "v-2"} {
		n := apptest.Need()
		n.OnlyAsks = only
		w.Seed(id, n, apptest.Nangang)
	}
	lists, err := u.Requests.Candidates(t.Context(), as(aid.RoleCaseworker), "ovl-1", 5)
	require.NoError(t, err)
	require.Equal(t, []app.Shortlist{{Candidates: []app.Candidate{{Volunteer: "v-1", Cost: aid.Cost{Distance: 200, SpareSkills: 250}}}}}, lists)
	lists, err = u.Requests.Candidates(t.Context(), as(aid.RoleCaseworker), "ovl-2", 5)
	require.NoError(t, err)
	require.Equal(t, []app.Shortlist{{}}, lists, "they live too far away")
}
