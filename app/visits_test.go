package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/app/apptest"
	"github.com/linli/linli/merit"
)

// onTheDoorstep is a world in which the visit of v-1 begins now.
func onTheDoorstep(t *testing.T) (*apptest.World, aid.VisitID) {
	t.Helper()
	w := crew(t, 1)
	w.Pass(24 * time.Hour)
	return w, visitsOf(t, w, aid.RoleVolunteer)[0].ID
}

func visitsOf(t *testing.T, w *apptest.World, role aid.Role) []app.VisitCard {
	t.Helper()
	page, err := w.UseCases().Visits.List(t.Context(), as(role), app.VisitQuery{}, aid.Page{Limit: 9})
	require.NoError(t, err)
	return page.Items
}

func TestAVolunteerChecksInByPhoneAndTheNeighbourhoodAloneIsKept(t *testing.T) {
	t.Parallel()
	w, id := onTheDoorstep(t)
	u := w.UseCases().Visits
	elsewhere := aid.Point{Lat: apptest.Home.Lat + 0.1, Lng: apptest.Home.Lng}
	_, err := u.CheckIn(t.Context(), as(aid.RoleVolunteer), id, app.Proof{Position: &elsewhere})
	require.Equal(t, aid.ReasonWrongPlace, aid.ReasonOf(err))
	here := aid.Point{Lat: apptest.Home.Lat + 0.0001, Lng: apptest.Home.Lng}
	card, err := u.CheckIn(t.Context(), as(aid.RoleVolunteer), id, app.Proof{Position: &here})
	require.NoError(t, err)
	require.Equal(t, aid.VisitBegun, card.Status)
	require.Equal(t, aid.MeansPosition, card.In.Means)
	require.NotZero(t, card.In.Cell)
	require.Empty(t, card.Code)
}

func TestOnlyTheBeneficiarysSideKnowsTheCode(t *testing.T) {
	t.Parallel()
	w, id := onTheDoorstep(t)
	require.Empty(t, visitsOf(t, w, aid.RoleVolunteer)[0].Code)
	require.Equal(t, apptest.Code, visitsOf(t, w, aid.RoleCaseworker)[0].Code)
	require.Equal(t, apptest.Code, visitsOf(t, w, aid.RoleCoordinator)[0].Code)

	u := w.UseCases().Visits
	for range aid.MaxWrongCodes {
		_, err := u.CheckIn(t.Context(), as(aid.RoleVolunteer), id, app.Proof{Code: "000000"})
		require.Equal(t, aid.ReasonWrongCode, aid.ReasonOf(err))
	}
	_, err := u.CheckIn(t.Context(), as(aid.RoleVolunteer), id, app.Proof{Code: apptest.Code})
	require.Equal(t, aid.ReasonWrongCode, aid.ReasonOf(err), "wrong ones were counted")
}

func TestEvidenceFitsWhoGivesIt(t *testing.T) {
	t.Parallel()
	w, id := onTheDoorstep(t)
	u := w.UseCases().Visits
	here, nowhere := apptest.Home, aid.Point{Lat: 400}
	for name, test := range map[string]struct {
		role  aid.Role
		proof app.Proof
	}{
		"a volunteer with nothing":   {aid.RoleVolunteer, app.Proof{}},
		"a volunteer with both":      {aid.RoleVolunteer, app.Proof{Position: &here, Code: apptest.Code}},
		"a volunteer nowhere":        {aid.RoleVolunteer, app.Proof{Position: &nowhere}},
		"a caseworker with the code": {aid.RoleCaseworker, app.Proof{Code: apptest.Code}},
		"a coordinator with a place": {aid.RoleCoordinator, app.Proof{Position: &here}},
	} {
		_, err := u.CheckIn(t.Context(), as(test.role), id, test.proof)
		require.Equal(t, aid.Invalid, aid.KindOf(err), name)
	}
	for _, unknown := range []aid.VisitID{"vis-none", "p-o-1"} {
		_, err := u.CheckIn(t.Context(), as(aid.RoleVolunteer), unknown, app.Proof{Code: apptest.Code})
		require.Equal(t, aid.NotFound, aid.KindOf(err))
	}
}

