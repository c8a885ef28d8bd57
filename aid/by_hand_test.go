package aid_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

func TestWhoIsExcludedIsNotAsked(t *testing.T) {
	t.Parallel()
	p := aid.DefaultSearchPolicy()
	r := asked(t, 1000)
	r.TakeEvents()
	require.NoError(t, r.Exclude("v", "c", at(1)))
	require.Equal(t, aid.OfferRevoked, r.Offers[0].Status)
	require.Equal(t, "not_suitable", r.Offers[0].Reason, "who is taken back is not told why")
	require.Equal(t, aid.RequestOpen, r.Status)
	require.NoError(t, r.Exclude("v", "c", at(1)), "again is no error")
	require.Len(t, r.TakeEvents(), 2)
	again := aid.Pick{Offer: "o-2", Volunteer: "v"}
	require.Empty(t, r.MakeOffers("round", []aid.Pick{again}, p, at(1)))
	_, err := r.Assign(again, p, "c", at(1))
	require.Equal(t, aid.ReasonExcluded, aid.ReasonOf(err))

	require.NoError(t, r.Readmit("v", "c", at(2)))
	require.NoError(t, r.Readmit("v", "c", at(2)))
	require.Len(t, r.TakeEvents(), 1)
	require.Len(t, r.MakeOffers("round", []aid.Pick{again}, p, at(2)), 1)
	_, err = r.Accept("o-2", "v", "p", "v.v", at(2))
	require.NoError(t, err)
	require.Equal(t, aid.ReasonHoldsSeat, aid.ReasonOf(r.Exclude("v", "c", at(3))), "nobody is thrown out of a seat")
	require.NoError(t, r.Check())
}

func TestWhoeverIsAssignedMustAccept(t *testing.T) {
	t.Parallel()
	p := aid.DefaultSearchPolicy()
	r := asked(t, 1000)
	r.TakeEvents()
	k := aid.Pick{Offer: "o-2", Volunteer: "w", Cost: aid.Cost{Distance: 10}}
	o, err := r.Assign(k, p, "c", at(1))
	require.NoError(t, err)
	require.Equal(t, aid.OfferPending, o.Status)
	require.Equal(t, aid.ByHand, o.Round)
	require.Zero(t, r.Filled(), "beside the one who is being asked, and not paired yet")
	require.Equal(t, []aid.Event{{Kind: aid.EventOfferMade, At: at(1), Request: "r", Offer: "o-2", Volunteer: "w", Actor: "c"}}, r.TakeEvents())
	again, err := r.Assign(k, p, "c", at(1))
	require.NoError(t, err)
	require.Equal(t, o, again)
	require.Empty(t, r.TakeEvents())

	for name, c := range map[string]struct {
		pick aid.Pick
		want aid.Reason
	}{
		"asked already": {aid.Pick{Offer: "o-3", Volunteer: "w"}, aid.ReasonAlreadyAsked},
		"no such role":  {aid.Pick{Offer: "o-3", Volunteer: "x", Role: 1}, ""},
	} {
		_, err := r.Assign(c.pick, p, "c", at(1))
		require.Error(t, err, name)
		require.Equal(t, c.want, aid.ReasonOf(err), name)
	}
	_, err = r.Accept("o-2", "w", "p", "v.w", at(2))
	require.NoError(t, err)
	require.True(t, r.Offers[0].Filled())
	_, err = r.Assign(aid.Pick{Offer: "o-3", Volunteer: "x"}, p, "c", at(2))
	require.Equal(t, aid.ReasonSeatTaken, aid.ReasonOf(err))
	require.NoError(t, r.Cancel("mistake", "c", at(3)))
	_, err = r.Assign(aid.Pick{Offer: "o-3", Volunteer: "x"}, p, "c", at(3))
	require.Equal(t, aid.ReasonRequestEnded, aid.ReasonOf(err))
	require.Equal(t, aid.ReasonRequestEnded, aid.ReasonOf(r.Exclude("x", "c", at(3))))
	require.NoError(t, r.Check())
}

// TestWhoIsExcludedElsewhereCannotAccept: a request takes over whom its standing
// pairing excludes, also of those whom it is asking.
func TestWhoIsExcludedElsewhereCannotAccept(t *testing.T) {
	t.Parallel()
	s := tell(t, crew(1, aid.Routine, 1)).ask("ann")
	s.r.Excluded = []aid.VolunteerID{"ann"} // looked up with the request
	_, err := s.r.Accept(s.r.Offers[0].ID, "ann", "p", "", s.now)
	s.refused(err, aid.Conflict, aid.ReasonNotSuitable)
	s.r.TakeEvents()
	for range 2 {
		require.NoError(t, s.r.Exclude("ann", "c", s.now))
	}
	require.Equal(t, []aid.EventKind{aid.EventOfferRevoked}, s.events())
	require.Equal(t, []aid.VolunteerID{"ann"}, s.r.Excluded)
}
