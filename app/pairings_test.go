package app_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/app/apptest"
)

// crew is a world in which v-1 has accepted; the request needs quorum people.
func crew(t *testing.T, quorum int) *apptest.World {
	t.Helper()
	w := apptest.New()
	n := apptest.Need()
	n.MinPeople = quorum
	w.Seed("r-1", n, apptest.Nangang)
	w.Offer("o-1", "r-1", "v-1")
	w.Offer("o-2", "r-1", "v-2")
	_, err := w.UseCases().Offers.Accept(t.Context(), as(aid.RoleVolunteer), "o-1")
	require.NoError(t, err)
	return w
}

func pairings(t *testing.T, w *apptest.World, role aid.Role) []app.PairingCard {
	t.Helper()
	page, err := w.UseCases().Pairings.List(t.Context(), as(role), app.PairingQuery{}, aid.Page{Limit: 9})
	require.NoError(t, err)
	return page.Items
}

func TestAVolunteerLearnsWhereAndWhomOnceConfirmed(t *testing.T) {
	t.Parallel()
	w := crew(t, 2)
	mine := pairings(t, w, aid.RoleVolunteer)
	require.Len(t, mine, 1)
	require.Equal(t, aid.PairingForming, mine[0].Status)
	require.Equal(t, apptest.Now.Add(20*time.Hour), mine[0].QuorumBy, "four hours before the window")
	require.Nil(t, mine[0].Service)
	require.NotEqual(t, apptest.Home, mine[0].Place)

	_, err := w.UseCases().Offers.Accept(t.Context(), as(aid.RoleCoordinator), "o-2")
	require.NoError(t, err)
	mine = pairings(t, w, aid.RoleVolunteer)
	require.Zero(t, mine[0].QuorumBy)
	require.Len(t, mine, 1, "not the other's")
	require.Equal(t, &app.Service{
		Location: apptest.Home, Name: "周桂兰", Phone: "10000000900", Address: "果戈里大街 1 号", Notes: "third floor, no lift",
	}, mine[0].Service)

	w.Pass(apptest.Need().Window.StartsAt.Sub(w.Clock()))
	_, err = w.UseCases().Requests.Close(t.Context(), as(aid.RoleCaseworker), "r-1")
	require.NoError(t, err)
	require.Nil(t, pairings(t, w, aid.RoleVolunteer)[0].Service, "what is over is nobody's to look up")
}

func TestThoseWhoLookAfterAnAreaSeeItsPairings(t *testing.T) {
	t.Parallel()
	w := crew(t, 2)
	for _, role := range []aid.Role{aid.RoleCaseworker, aid.RoleCoordinator} {
		all := pairings(t, w, role)
		require.Len(t, all, 1)
		require.NotNil(t, all[0].Service)
	}
	far := as(aid.RoleCaseworker)
	far.Areas = []aid.AreaPath{apptest.Daqing}
	page, err := w.UseCases().Pairings.List(t.Context(), far, app.PairingQuery{Request: "r-1"}, aid.Page{Limit: 9})
	require.NoError(t, err)
	require.Empty(t, page.Items)
	_, err = w.UseCases().Pairings.List(t.Context(), as(aid.RoleTrainer), app.PairingQuery{}, aid.Page{Limit: 9})
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
}

func TestWithdrawing(t *testing.T) {
	t.Parallel()
	w := crew(t, 1)
	_, err := w.UseCases().Offers.Accept(t.Context(), as(aid.RoleCoordinator), "o-2")
	require.NoError(t, err)
	u, v1 := w.UseCases().Pairings, as(aid.RoleVolunteer)

	_, none := u.Withdraw(t.Context(), v1, "p-none", "unwell")
	require.Equal(t, aid.NotFound, aid.KindOf(none))
	_, err = u.Withdraw(t.Context(), v1, "p-o-2", "unwell")
	require.Equal(t, none, err, "somebody else's")
	_, err = u.Withdraw(t.Context(), as(aid.RoleCaseworker), "p-o-1", "unwell")
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
	_, err = u.Withdraw(t.Context(), v1, "p-o-1", "weather")
	require.Equal(t, []string{"reason"}, fields(t, err))

	card, err := u.Withdraw(t.Context(), v1, "p-o-1", "unwell")
	require.NoError(t, err)
	require.Equal(t, aid.PairingWithdrawn, card.Status)
	require.Nil(t, card.Service)
}

// TestAKeyOfLongAgoIsNotTakenForThisCall: an answer is kept for a day, a process
// remembers for longer. A key that comes again for another thing means that one.
func TestAKeyOfLongAgoIsNotTakenForThisCall(t *testing.T) {
	t.Parallel()
	w := asked()
	by := withKey(as(aid.RoleCoordinator), "k")
	for _, id := range []aid.OfferID{"o-1", "o-2"} {
		card, err := w.UseCases().Offers.Accept(t.Context(), by, id)
		require.NoError(t, err)
		require.Equal(t, aid.OfferAccepted, card.Status, id)
	}
	for _, id := range []aid.PairingID{"p-o-1", "p-o-2"} {
		card, err := w.UseCases().Pairings.Withdraw(t.Context(), by, id, "unwell")
		require.NoError(t, err)
		require.Equal(t, aid.PairingWithdrawn, card.Status, id)
	}
	w.Seed("r-2", apptest.Need(), apptest.Nangang)
	for _, id := range []aid.RequestID{"r-1", "r-2"} {
		r, err := w.UseCases().Requests.Cancel(t.Context(), by, id, "")
		require.NoError(t, err)
		require.Equal(t, aid.RequestCancelled, r.Status, id)
	}
	_, err := w.UseCases().Requests.Close(t.Context(), by, "r-1")
	require.Equal(t, aid.ReasonRequestEnded, aid.ReasonOf(err), "nor for another thing to do")
}
