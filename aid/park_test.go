package aid_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// TestEveryWordHasTheEffectThatTheInterfaceNames.
func TestEveryWordHasTheEffectThatTheInterfaceNames(t *testing.T) {
	t.Parallel()
	effects := map[string]aid.Park{
		"busy":            {Kind: aid.ParkBusy, Until: at(72)},
		"unwell":          {Kind: aid.ParkUnwell, Until: at(72)},
		"ask_later":       {Kind: aid.ParkAskLater, Until: at(24)},
		"too_far":         {Kind: aid.ParkTooFar, Category: "visit", Within: 2000},
		"not_comfortable": {Kind: aid.ParkNotComfortable, Category: "visit"},
		"not_my_skill":    {}, "unsafe": {}, "other": {},
	}
	require.Len(t, effects, len(aid.DeclineReasons))
	for _, word := range aid.DeclineReasons {
		r := asked(t, 2345)
		require.NoError(t, r.Decline("o", "v", aid.Refusal{Reason: word}, "v.v", at(0)))
		parks := r.TakeParks()
		if effects[word].Kind == "" {
			require.Empty(t, parks, word)
			continue
		}
		want := effects[word]
		want.Offer, want.Since = "o", at(0)
		require.Equal(t, []aid.Parked{{Volunteer: "v", Park: want}}, parks, word)
		require.NoError(t, r.Decline("o", "v", aid.Refusal{Reason: word}, "v.v", at(1)))
		require.Empty(t, r.TakeParks(), "saying it again puts nothing off anew")
	}
}

func at(hours int) time.Time { return opened.Add(time.Duration(hours) * time.Hour) }

var opened = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// asked is a request that asks v, who lives so many metres away.
func asked(t *testing.T, metres int64) *aid.HelpRequest {
	t.Helper()
	r, err := aid.OpenRequest("r", aid.Need{
		Beneficiary: "b", Category: "visit", Roles: []aid.RequestRole{{Name: "companion", People: 1}}, Urgency: aid.Routine,
		Window: aid.Window{StartsAt: at(48), EndsAt: at(50)},
	}, "c", aid.Area{ID: "hlj", Path: "/hlj/"}, 1, at(0))
	require.NoError(t, err)
	made := r.MakeOffers("round", []aid.Pick{{Offer: "o", Volunteer: "v", Cost: aid.Cost{Distance: metres}}}, aid.DefaultSearchPolicy(), at(0))
	require.Len(t, made, 1)
	r.Vetted = map[aid.VolunteerID]aid.Vetted{"v": {Active: true}, "w": {Active: true}}
	return r
}

func TestADateGoesWithWordsThatLast(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"busy", "unwell", "ask_later"} {
		r := asked(t, 1000)
		require.NoError(t, r.Decline("o", "v", aid.Refusal{Reason: word, Until: at(500)}, "v.v", at(0)))
		require.Equal(t, at(500), r.TakeParks()[0].Until, word)
	}
	for name, f := range map[string]aid.Refusal{
		"in the past":        {Reason: "busy", Until: at(0)},
		"too far ahead":      {Reason: "busy", Until: at(367 * 24)},
		"with another word":  {Reason: "too_far", Until: at(5)},
		"with no such a one": {Reason: "other", Until: at(5)},
	} {
		r := asked(t, 1000)
		require.Equal(t, []string{"until"}, fields(t, r.Decline("o", "v", f, "v.v", at(0))), name)
		require.Equal(t, aid.OfferPending, r.Offers[0].Status, "%s: what was refused changed nothing", name)
	}
}

func TestNextDoorIsNeverTooFar(t *testing.T) {
	t.Parallel()
	r := asked(t, 30)
	require.NoError(t, r.Decline("o", "v", aid.Refusal{Reason: "too_far"}, "v.v", at(0)))
	require.Equal(t, aid.LeastReach, r.TakeParks()[0].Within)
}

func TestOfTwoParksOneStays(t *testing.T) {
	t.Parallel()
	far := aid.Park{Kind: aid.ParkTooFar, Category: "visit", Within: 800}
	farther, elsewhere := far, far
	farther.Within, elsewhere.Category = 900, "shopping"
	list := aid.Parking(aid.Parking(nil, far), farther)
	require.Equal(t, []aid.Park{far}, list, "the shorter distance counts")
	require.Equal(t, []aid.Park{far, elsewhere}, aid.Parking(list, elsewhere))
	busy, sooner := aid.Park{Kind: aid.ParkBusy, Until: at(9)}, aid.Park{Kind: aid.ParkBusy, Until: at(5)}
	require.Equal(t, []aid.Park{sooner}, aid.Parking([]aid.Park{busy}, sooner), "what was said last counts")
	require.Equal(t, aid.ParkID("busy"), busy.ID())
	require.Equal(t, aid.ParkID("too_far.visit"), far.ID())
	require.True(t, busy.InForce(at(8)))
	require.False(t, busy.InForce(at(9)))
	require.True(t, far.InForce(at(9)))
}

// TestTooFarTellsNoMoreThanTheOfferDid: of two places that an offer shows as
// equally far, both lead to the same, and neither is offered again.
func TestTooFarTellsNoMoreThanTheOfferDid(t *testing.T) {
	t.Parallel()
	for metres, want := range map[int64]int{0: 100, 99: 100, 640: 100, 1000: 100, 1001: 1000, 1999: 1000, 2000: 1000, 2001: 2000} {
		r := asked(t, metres)
		require.NoError(t, r.Decline("o", "v", aid.Refusal{Reason: "too_far"}, "v.v", at(0)))
		parks := r.TakeParks()
		require.Equal(t, want, parks[0].Within, "%d m", metres)
		require.Equal(t, metres < 100, aid.Budget{Parks: []aid.Park{parks[0].Park}}.Takes("visit", metres), "%d m", metres)
	}
}
