package app_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/app/apptest"
	"github.com/linli/linli/matching/grid"
)

// asked is a world in which v-1 and v-2 are asked for r-1.
func asked() *apptest.World {
	w := apptest.New()
	w.Seed("r-1", apptest.Need(), apptest.Nangang)
	w.Offer("o-1", "r-1", "v-1")
	w.Offer("o-2", "r-1", "v-2")
	return w
}

func TestAVolunteerSeesTheirOwnOffersAndNoExactPlace(t *testing.T) {
	t.Parallel()
	u := asked().UseCases().Offers
	page, err := u.List(t.Context(), as(aid.RoleVolunteer), app.OfferQuery{}, aid.Page{Limit: 9})
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	card := page.Items[0]
	require.Equal(t, aid.OfferID("o-1"), card.ID)
	require.NotEqual(t, apptest.Home, card.Place)
	require.Less(t, apptest.Home.Distance(card.Place), 2500.0, "but the same quarter")
	require.EqualValues(t, 2000, card.Distance, "1234 m, coarsened")
}

func TestAnOfferDoesNotTellWhichNeighbourhood(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	cells, places := map[aid.Cell]bool{}, map[aid.Point]bool{}
	for i, north := range []float64{0, 0.006} {
		n, id := apptest.Need(), fmt.Sprint(i)
		n.Location.Lat += north
		n.Window.StartsAt, n.Window.EndsAt = n.Window.StartsAt.AddDate(0, 0, i), n.Window.EndsAt.AddDate(0, 0, i)
		w.Seed(aid.RequestID("r-"+id), n, apptest.Nangang)
		w.Offer(aid.OfferID("o-"+id), aid.RequestID("r-"+id), "v-1")
		cell, err := grid.CellOf(n.Location, grid.Home)
		require.NoError(t, err)
		cells[cell] = true
	}
	page, err := w.UseCases().Offers.List(t.Context(), as(aid.RoleVolunteer), app.OfferQuery{}, aid.Page{Limit: 9})
	require.NoError(t, err)
	for _, card := range page.Items {
		places[card.Place] = true
	}
	require.Len(t, cells, 2)
	require.Len(t, places, 1)
}

func TestOffersOfARequestAreForThoseWhoLookAfterIt(t *testing.T) {
	t.Parallel()
	w := asked()
	w.Seed("r-far", apptest.Need(), apptest.Daqing)
	u := w.UseCases().Offers
	for _, role := range []aid.Role{aid.RoleCaseworker, aid.RoleCoordinator} {
		first, err := u.List(t.Context(), as(role), app.OfferQuery{Request: "r-1"}, aid.Page{Limit: 1})
		require.NoError(t, err)
		require.Equal(t, aid.OfferID("o-2"), first.Items[0].ID, "newest first")
		second, err := u.List(t.Context(), as(role), app.OfferQuery{Request: "r-1"}, aid.Page{Limit: 1, After: first.Next})
		require.NoError(t, err)
		require.Equal(t, aid.OfferID("o-1"), second.Items[0].ID)
		require.Empty(t, second.Next)
		none, err := u.List(t.Context(), as(role), app.OfferQuery{Request: "r-1", Statuses: []aid.OfferStatus{aid.OfferExpired}}, aid.Page{Limit: 1})
		require.NoError(t, err)
		require.Empty(t, none.Items)
		_, err = u.List(t.Context(), as(role), app.OfferQuery{Request: "r-1"}, aid.Page{Limit: 1, After: "o-77"})
		require.Equal(t, []string{"cursor"}, fields(t, err))
		_, err = u.List(t.Context(), as(role), app.OfferQuery{}, aid.Page{Limit: 1})
		require.Equal(t, []string{"help_request_id"}, fields(t, err))
		_, err = u.List(t.Context(), as(role), app.OfferQuery{Request: "r-far"}, aid.Page{Limit: 1})
		require.Equal(t, aid.NotFound, aid.KindOf(err))
	}
	_, err := u.List(t.Context(), as(aid.RoleVolunteer), app.OfferQuery{Request: "r-1"}, aid.Page{Limit: 1})
	require.Equal(t, []string{"help_request_id"}, fields(t, err))
}

func TestAccepting(t *testing.T) {
	t.Parallel()
	w := asked()
	u, v1 := w.UseCases().Offers, as(aid.RoleVolunteer)
	card, err := u.Accept(t.Context(), v1, "o-1")
	require.NoError(t, err)
	require.Equal(t, aid.OfferAccepted, card.Status)
	require.Equal(t, aid.PairingID("p-o-1"), card.Pairing.ID)
	require.Equal(t, aid.PairingConfirmed, card.Pairing.Status)

	again, err := u.Accept(t.Context(), v1, "o-1")
	require.NoError(t, err)
	require.Equal(t, card, again, "accepting twice is accepting once")
	require.Equal(t, []string{"o-1/accept", "o-1/accept"}, w.Messages())

	by := withKey(as(aid.RoleCoordinator), "k")
	card, err = u.Accept(t.Context(), by, "o-2")
	require.NoError(t, err, "a coordinator may record a yes from the telephone")
	require.Equal(t, aid.VolunteerID("v-2"), card.Volunteer)
	require.NotContains(t, w.Messages()[2], "o-2", "with a key, the key names the message")
}

