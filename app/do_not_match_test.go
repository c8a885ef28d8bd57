package app_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
)

func TestACoordinatorKeepsPeopleApart(t *testing.T) {
	t.Parallel()
	w := asked()
	u := w.UseCases()
	by := as(aid.RoleCoordinator)
	by.Key = "once"
	d, err := u.DoNotMatch.Enter(t.Context(), by, aid.DoNotMatch{Volunteer: "v-1", Beneficiary: "b-1", Kind: aid.ApartKin, Reason: "her nephew"})
	require.NoError(t, err)
	require.Equal(t, by.ID, d.EnteredBy)
	same, err := u.DoNotMatch.Enter(t.Context(), by, aid.DoNotMatch{Volunteer: "v-1", Beneficiary: "b-1", Kind: aid.ApartKin, Reason: "her nephew"})
	require.NoError(t, err)
	require.Equal(t, d, same)
	_, err = u.DoNotMatch.Enter(t.Context(), by, aid.DoNotMatch{Volunteer: "v-2", Beneficiary: "b-1", Kind: aid.ApartKin, Reason: "another"})
	require.Equal(t, aid.ReasonAlreadyExists, aid.ReasonOf(err))

	offers, err := u.Offers.List(t.Context(), as(aid.RoleVolunteer), app.OfferQuery{}, aid.Page{Limit: 9})
	require.NoError(t, err)
	require.Equal(t, aid.OfferRevoked, offers.Items[0].Status)
	require.Equal(t, "not_suitable", offers.Items[0].Reason, "and nothing of the reason")

	require.NoError(t, u.DoNotMatch.Lift(t.Context(), by, d.ID))
	page, err := u.DoNotMatch.List(t.Context(), by, aid.DoNotMatchFilter{}, aid.Page{Limit: 9})
	require.NoError(t, err)
	require.Empty(t, page.Items)
	page, err = u.DoNotMatch.List(t.Context(), by, aid.DoNotMatchFilter{Lifted: true}, aid.Page{Limit: 9})
	require.NoError(t, err)
	require.Equal(t, by.ID, page.Items[0].LiftedBy)
}

func TestKeepingApartIsForWhoAnswersForOneOfTheTwo(t *testing.T) {
	t.Parallel()
	u := asked().UseCases().DoNotMatch
	enter := func(v aid.VolunteerID, other aid.VolunteerID, b aid.BeneficiaryID) error {
		_, err := u.Enter(t.Context(), as(aid.RoleCoordinator), aid.DoNotMatch{Volunteer: v, Other: other, Beneficiary: b, Kind: aid.ApartConcern, Reason: "x"})
		return err
	}
	require.NoError(t, enter("v-far", "v-1", ""), "one of them lives here")
	require.NoError(t, enter("v-far", "", "b-1"))
	far := enter("v-far", "", "b-far")
	require.Equal(t, []string{"volunteer_id"}, fields(t, far))
	for _, unknown := range []error{enter("v-none", "", "b-far"), enter("v-far", "", "b-none"), enter("v-far", "v-none", ""), enter("v-none", "", "b-none")} {
		require.Equal(t, far, unknown, "nobody learns who there is elsewhere")
	}
	require.ErrorContains(t, enter("v-none", "", "b-1"), "volunteer_id")
	require.ErrorContains(t, enter("v-1", "v-none", ""), "other_volunteer_id")
	require.ErrorContains(t, enter("v-1", "", "b-none"), "beneficiary_id")
	for _, role := range []aid.Role{aid.RoleCaseworker, aid.RoleVolunteer, aid.RoleTrainer} {
		_, err := u.List(t.Context(), as(role), aid.DoNotMatchFilter{}, aid.Page{Limit: 9})
		require.Equal(t, aid.Forbidden, aid.KindOf(err))
	}
}
