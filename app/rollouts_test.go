package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/app/apptest"
	"github.com/linli/linli/training/rollout"
)

// overall is a coordinator who answers for the whole tree.
func overall(key string) app.Caller {
	by := withKey(as(aid.RoleCoordinator), key)
	by.Areas = []aid.AreaPath{"/hlj/"}
	return by
}

func years(name string) rollout.Source { return apptest.RolloutFile(name, "hlj.harbin") }

func TestARolloutIsOpenedByItsFile(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u := w.UseCases().Rollouts
	card, err := u.Open(t.Context(), overall("once"), years("Years"))
	require.NoError(t, err)
	require.Equal(t, "Years", card.Name)
	require.Equal(t, rollout.Planning, card.Status)
	require.Equal(t, years("Years"), card.Source)
	require.Len(t, card.Versions, 1)
	again, err := u.Open(t.Context(), overall("once"), years("Years"))
	require.NoError(t, err)
	require.Equal(t, card.ID, again.ID)
	page, err := u.List(t.Context(), as(aid.RoleTrainer), aid.Page{Limit: 10})
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	require.Empty(t, page.Items[0].Source)

	_, err = u.Open(t.Context(), as(aid.RoleCoordinator), years("Years"))
	require.Equal(t, aid.Forbidden, aid.KindOf(err), "who answers for a part of the tree alone")
	_, err = u.List(t.Context(), as(aid.RoleVolunteer), aid.Page{Limit: 10})
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
}

func TestAFileThatCannotBeIsRefusedWithItsPlace(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u := w.UseCases().Rollouts
	none := years("Years")
	none.Text = strings.Replace(none.Text, "deadline: 2027-12", "deadline: 2027-00", 1)
	for name, bad := range map[string]struct {
		source rollout.Source
		says   []string
	}{
		"an area that is not here": {apptest.RolloutFile("Years", "atlantis"), []string{"areas.csv: row 2: id", "atlantis"}},
		"a month":                  {none, []string{"line 11", "steps[0].deadline"}},
		"no file beside":           {rollout.Source{Text: years("Years").Text}, []string{"areas_csv", "areas.csv"}},
		"nothing":                  {rollout.Source{}, []string{"file"}},
	} {
		_, err := u.Open(t.Context(), overall(""), bad.source)
		require.Equal(t, aid.Invalid, aid.KindOf(err), name)
		for _, words := range bad.says {
			require.Contains(t, err.Error(), words, name)
		}
	}
	w.Pass(2 * 365 * 24 * time.Hour)
	_, err := u.Open(t.Context(), overall(""), years("Years"))
	require.ErrorContains(t, err, "is over")
}

func TestAnAmendmentIsOfTheVersionInForce(t *testing.T) {
	t.Parallel()
	u := apptest.New().UseCases().Rollouts
	card, err := u.Open(t.Context(), overall(""), years("Years"))
	require.NoError(t, err)
	for range 2 { // a repeat gets the same answer
		version, err := u.Amend(t.Context(), overall("a"), card.ID, 1, years("More years"))
		require.NoError(t, err)
		require.Equal(t, 2, version)
	}
	_, err = u.Amend(t.Context(), overall("b"), card.ID, 1, years("Other years"))
	require.Equal(t, aid.ReasonChangedMeanwhile, aid.ReasonOf(err))
	for _, base := range []int{0, 3} {
		_, err = u.Amend(t.Context(), overall("c"), card.ID, base, years("Other years"))
		require.Equal(t, []string{"version"}, fields(t, err))
	}
	card, err = u.Get(t.Context(), as(aid.RoleTrainer), card.ID)
	require.NoError(t, err)
	require.Equal(t, "More years", card.Name)
	require.Len(t, card.Versions, 2)
	_, err = u.Amend(t.Context(), as(aid.RoleTrainer), card.ID, 2, years("Other years"))
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
	_, err = u.Amend(t.Context(), overall("d"), "none", 2, years("Other years"))
	require.Equal(t, aid.NotFound, aid.KindOf(err))
}