func TestSomebodyElsesOfferDoesNotExist(t *testing.T) {
	t.Parallel()
	w := asked()
	w.Seed("r-far", apptest.Need(), apptest.Daqing)
	w.Offer("o-far", "r-far", "v-far")
	u := w.UseCases().Offers
	_, none := u.Accept(t.Context(), as(aid.RoleVolunteer), "o-none")
	require.Equal(t, aid.NotFound, aid.KindOf(none))
	for role, id := range map[aid.Role]aid.OfferID{aid.RoleVolunteer: "o-2", aid.RoleCoordinator: "o-far"} {
		_, err := u.Accept(t.Context(), as(role), id)
		require.Equal(t, none, err)
		_, err = u.Decline(t.Context(), as(role), id, aid.Refusal{Reason: "busy"})
		require.Equal(t, none, err)
	}
	for _, role := range []aid.Role{aid.RoleCaseworker, aid.RoleTrainer} {
		_, err := u.Accept(t.Context(), as(role), "o-1")
		require.Equal(t, aid.Forbidden, aid.KindOf(err))
	}
	require.Empty(t, w.Messages())
}

func TestAnsweringTooLateSaysWhy(t *testing.T) {
	t.Parallel()
	w := asked()
	u := w.UseCases().Offers
	_, err := u.Decline(t.Context(), as(aid.RoleVolunteer), "o-1", aid.Refusal{Reason: "weather"})
	require.Equal(t, []string{"reason"}, fields(t, err))
	card, err := u.Decline(t.Context(), as(aid.RoleVolunteer), "o-1", aid.Refusal{Reason: "busy"})
	require.NoError(t, err)
	require.Equal(t, aid.OfferDeclined, card.Status)
	_, err = u.Accept(t.Context(), as(aid.RoleVolunteer), "o-1")
	require.Equal(t, aid.ReasonOfferEnded, aid.ReasonOf(err))
	w.Pass(5 * time.Hour)
	_, err = u.Accept(t.Context(), as(aid.RoleCoordinator), "o-2")
	require.Equal(t, aid.ReasonOfferExpired, aid.ReasonOf(err))
}

// TestBeingSlowerIsNoError: also once the help request has ended.
func TestBeingSlowerIsNoError(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u := w.UseCases()
	n := apptest.Need()
	n.Roles[0].People = 1
	w.Seed("r-1", n, apptest.Nangang)
	w.Offer("o-1", "r-1", "v-1")
	w.Offer("o-2", "r-1", "v-2")
	_, err := u.Offers.Accept(t.Context(), as(aid.RoleCoordinator), "o-2")
	require.NoError(t, err)
	slower := func() {
		t.Helper()
		for _, answer := range []func() (app.OfferCard, error){
			func() (app.OfferCard, error) { return u.Offers.Accept(t.Context(), as(aid.RoleVolunteer), "o-1") },
			func() (app.OfferCard, error) {
				return u.Offers.Decline(t.Context(), as(aid.RoleVolunteer), "o-1", aid.Refusal{Reason: "busy"})
			},
		} {
			card, err := answer()
			require.NoError(t, err)
			require.Equal(t, aid.OfferRevoked, card.Status)
			require.Equal(t, "seat_taken", card.Reason)
			require.Nil(t, card.Pairing)
		}
	}
	slower()
	_, err = u.Requests.Cancel(t.Context(), as(aid.RoleCaseworker), "r-1", "mistake")
	require.NoError(t, err)
	slower()
	parks, err := u.Limits.Parks(t.Context(), as(aid.RoleVolunteer), "v-1")
	require.NoError(t, err)
	require.Empty(t, parks, "there was nothing to decline any more")
}

// TestABadAnswerCanBeMended: what was refused once does not stand for what is right.
func TestABadAnswerCanBeMended(t *testing.T) {
	t.Parallel()
	w := asked()
	u := w.UseCases().Offers
	bad := aid.Refusal{Reason: "busy", Until: apptest.Now.Add(-time.Hour)}
	for range 2 {
		_, err := u.Decline(t.Context(), as(aid.RoleVolunteer), "o-1", bad)
		require.Equal(t, []string{"until"}, fields(t, err))
	}
	card, err := u.Decline(t.Context(), as(aid.RoleVolunteer), "o-1", aid.Refusal{Reason: "busy"})
	require.NoError(t, err)
	require.Equal(t, aid.OfferDeclined, card.Status)
}
