package app_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/app/apptest"
)

// as calls as somebody of a role.
func as(role aid.Role) app.Caller { return app.Caller{Account: apptest.Account(role)} }

// withKey calls with an idempotency key.
func withKey(by app.Caller, key string) app.Caller {
	by.Key = key
	return by
}

// fields are those that an error names.
func fields(t *testing.T, err error) []string {
	t.Helper()
	e, ok := errors.AsType[*aid.Error](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, aid.Invalid, e.Kind)
	var out []string
	for _, p := range e.Problems {
		out = append(out, p.Field)
	}
	return out
}

func TestOpenGivesARequestOfTheBeneficiarysArea(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	r, err := w.UseCases().Requests.Open(t.Context(), as(aid.RoleCaseworker), apptest.Need())
	require.NoError(t, err)
	require.Equal(t, aid.RequestOpen, r.Status)
	require.Equal(t, apptest.Nangang, r.AreaPath)
	require.NotZero(t, r.Cell)
	kept, err := w.Request(t.Context(), r.ID)
	require.NoError(t, err)
	require.Equal(t, aid.AccountID("a-caseworker"), kept.OpenedBy)
}

func TestOpenNamesEveryFieldAtOnce(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	n := apptest.Need()
	n.Beneficiary, n.Location, n.MinPeople = "b-none", aid.Point{Lat: 126.6, Lng: 45.7}, 3
	n.Roles[0].Skills = []aid.Skill{"visit", "flying"}
	n.Roles[0].Courses = []aid.CourseID{"basics", "wizardry"}
	n.Window.EndsAt = n.Window.StartsAt.Add(-time.Hour)
	_, err := w.UseCases().Requests.Open(t.Context(), as(aid.RoleCaseworker), n)
	require.Empty(t, cmp.Diff([]string{
		"location.lat", "min_people", "window.ends_at", "beneficiary_id", "roles[0].skills[1]", "roles[0].courses[1]",
	}, fields(t, err)))
	require.ErrorContains(t, err, "swapped")
	require.Zero(t, w.Requested())
}

func TestHelpIsGivenWhereTheBeneficiaryCanBe(t *testing.T) {
	t.Parallel()
	u := apptest.New().UseCases().Requests
	n := apptest.Need()
	n.Location = aid.Point{}
	_, err := u.Open(t.Context(), as(aid.RoleCaseworker), n)
	require.Equal(t, []string{"location"}, fields(t, err))
	require.ErrorContains(t, err, "km from where the beneficiary lives")
}

func TestABeneficiaryOfAnotherAreaIsAsUnknownAsNone(t *testing.T) {
	t.Parallel()
	u := apptest.New().UseCases().Requests
	n := apptest.Need()
	n.Beneficiary = "b-far"
	_, far := u.Open(t.Context(), as(aid.RoleCaseworker), n)
	n.Beneficiary = "b-none"
	_, none := u.Open(t.Context(), as(aid.RoleCaseworker), n)
	require.Equal(t, []string{"beneficiary_id"}, fields(t, far))
	require.Equal(t, none, far)
}

func TestARepeatWithTheSameKeyIsTheSameRequest(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u := w.UseCases().Requests
	by := withKey(as(aid.RoleCaseworker), "k-1")
	first, err := u.Open(t.Context(), by, apptest.Need())
	require.NoError(t, err)
	w.Pass(time.Minute) // the process died before the answer was kept
	again, err := u.Open(t.Context(), by, apptest.Need())
	require.NoError(t, err)
	require.Equal(t, first.ID, again.ID)
	require.Equal(t, first.OpenedAt, again.OpenedAt)
	require.Equal(t, 1, w.Requested())

	for name, change := range map[string]func(*aid.Need){
		"place": func(n *aid.Need) { n.Location.Lat += 0.001 },
		"time":  func(n *aid.Need) { n.Window.EndsAt = n.Window.EndsAt.Add(time.Minute) },
		"people": func(n *aid.Need) {
			n.Roles = []aid.RequestRole{{Name: "companion", Skills: []aid.Skill{"visit"}, People: 3}}
		},
		"a role":   func(n *aid.Need) { n.Roles = append(n.Roles, aid.RequestRole{Name: "driver", People: 1}) },
		"category": func(n *aid.Need) { n.Category = "shopping" },
		"notes":    func(n *aid.Need) { n.Notes = "" },
	} {
		need := apptest.Need()
		change(&need)
		_, err = u.Open(t.Context(), by, need)
		require.Equal(t, aid.ReasonKeyReused, aid.ReasonOf(err), "another %s is another request, and must not be lost", name)
	}
	empty := apptest.Need()
	empty.Roles[0].Courses = []aid.CourseID{}
	empty.MinPeople = 1
	_, err = u.Open(t.Context(), by, empty)
	require.NoError(t, err, "nothing and an empty list are the same")

	other, err := u.Open(t.Context(), withKey(by, "k-2"), apptest.Need())
	require.NoError(t, err)
	require.NotEqual(t, first.ID, other.ID)
	colleague := as(aid.RoleCoordinator)
	third, err := u.Open(t.Context(), withKey(colleague, "k-1"), apptest.Need())
	require.NoError(t, err)
	require.NotEqual(t, first.ID, third.ID, "a key belongs to its account")
}

