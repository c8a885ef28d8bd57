package app_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/app/apptest"
)

func TestAVolunteerSaysHowMuchTheyAreAsked(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u := w.UseCases().Limits
	w.Seed("r-1", apptest.Need(), apptest.Nangang)
	w.Offer("o-1", "r-1", "v-1")
	defaults := aid.DefaultOfferLimits()
	card, err := u.Get(t.Context(), as(aid.RoleVolunteer), "v-1")
	require.NoError(t, err)
	require.Equal(t, app.LimitsCard{OfferLimits: defaults, Waiting: 1, ThisWeek: 1}, card)

	one, quiet := 1, aid.QuietHours{From: 60, To: 120}
	card, err = u.Change(t.Context(), as(aid.RoleVolunteer), "v-1", app.LimitsChange{OwnLimits: aid.OwnLimits{Weekly: &one, Quiet: &quiet}})
	require.NoError(t, err)
	require.Equal(t, apptest.Now.Add(aid.Week), card.RestsUntil)
	require.Equal(t, quiet, card.Quiet)
	require.Equal(t, defaults.Pending, card.Pending)

	two, many := 2, 1000
	card, err = u.Change(t.Context(), as(aid.RoleCoordinator), "v-1", app.LimitsChange{OwnLimits: aid.OwnLimits{Pending: &two}, Defaults: []app.LimitName{app.LimitWeekly}})
	require.NoError(t, err)
	require.Equal(t, aid.OwnLimits{Pending: &two, Quiet: &quiet}, card.Own)
	require.Zero(t, card.RestsUntil)

	_, err = u.Change(t.Context(), as(aid.RoleVolunteer), "v-1", app.LimitsChange{OwnLimits: aid.OwnLimits{Weekly: &many}})
	require.Equal(t, aid.Invalid, aid.KindOf(err))
	require.ErrorContains(t, err, "weekly: is 1000")
	w.Pass(8 * 24 * time.Hour)
	card, err = u.Get(t.Context(), as(aid.RoleVolunteer), "v-1")
	require.NoError(t, err)
	require.Zero(t, card.ThisWeek, "a week later")
	require.Equal(t, 2, card.Pending, "what was refused changed nothing")

	_, err = u.Get(t.Context(), as(aid.RoleVolunteer), "v-2")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	_, err = u.Change(t.Context(), as(aid.RoleCaseworker), "v-1", app.LimitsChange{})
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
}

func TestWhatWasPutOffIsListedAndLifted(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u := w.UseCases()
	w.Seed("r-1", apptest.Need(), apptest.Nangang)
	w.Offer("o-1", "r-1", "v-1")
	_, err := u.Offers.Decline(t.Context(), as(aid.RoleVolunteer), "o-1", aid.Refusal{Reason: "busy", Until: apptest.Now.Add(time.Hour)})
	require.NoError(t, err)
	parks, err := u.Limits.Parks(t.Context(), as(aid.RoleCoordinator), "v-1")
	require.NoError(t, err)
	require.Equal(t, []aid.Park{{Kind: aid.ParkBusy, Until: apptest.Now.Add(time.Hour), Offer: "o-1", Since: apptest.Now}}, parks)

	_, err = u.Limits.Parks(t.Context(), as(aid.RoleVolunteer), "v-2")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	require.Equal(t, aid.Forbidden, aid.KindOf(u.Limits.Lift(t.Context(), as(aid.RoleCaseworker), "v-1", "busy")))
	require.Equal(t, aid.NotFound, aid.KindOf(u.Limits.Lift(t.Context(), as(aid.RoleVolunteer), "v-1", "unwell")))

	w.Pass(2 * time.Hour)
	parks, err = u.Limits.Parks(t.Context(), as(aid.RoleVolunteer), "v-1")
	require.NoError(t, err)
	require.Empty(t, parks, "it has ended by itself")
	require.NoError(t, u.Limits.Lift(t.Context(), as(aid.RoleVolunteer), "v-1", "busy"))
}