func TestAVisitBecomesARecordThatItsVolunteerCanDispute(t *testing.T) {
	t.Parallel()
	w, id := onTheDoorstep(t)
	ctx := t.Context()
	u := w.UseCases()
	_, err := u.Visits.CheckIn(ctx, as(aid.RoleCaseworker), id, app.Proof{})
	require.NoError(t, err)
	w.Pass(time.Hour)
	_, err = u.Visits.CheckOut(ctx, as(aid.RoleVolunteer), id, app.Proof{Code: apptest.Code})
	require.NoError(t, err)
	_, err = u.Visits.Confirm(ctx, as(aid.RoleVolunteer), id)
	require.Equal(t, aid.NotFound, aid.KindOf(err), "nobody witnesses for themselves")

	records := func(standings ...merit.Standing) []merit.Record {
		page, err := u.Records.List(ctx, as(aid.RoleVolunteer), standings, aid.Page{Limit: 9})
		require.NoError(t, err)
		return page.Items
	}
	require.Equal(t, 60, records()[0].Minutes())
	require.Equal(t, merit.Beneficiary, records()[0].Grade)
	_, err = u.Visits.Confirm(ctx, as(aid.RoleCaseworker), id)
	require.NoError(t, err)
	require.Equal(t, merit.BothSides, records()[0].Grade)
	for _, role := range []aid.Role{aid.RoleVolunteer, aid.RoleCoordinator} {
		one, err := u.Records.Read(ctx, as(role), id)
		require.NoError(t, err)
		require.Equal(t, records()[0], one)
	}
	_, err = u.Records.Read(ctx, as(aid.RoleTrainer), id)
	require.Equal(t, aid.Forbidden, aid.KindOf(err))

	_, err = u.Records.Settle(ctx, as(aid.RoleCoordinator), id, merit.Struck)
	require.Equal(t, aid.ReasonWrongTime, aid.ReasonOf(err))
	_, err = u.Records.Dispute(ctx, as(aid.RoleCaseworker), id, "not_done")
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
	disputed, err := u.Records.Dispute(ctx, as(aid.RoleVolunteer), id, "wrong_time")
	require.NoError(t, err)
	require.Zero(t, disputed.Minutes())
	require.Len(t, records(merit.Disputed), 1)
	settled, err := u.Records.Settle(ctx, as(aid.RoleCoordinator), id, merit.Upheld)
	require.NoError(t, err)
	require.Equal(t, 60, settled.Minutes())
	_, err = u.Records.Dispute(ctx, as(aid.RoleVolunteer), "vis-none", "wrong_time")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
}

// TestTheLeadOfACrewSeesItAndVouchesForIt, and nobody else of it does.
func TestTheLeadOfACrewSeesItAndVouchesForIt(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	n := apptest.Need()
	n.Roles = []aid.RequestRole{{Name: "lead", People: 1, Lead: true}, {Name: "helper", People: 1}}
	n.MinPeople = 2
	w.Seed("r-1", n, apptest.Nangang)
	w.Seed("r-2", apptest.Need(), apptest.Nangang)
	w.OfferRole("o-1", "r-1", "v-1", 0)
	w.OfferRole("o-2", "r-1", "v-2", 1)
	u := w.UseCases()
	for role, offer := range map[aid.Role]aid.OfferID{aid.RoleVolunteer: "o-1", aid.RoleCoordinator: "o-2"} {
		_, err := u.Offers.Accept(t.Context(), as(role), offer)
		require.NoError(t, err)
	}
	w.Pass(24 * time.Hour)
	seen := func(by app.Caller, request aid.RequestID) []app.VisitCard {
		page, err := u.Visits.List(t.Context(), by, app.VisitQuery{Request: request}, aid.Page{Limit: 9})
		require.NoError(t, err)
		return page.Items
	}
	lead, other := as(aid.RoleVolunteer), as(aid.RoleVolunteer)
	other.ID, other.Volunteer = "v.v-2", "v-2"
	require.Len(t, seen(lead, ""), 1, "of all requests, one's own")
	require.Empty(t, seen(lead, "r-2"))
	require.Empty(t, seen(lead, "r-none"))
	require.Len(t, seen(other, "r-1"), 1)
	var theirs app.VisitCard
	for _, v := range seen(lead, "r-1") {
		require.Empty(t, v.Code)
		if v.Volunteer == "v-2" {
			theirs = v
		}
	}
	own := seen(lead, "")[0]
	for _, mark := range []func(context.Context, app.Caller, aid.VisitID, app.Proof) (app.VisitCard, error){u.Visits.CheckIn, u.Visits.CheckOut} {
		_, err := mark(t.Context(), lead, own.ID, app.Proof{Position: &apptest.Home})
		require.NoError(t, err)
		_, err = mark(t.Context(), lead, theirs.ID, app.Proof{Position: &apptest.Home})
		require.Equal(t, aid.NotFound, aid.KindOf(err), "the lead speaks afterwards only")
		_, err = mark(t.Context(), other, theirs.ID, app.Proof{Position: &apptest.Home})
		require.NoError(t, err)
		w.Pass(time.Hour)
	}
	_, err := u.Visits.Confirm(t.Context(), other, theirs.ID)
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	card, err := u.Visits.Confirm(t.Context(), lead, theirs.ID)
	require.NoError(t, err)
	require.NotZero(t, card.VouchedAt)
	require.Zero(t, card.ConfirmedAt)
}

