package activities_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// The store in memory holds to the risk class as the database does: when offers
// are made, and again when they are accepted.
func TestTheRiskClassDecidesAtTheOfferAndAtTheAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	known := aid.Volunteer{
		ID: "v-known", Home: aid.Point{Lat: 45.75, Lng: 126.65}, Capacity: 2, MaxDistance: 20_000, Active: true,
		Vetting: aid.Vetting{CheckedOn: aid.DateOf(noon), BirthDate: aid.Date{Year: 1980, Month: 1, Day: 1}},
	}
	w.store.AddVolunteer(known)
	r, err := aid.OpenRequest("r-9", aid.Need{
		Beneficiary: "b-1", Location: known.Home, Category: "bathing", Urgency: aid.Routine, MinPeople: 2,
		Roles: []aid.RequestRole{{Name: "helper", People: 3}}, Risk: aid.Risk{Class: "high", CheckMonths: 12, TwoDeep: true},
		Window: aid.Window{StartsAt: noon.Add(90 * time.Hour), EndsAt: noon.Add(92 * time.Hour)},
	}, "caseworker", aid.Area{ID: "hlj", Path: "/hlj/"}, 1, noon)
	require.NoError(t, err)
	w.store.Add(r, shard)
	picks := []aid.Pick{{Offer: "o-1", Volunteer: "v-1"}, {Offer: "o-stranger", Volunteer: "v-stranger"}, {Offer: "o-known", Volunteer: "v-known"}}
	made, refused, err := w.store.MakeOffers(t.Context(), "round", "r-9", picks, policy())
	require.NoError(t, err)
	require.Equal(t, []aid.VolunteerID{"v-1", "v-stranger"}, refused)
	require.Len(t, made, 1)

	answer := contract.AnswerOffer{Request: "r-9", Offer: "o-known", Volunteer: "v-known", Pairing: "p-known"}
	lost := known
	lost.Vetting.CheckedOn = aid.Date{}
	w.store.AddVolunteer(lost)
	_, err = w.run(contract.ActivityAcceptOffer, answer)
	require.ErrorContains(t, err, "background check")
	require.Empty(t, w.request(t, "r-9").Pairings)
	w.store.AddVolunteer(known)
	_, err = w.run(contract.ActivityAcceptOffer, answer)
	require.NoError(t, err)
	require.Equal(t, aid.PairingForming, w.request(t, "r-9").Pairings[0].Status)
	require.NoError(t, w.store.Check())
}
