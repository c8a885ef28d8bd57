package app_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app/apptest"
)

func TestACaseworkerChoosesWhomToAsk(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u := w.UseCases()
	w.Seed("r-1", apptest.Need(), apptest.Nangang)
	by := as(aid.RoleCaseworker)
	by.Key = "once"
	card, err := u.Choices.Assign(t.Context(), by, "r-1", 0, "v-1")
	require.NoError(t, err)
	require.Equal(t, aid.OfferPending, card.Status)
	again, err := u.Choices.Assign(t.Context(), by, "r-1", 0, "v-1")
	require.NoError(t, err)
	require.Equal(t, card.ID, again.ID, "the same call is the same offer")

	_, err = u.Choices.Assign(t.Context(), as(aid.RoleCaseworker), "r-1", 0, "v-1")
	require.Equal(t, aid.ReasonAlreadyAsked, aid.ReasonOf(err), "another call")
	_, err = u.Choices.Assign(t.Context(), as(aid.RoleCaseworker), "r-1", 0, "v-2")
	require.Equal(t, aid.ReasonNotEligible, aid.ReasonOf(err), "a hard rule holds whoever chooses")
	_, err = u.Choices.Assign(t.Context(), as(aid.RoleCaseworker), "r-1", 7, "v-1")
	require.Equal(t, aid.Invalid, aid.KindOf(err))
	_, err = u.Choices.Assign(t.Context(), as(aid.RoleVolunteer), "r-1", 0, "v-1")
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
	_, err = u.Choices.Assign(t.Context(), as(aid.RoleCaseworker), "r-1", 0, "v-none")
	require.Equal(t, aid.NotFound, aid.KindOf(err))

	r, err := u.Choices.Exclude(t.Context(), as(aid.RoleCaseworker), "r-1", "v-1")
	require.NoError(t, err)
	require.Equal(t, []aid.VolunteerID{"v-1"}, r.Excluded)
	verdicts, err := u.Requests.WhyNot(t.Context(), as(aid.RoleCaseworker), "r-1", "v-1")
	require.NoError(t, err)
	require.Equal(t, "excluded", verdicts[0].Fails)
	require.Nil(t, verdicts[0].Extra)
	_, err = u.Choices.Assign(t.Context(), as(aid.RoleCaseworker), "r-1", 0, "v-1")
	require.Equal(t, aid.ReasonExcluded, aid.ReasonOf(err))
	require.NoError(t, u.Choices.Readmit(t.Context(), as(aid.RoleCaseworker), "r-1", "v-1"))
	_, err = u.Choices.Assign(t.Context(), as(aid.RoleCaseworker), "r-1", 0, "v-1")
	require.NoError(t, err, "an offer that was taken back may be made again")

	_, err = u.Choices.Exclude(t.Context(), as(aid.RoleCaseworker), "r-none", "v-1")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
}

// substituted is a standing pairing with a request for a substitute, which asks the
// one who left the pairing, and one that has ended.
func substituted(t *testing.T) *succession {
	t.Helper()
	s := succeeded(t, "v-1", "v-2")
	visit := s.visits(s.since)[0]
	for _, id := range []aid.RequestID{"sub-1", "sub-ended"} {
		s.Seed(id, apptest.Need(), apptest.Nangang)
	}
	s.Offer("o-sub", "sub-1", "v-1")
	_, err := s.Change(t.Context(), "sub-ended", func(r *aid.HelpRequest, now time.Time) error { return r.Cancel("", "", now) })
	require.NoError(t, err)
	_, err = s.Change(t.Context(), s.request, func(r *aid.HelpRequest, _ time.Time) error {
		for i := range r.Visits {
			if r.Visits[i].ID == visit.ID {
				r.Visits[i].Substitute, r.Visits[i].Overlap = "sub-1", "sub-ended"
			}
		}
		return nil
	})
	require.NoError(t, err)
	return s
}

// TestExcludingFromAStandingPairingReachesItsSubstitutes, whom it may be asking.
func TestExcludingFromAStandingPairingReachesItsSubstitutes(t *testing.T) {
	t.Parallel()
	s := substituted(t)
	for range 2 { // again is no error
		_, err := s.u.Choices.Exclude(t.Context(), as(aid.RoleCaseworker), s.request, "v-1")
		require.NoError(t, err)
	}
	for _, id := range []aid.RequestID{s.request, "sub-1"} {
		r, err := s.Request(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, []aid.VolunteerID{"v-1"}, r.Excluded)
		require.Zero(t, r.Pending())
	}
}

// TestWhoStandsInIsNotExcludedBehindTheirBack: they may be on the way, and withdraw
// first, as from the pairing itself.
func TestWhoStandsInIsNotExcludedBehindTheirBack(t *testing.T) {
	t.Parallel()
	s := substituted(t)
	_, err := s.u.Offers.Accept(t.Context(), s.before, "o-sub")
	require.NoError(t, err)
	_, err = s.u.Choices.Exclude(t.Context(), as(aid.RoleCaseworker), s.request, "v-1")
	require.Equal(t, aid.ReasonHoldsSeat, aid.ReasonOf(err))
	s.Offer("o-also", "sub-1", "v-2")
	_, err = s.u.Choices.Exclude(t.Context(), as(aid.RoleCaseworker), s.request, "v-2")
	require.Equal(t, aid.ReasonHoldsSeat, aid.ReasonOf(err))
	sub, err := s.Request(t.Context(), "sub-1")
	require.NoError(t, err)
	require.Equal(t, 1, sub.Pending(), "whoever is of the pairing itself is asked still: nothing was changed")
	r, err := s.Request(t.Context(), s.request)
	require.NoError(t, err)
	require.Empty(t, r.Excluded)
}