func TestRequestsOfOtherAreasDoNotExist(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	w.Seed("r-far", apptest.Need(), apptest.Daqing)
	w.Seed("r-1", apptest.Need(), apptest.Nangang)
	u, by := w.UseCases().Requests, as(aid.RoleCaseworker)
	for name, call := range map[string]func(aid.RequestID) error{
		"get": func(id aid.RequestID) error { _, err := u.Get(t.Context(), by, id); return err },
		"timeline": func(id aid.RequestID) error {
			_, err := u.Timeline(t.Context(), by, id, aid.Page{Limit: 9})
			return err
		},
		"candidates": func(id aid.RequestID) error { _, err := u.Candidates(t.Context(), by, id, 9); return err },
		"why not":    func(id aid.RequestID) error { _, err := u.WhyNot(t.Context(), by, id, "v-1"); return err },
		"cancel":     func(id aid.RequestID) error { _, err := u.Cancel(t.Context(), by, id, ""); return err },
		"close":      func(id aid.RequestID) error { _, err := u.Close(t.Context(), by, id); return err },
	} {
		far, none := call("r-far"), call("r-none")
		require.Equal(t, aid.NotFound, aid.KindOf(far), name)
		require.Equal(t, none, far, name)
	}
	page, err := u.List(t.Context(), by, app.RequestQuery{}, aid.Page{Limit: 9})
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	require.Equal(t, aid.RequestID("r-1"), page.Items[0].ID)
	require.Empty(t, w.Messages())
}

func TestWhyNotTellsOnlyOfVolunteersOneMayKnow(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	w.Seed("r-1", apptest.Need(), apptest.Nangang)
	u, by := w.UseCases().Requests, as(aid.RoleCaseworker)
	got, err := u.WhyNot(t.Context(), by, "r-1", "v-2")
	require.NoError(t, err)
	require.Equal(t, "too_far", got[0].Fails)
	_, err = u.WhyNot(t.Context(), by, "r-1", "v-far")
	require.Equal(t, aid.NotFound, aid.KindOf(err))

	v, err := w.Volunteer(t.Context(), "v-2")
	require.NoError(t, err)
	v.Active = false
	require.NoError(t, w.UpdateVolunteer(t.Context(), v))
	got, err = u.WhyNot(t.Context(), by, "r-1", "v-2")
	require.NoError(t, err)
	require.Equal(t, app.FailsInactive, got[0].Fails)
}

func TestEndingARequest(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u, by := w.UseCases().Requests, as(aid.RoleCaseworker)
	w.Seed("r-1", apptest.Need(), apptest.Nangang)

	_, err := u.Cancel(t.Context(), by, "r-1", "weather")
	require.Equal(t, []string{"reason"}, fields(t, err))
	_, err = u.Close(t.Context(), by, "r-1")
	require.Equal(t, aid.ReasonWrongTime, aid.ReasonOf(err), "nobody is paired yet")
	w.Offer("o-1", "r-1", "v-1")
	_, err = w.UseCases().Offers.Accept(t.Context(), as(aid.RoleVolunteer), "o-1")
	require.NoError(t, err)
	_, err = u.Close(t.Context(), by, "r-1")
	require.Equal(t, aid.ReasonWrongTime, aid.ReasonOf(err), "the help has not begun")
	w.Pass(apptest.Need().Window.StartsAt.Sub(w.Clock()))
	r, err := u.Close(t.Context(), by, "r-1")
	require.NoError(t, err, "a close that was refused is asked anew")
	require.Equal(t, aid.RequestCompleted, r.Status)
	_, err = u.Cancel(t.Context(), by, "r-1", "mistake")
	require.Equal(t, aid.ReasonRequestEnded, aid.ReasonOf(err))
}

func TestAStoreThatIsAwayChangesNothing(t *testing.T) {
	t.Parallel()
	for _, call := range []string{"Beneficiary", "Skills", "Courses", "OpenRequest"} {
		w := apptest.New()
		w.Fail(func(c string) error {
			if c == call {
				return aid.Errorf(aid.Unavailable, "away")
			}
			return nil
		})
		_, err := w.UseCases().Requests.Open(t.Context(), as(aid.RoleCaseworker), apptest.Need())
		require.Equal(t, aid.Unavailable, aid.KindOf(err), call)
		require.Zero(t, w.Requested())
	}
}

func TestATimeoutIsPassedOn(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := apptest.New().UseCases().Requests.Open(ctx, as(aid.RoleCaseworker), apptest.Need())
	require.ErrorIs(t, err, context.Canceled)
}
