package app_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/app/apptest"
)

// told gives what the log says of b-1, oldest first, without times.
func told(t *testing.T, w *apptest.World) (all []aid.Disclosure) {
	t.Helper()
	page, err := w.UseCases().Beneficiaries.Disclosures(t.Context(), as(aid.RoleCaseworker), "b-1", aid.Page{Limit: 99})
	require.NoError(t, err)
	for _, d := range slices.Backward(page.Items) {
		require.NotZero(t, d.Seq)
		d.Seq, d.At = 0, time.Time{}
		all = append(all, d)
	}
	return all
}

func TestEveryReleaseIsLogged(t *testing.T) {
	t.Parallel()
	w := crew(t, 1)
	u := w.UseCases()
	area := func(by app.Caller, what aid.Disclosed, r aid.RequestID) aid.Disclosure {
		return aid.Disclosure{Beneficiary: "b-1", To: by.ID, What: what, Ground: aid.GroundArea, Request: r}
	}
	caseworker, coordinator, volunteer := as(aid.RoleCaseworker), as(aid.RoleCoordinator), as(aid.RoleVolunteer)
	service := aid.Disclosure{
		Beneficiary: "b-1", To: volunteer.ID, What: aid.DisclosedService, Ground: aid.GroundPairing, Request: "r-1", Pairing: "p-o-1",
	}
	ofPairing := area(coordinator, aid.DisclosedService, "r-1")
	ofPairing.Pairing = "p-o-1"
	for _, step := range []struct {
		name string
		do   func() error
		want []aid.Disclosure
	}{
		{"offers tell nothing", func() error {
			_, err := u.Offers.List(t.Context(), volunteer, app.OfferQuery{}, aid.Page{Limit: 9})
			return err
		}, nil},
		{"visits tell nothing", func() error {
			_, err := u.Visits.List(t.Context(), volunteer, app.VisitQuery{}, aid.Page{Limit: 9})
			return err
		}, nil},
		{"a volunteer's pairings", func() error {
			_, err := u.Pairings.List(t.Context(), volunteer, app.PairingQuery{}, aid.Page{Limit: 9})
			return err
		}, []aid.Disclosure{service}},
		{"an area's pairings", func() error {
			_, err := u.Pairings.List(t.Context(), coordinator, app.PairingQuery{}, aid.Page{Limit: 9})
			return err
		}, []aid.Disclosure{ofPairing}},
		{"a record", func() error { _, err := u.Beneficiaries.Get(t.Context(), caseworker, "b-1"); return err }, []aid.Disclosure{area(caseworker, aid.DisclosedRecord, "")}},
		{"records", func() error {
			_, err := u.Beneficiaries.List(t.Context(), coordinator, aid.Page{Limit: 9})
			return err
		}, []aid.Disclosure{area(coordinator, aid.DisclosedRecord, "")}},
		{"a request", func() error { _, err := u.Requests.Get(t.Context(), caseworker, "r-1"); return err }, []aid.Disclosure{area(caseworker, aid.DisclosedRequest, "r-1")}},
		{"requests", func() error {
			_, err := u.Requests.List(t.Context(), caseworker, app.RequestQuery{}, aid.Page{Limit: 9})
			return err
		}, []aid.Disclosure{area(caseworker, aid.DisclosedRequest, "r-1")}},
		{"what a withdrawal answers to a coordinator", func() error {
			_, err := u.Pairings.Withdraw(t.Context(), coordinator, "p-o-1", "unwell")
			return err
		}, []aid.Disclosure{ofPairing}},
		{"what an ending answers", func() error {
			_, err := u.Requests.Cancel(t.Context(), caseworker, "r-1", "")
			return err
		}, []aid.Disclosure{area(caseworker, aid.DisclosedRequest, "r-1")}},
		{"a pairing that has ended tells its volunteer nothing", func() error {
			_, err := u.Pairings.List(t.Context(), volunteer, app.PairingQuery{}, aid.Page{Limit: 9})
			return err
		}, nil},
	} {
		before := len(told(t, w))
		require.NoError(t, step.do(), step.name)
		require.Equal(t, step.want, append([]aid.Disclosure(nil), told(t, w)[before:]...), step.name)
	}
}

func TestWhatCannotBeLoggedIsNotTold(t *testing.T) {
	t.Parallel()
	w := crew(t, 1)
	u := w.UseCases()
	down := errors.New("the log is full")
	w.Fail(func(call string) error {
		if call == "Release" {
			return down
		}
		return nil
	})
	pairings, err := u.Pairings.List(t.Context(), as(aid.RoleVolunteer), app.PairingQuery{}, aid.Page{Limit: 9})
	require.ErrorIs(t, err, down)
	require.Empty(t, pairings.Items)
	people, err := u.Beneficiaries.List(t.Context(), as(aid.RoleCaseworker), aid.Page{Limit: 9})
	require.ErrorIs(t, err, down)
	require.Empty(t, people.Items)
	requests, err := u.Requests.List(t.Context(), as(aid.RoleCaseworker), app.RequestQuery{}, aid.Page{Limit: 9})
	require.ErrorIs(t, err, down)
	require.Empty(t, requests.Items)
	_, err = u.Requests.Get(t.Context(), as(aid.RoleCaseworker), "r-1")
	require.ErrorIs(t, err, down)
	_, err = u.Beneficiaries.Get(t.Context(), as(aid.RoleCaseworker), "b-1")
	require.ErrorIs(t, err, down)
	_, err = u.Choices.Exclude(t.Context(), as(aid.RoleCaseworker), "r-1", "v-2")
	require.ErrorIs(t, err, down)
}

func TestAPairingThatEndsMeanwhileTellsNothing(t *testing.T) {
	t.Parallel()
	w := crew(t, 1)
	w.Fail(func(call string) error {
		if call == "Release" { // the card was made from a request that has changed since
			w.Fail(nil)
			_, err := w.UseCases().Pairings.Withdraw(t.Context(), as(aid.RoleVolunteer), "p-o-1", "unwell")
			return err
		}
		return nil
	})
	mine := pairings(t, w, aid.RoleVolunteer)
	require.Len(t, mine, 1)
	require.Nil(t, mine[0].Service)
}

func TestWhoMustNotMeetSomebodyIsNotToldWhereTheyLive(t *testing.T) {
	t.Parallel()
	w := crew(t, 1)
	u := w.UseCases()
	require.NotNil(t, pairings(t, w, aid.RoleVolunteer)[0].Service)
	_, err := u.DoNotMatch.Enter(t.Context(), as(aid.RoleCoordinator), aid.DoNotMatch{
		Volunteer: "v-1", Beneficiary: "b-1", Kind: aid.ApartConcern, Reason: "he was violent",
	})
	require.NoError(t, err)
	require.Nil(t, pairings(t, w, aid.RoleVolunteer)[0].Service, "though the pairing stands until a coordinator decides")
}