// TestALeadIsNotToldWhyAnotherDoesNotCome: it can be their age, or a check that has
// lapsed.
func TestALeadIsNotToldWhyAnotherDoesNotCome(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	n := apptest.Need()
	n.Roles = []aid.RequestRole{{Name: "lead", People: 1, Lead: true}, {Name: "helper", People: 1}}
	n.MinPeople = 2
	w.Seed("r-1", n, apptest.Nangang)
	w.OfferRole("o-1", "r-1", "v-1", 0)
	w.OfferRole("o-2", "r-1", "v-2", 1)
	u := w.UseCases()
	for role, offer := range map[aid.Role]aid.OfferID{aid.RoleVolunteer: "o-1", aid.RoleCoordinator: "o-2"} {
		_, err := u.Offers.Accept(t.Context(), as(role), offer)
		require.NoError(t, err)
	}
	_, err := w.Change(t.Context(), "r-1", func(r *aid.HelpRequest, _ time.Time) error {
		for i := range r.Visits {
			r.Visits[i].Reason = aid.HandedOverCheck
		}
		return nil
	})
	require.NoError(t, err)
	reasons := func(by app.Caller) map[aid.VolunteerID]string {
		page, err := u.Visits.List(t.Context(), by, app.VisitQuery{Request: "r-1"}, aid.Page{Limit: 9})
		require.NoError(t, err)
		out := map[aid.VolunteerID]string{}
		for _, v := range page.Items {
			out[v.Volunteer] = v.Reason
		}
		return out
	}
	require.Equal(t, map[aid.VolunteerID]string{"v-1": "check", "v-2": ""}, reasons(as(aid.RoleVolunteer)))
	require.Equal(t, map[aid.VolunteerID]string{"v-1": "check", "v-2": "check"}, reasons(as(aid.RoleCaseworker)))
}

func TestAVisitIsReadByWhoeverItConcerns(t *testing.T) {
	t.Parallel()
	w, id := onTheDoorstep(t)
	u := w.UseCases().Visits
	for _, role := range []aid.Role{aid.RoleVolunteer, aid.RoleCaseworker} {
		card, err := u.Read(t.Context(), as(role), id)
		require.NoError(t, err)
		require.Equal(t, visitsOf(t, w, role)[0], card)
		require.Equal(t, aid.AreaID("hlj.harbin.nangang"), card.Area)
		require.Equal(t, aid.DefaultZone, card.Zone)
	}
	stranger := as(aid.RoleVolunteer)
	stranger.Volunteer = "v-far"
	_, err := u.Read(t.Context(), stranger, id)
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	_, err = u.Read(t.Context(), as(aid.RoleVolunteer), "vis-none")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
}
