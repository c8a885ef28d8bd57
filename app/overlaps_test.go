package app_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/app/apptest"
)

// TestWhoComesNowAsksWhoCameBefore along to a visit, which they see once it is agreed.
func TestWhoComesNowAsksWhoCameBefore(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u := w.UseCases()
	n := apptest.Need()
	n.Roles[0].People, n.MinPeople, n.Window = 1, 1, aid.Window{}
	n.Cadence = &aid.Cadence{Rule: "FREQ=DAILY", First: apptest.Now.Add(48 * time.Hour).Truncate(time.Second), Minutes: 60, Zone: "Asia/Shanghai"}
	r, err := u.Requests.Open(t.Context(), as(aid.RoleCaseworker), n)
	require.NoError(t, err)
	one, two := as(aid.RoleVolunteer), as(aid.RoleVolunteer)
	two.ID, two.Volunteer = "v.v-2", "v-2"
	accept := func(by app.Caller, id aid.OfferID) *aid.Pairing {
		w.Offer(id, r.ID, by.Volunteer)
		card, err := u.Offers.Accept(t.Context(), by, id)
		require.NoError(t, err)
		return card.Pairing
	}
	visits := func(by app.Caller) []app.VisitCard {
		page, err := u.Visits.List(t.Context(), by, app.VisitQuery{Statuses: []aid.VisitStatus{aid.VisitPlanned}}, aid.Page{Limit: 50})
		require.NoError(t, err)
		return page.Items
	}
	first := accept(one, "o-one")
	_, err = u.Choices.AskAlong(t.Context(), one, visits(one)[0].ID)
	require.Equal(t, aid.ReasonNotEligible, aid.ReasonOf(err), "nobody came before")
	_, err = u.Pairings.Withdraw(t.Context(), one, first.ID, "moved")
	require.NoError(t, err)
	accept(two, "o-two")
	visit := visits(two)[0].ID

	_, err = u.Choices.AskAlong(t.Context(), one, visit)
	require.Equal(t, aid.NotFound, aid.KindOf(err), "it is not theirs any more")
	_, err = u.Choices.AskAlong(t.Context(), as(aid.RoleTrainer), visit)
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
	for range 2 { // again asks nobody anew
		card, err := u.Choices.AskAlong(t.Context(), two, visit)
		require.NoError(t, err)
		require.Equal(t, aid.OverlapID(visit), card.Overlap)
	}
	overlap, err := w.Request(t.Context(), aid.OverlapID(visit))
	require.NoError(t, err)
	require.Len(t, overlap.Offers, 1)
	require.Equal(t, aid.VolunteerID("v-1"), overlap.Offers[0].Volunteer)
	together := func() bool {
		for _, v := range visits(two) {
			if v.ID == visit {
				return v.Together
			}
		}
		return false
	}
	require.False(t, together())
	_, err = u.Offers.Accept(t.Context(), one, overlap.Offers[0].ID)
	require.NoError(t, err)
	require.True(t, together())
}