func TestWhoLeavesTheirOfficeIsNotedByThoseOfTheirArea(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u := w.UseCases().Rollouts
	card, err := u.Open(t.Context(), overall(""), years("Years"))
	require.NoError(t, err)
	today := aid.DateOf(apptest.Now)
	require.NoError(t, u.NoteDeparture(t.Context(), as(aid.RoleTrainer), card.ID, "v-1", today))
	require.NoError(t, u.NoteDeparture(t.Context(), as(aid.RoleTrainer), card.ID, "v-1", aid.DateOf(apptest.Now.AddDate(0, 0, -9))))
	require.Equal(t, map[aid.VolunteerID]aid.Date{"v-1": today}, w.Departures(card.ID), "and stays as it was noted")

	require.Equal(t, []string{"left_on"}, fields(t, u.NoteDeparture(t.Context(), as(aid.RoleTrainer), card.ID, "v-2", aid.DateOf(apptest.Now.AddDate(0, 0, 2)))))
	far := u.NoteDeparture(t.Context(), as(aid.RoleTrainer), card.ID, "v-far", today)
	unknown := u.NoteDeparture(t.Context(), as(aid.RoleTrainer), card.ID, "v-none", today)
	require.Equal(t, aid.NotFound, aid.KindOf(far))
	require.Equal(t, unknown, far, "nobody learns who lives elsewhere")
	require.Equal(t, aid.Forbidden, aid.KindOf(u.NoteDeparture(t.Context(), as(aid.RoleVolunteer), card.ID, "v-1", today)))
	require.Equal(t, aid.NotFound, aid.KindOf(u.NoteDeparture(t.Context(), as(aid.RoleTrainer), "none", "v-1", today)))
}

func TestPlanAndProgressAreRead(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u := w.UseCases().Rollouts
	card, err := u.Open(t.Context(), overall(""), years("Years"))
	require.NoError(t, err)
	before, _, err := u.Plan(t.Context(), as(aid.RoleTrainer), card.ID, rollout.CalendarFilter{}, aid.Page{Limit: 5})
	require.NoError(t, err)
	require.Zero(t, before.No)

	month := rollout.NewMonth(2027, time.March)
	w.Plan(card.ID, rollout.KeptPlan{No: 1, Version: 1, Cohorts: []rollout.Planned{{No: 1, Step: "s", Area: "hlj.harbin", Month: month}}},
		rollout.Checkpoint{Month: month, Progress: []rollout.Progress{{Step: "s", People: 3}}}, nil)
	plan, cohorts, err := u.Plan(t.Context(), as(aid.RoleTrainer), card.ID, rollout.CalendarFilter{}, aid.Page{Limit: 5})
	require.NoError(t, err)
	require.Equal(t, 1, plan.No)
	require.Len(t, cohorts.Items, 1)
	_, cohorts, err = u.Plan(t.Context(), as(aid.RoleTrainer), card.ID, rollout.CalendarFilter{From: month + 1}, aid.Page{Limit: 5})
	require.NoError(t, err)
	require.Empty(t, cohorts.Items)
	progress, steps, err := u.Progress(t.Context(), as(aid.RoleCoordinator), card.ID)
	require.NoError(t, err)
	require.Len(t, steps, 1)
	require.Equal(t, 3, progress.Progress[0].People)

	for _, role := range []aid.Role{aid.RoleVolunteer, aid.RoleCaseworker} {
		_, _, err = u.Progress(t.Context(), as(role), card.ID)
		require.Equal(t, aid.Forbidden, aid.KindOf(err))
		_, _, err = u.Plan(t.Context(), as(role), card.ID, rollout.CalendarFilter{}, aid.Page{Limit: 5})
		require.Equal(t, aid.Forbidden, aid.KindOf(err))
	}
	_, _, err = u.Progress(t.Context(), as(aid.RoleCoordinator), "none")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
}
