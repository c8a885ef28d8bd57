package app_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/app/apptest"
	"github.com/linli/linli/training/rollout"
)

// whole is a coordinator of the whole tree.
func whole() app.Caller {
	by := as(aid.RoleCoordinator)
	by.Areas = []aid.AreaPath{"/hlj/"}
	return by
}

func TestAreasAreMergedByWhoAnswersForTheWholeTree(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u := w.UseCases()
	ctx := t.Context()
	require.NoError(t, w.OpenRollout(ctx, rollout.Kept{ID: "p-1", Name: "Years", Source: apptest.RolloutFile("Years", "hlj.harbin"), OpenedBy: "a-coordinator", OpenedAt: apptest.Now}))
	other := whole()
	other.Areas = []aid.AreaPath{"/jl/", apptest.Harbin, apptest.Daqing}
	for _, c := range []struct {
		by         app.Caller
		area, into aid.AreaID
		reason     string
		kind       aid.Kind
		says       string
	}{
		{as(aid.RoleTrainer), "hlj.harbin", "hlj.daqing", "x", aid.Forbidden, "role"},
		{as(aid.RoleCoordinator), "hlj.harbin", "hlj.daqing", "x", aid.Forbidden, "area"},
		{other, "hlj.harbin", "hlj.daqing", "x", aid.Forbidden, "area"},
		{whole(), "hlj.harbin", "hlj.daqing", " ", aid.Invalid, "reason: must have 1 to"},
		{whole(), "hlj.harbin", "", "x", aid.Invalid, "into_id: must be the id"},
		{whole(), "hlj.harbin", "none", "x", aid.Invalid, "into_id: \"none\" is not"},
		{whole(), "none", "hlj.daqing", "x", aid.NotFound, "no such area"},
		{whole(), "hlj.harbin", "hlj.harbin", "x", aid.Invalid, "into_id: is the area itself"},
	} {
		_, err := u.AreaChanges.Merge(ctx, c.by, c.area, c.into, c.reason)
		require.Equal(t, c.kind, aid.KindOf(err), "%v", err)
		require.ErrorContains(t, err, c.says)
	}
	made, err := u.AreaChanges.Merge(ctx, whole(), "hlj.harbin", "hlj.daqing", "decree 7")
	require.NoError(t, err)
	require.Equal(t, []aid.RestatedRollout{{Rollout: "p-1", Version: 2}}, made.Rollouts)
	card, err := u.Rollouts.Get(ctx, whole(), "p-1")
	require.NoError(t, err)
	require.Equal(t, "decree 7", card.Versions[1].Reason)
	require.Contains(t, card.Source.Beside["areas.csv"], "hlj.daqing")
	_, err = u.AreaChanges.Merge(ctx, whole(), "hlj.harbin", "hlj.daqing", "decree 7")
	require.Equal(t, aid.Conflict, aid.KindOf(err))

	_, err = u.Rollouts.Open(ctx, whole(), apptest.RolloutFile("Again", "hlj.harbin"))
	require.ErrorContains(t, err, `"hlj.harbin" has been merged into "hlj.daqing"`, "a file that names the old id is told its successor")
	a, err := u.Territory.Area(ctx, as(aid.RoleVolunteer), "hlj.harbin")
	require.NoError(t, err)
	require.EqualValues(t, "hlj.daqing", a.ID)
	all, err := u.AreaChanges.List(ctx, as(aid.RoleTrainer), aid.Page{Limit: 9})
	require.NoError(t, err)
	require.Len(t, all.Items, 1)
	_, err = u.AreaChanges.List(ctx, as(aid.RoleVolunteer), aid.Page{Limit: 9})
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
}

func TestAnAreaIsSplitByWhoAnswersForTheWholeTree(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u := w.UseCases()
	ctx := t.Context()
	require.NoError(t, w.OpenRollout(ctx, rollout.Kept{ID: "p-1", Name: "Years", Source: apptest.RolloutFile("Years", "hlj.harbin"), OpenedBy: "a-coordinator", OpenedAt: apptest.Now}))
	s := app.AreaSplit{
		AreaSplit: aid.AreaSplit{New: aid.Area{ID: "new", NameEn: "New"}, Volunteers: []aid.VolunteerID{"v-1"}}, Seat: apptest.Home, Venue: 1, Lecturers: 2,
	}
	for _, role := range []aid.Role{aid.RoleTrainer, aid.RoleCoordinator} {
		_, err := u.AreaChanges.Split(ctx, as(role), "hlj.harbin", s, "decree 8")
		require.Equal(t, aid.Forbidden, aid.KindOf(err))
	}
	_, err := u.AreaChanges.Split(ctx, whole(), "none", s, "decree 8")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	_, err = u.AreaChanges.Split(ctx, whole(), "hlj.harbin", app.AreaSplit{Venue: -1, Seat: aid.Point{Lat: 99}}, "")
	for _, field := range []string{"reason", "id", "name_zh", "seat.lat", "venue_cohorts", "name what goes"} {
		require.ErrorContains(t, err, field)
	}
	made, err := u.AreaChanges.Split(ctx, whole(), "hlj.harbin", s, "decree 8")
	require.NoError(t, err)
	require.Equal(t, []aid.RestatedRollout{{Rollout: "p-1", Version: 2}}, made.Rollouts)
	card, err := u.Rollouts.Get(ctx, whole(), "p-1")
	require.NoError(t, err)
	require.Contains(t, card.Source.Beside["areas.csv"], "new,New,,county,,", "beside the other, of its tier")
}
