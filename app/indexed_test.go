package app_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/app/apptest"
	"github.com/linli/linli/matching/index"
)

// weigher knows the extra costs of some volunteers.
type weigher map[aid.VolunteerID]int64

func (w weigher) ExtraCost(_ context.Context, _ *aid.HelpRequest, _ int, v aid.VolunteerID) (int64, bool, error) {
	if v == "v-asked" || v == "v-unskilled" {
		return 0, false, errors.New("somebody who fails a rule is not weighed")
	}
	extra, known := w[v]
	return extra, known, nil
}

func TestTheMatcherRanksAndExplains(t *testing.T) {
	t.Parallel()
	x := index.New()
	rested := apptest.Now.Add(20 * time.Minute)
	for i, id := range []aid.VolunteerID{"v-near", "v-middle", "v-asked", "v-unskilled", "v-resting"} {
		v := volunteer()
		v.ID, v.Home.Lat, v.Skills = id, v.Home.Lat+0.001*float64(i), []aid.Skill{"visit"}
		if id == "v-unskilled" {
			v.Skills = nil
		}
		c := aid.Candidate{Volunteer: v}
		if id == "v-resting" {
			c.Budget.Parks = []aid.Park{{Kind: aid.ParkBusy, Until: rested}}
		}
		require.NoError(t, x.Upsert(index.Of(c, aid.DefaultOfferLimits())))
	}
	r, err := aid.OpenRequest("r-1", apptest.Need(), "a-1", aid.Area{ID: "hlj", Path: "/hlj/"}, 1, apptest.Now)
	require.NoError(t, err)
	r.MakeOffers("round-1", []aid.Pick{{Offer: "o-1", Volunteer: "v-asked"}}, aid.DefaultSearchPolicy(), apptest.Now)

	loaded := false
	m := app.Indexed{Index: x, Weigher: weigher{"v-near": 700}, Loaded: func() bool { return loaded }, Now: func() time.Time { return apptest.Now }}
	_, err = m.Candidates(t.Context(), r, 5)
	require.Equal(t, aid.Unavailable, aid.KindOf(err), "an empty index must not say that there is nobody")
	_, err = m.WhyNot(t.Context(), r, "v-near")
	require.Equal(t, aid.Unavailable, aid.KindOf(err))

	loaded = true
	lists, err := m.Candidates(t.Context(), r, 1)
	require.NoError(t, err)
	require.Len(t, lists, 1)
	require.Len(t, lists[0].Candidates, 1)
	require.Equal(t, aid.VolunteerID("v-near"), lists[0].Candidates[0].Volunteer)
	require.Equal(t, aid.ReasonCounts{Skill: 1, Asked: 1, Resting: 1}, lists[0].Reasons)
	require.Len(t, lists[0].Almost, 3)
	require.Equal(t, app.Miss{Volunteer: "v-unskilled", Fails: "skill", Distance: lists[0].Almost[0].Distance}, lists[0].Almost[0])
	require.Equal(t, "already_asked", lists[0].Almost[1].Fails)
	require.Greater(t, lists[0].Almost[0].Distance, lists[0].Almost[1].Distance, "v-unskilled lives farther away")
	extra := map[aid.VolunteerID]*int64{"v-near": new(int64(700))}
	until := map[aid.VolunteerID]time.Time{"v-resting": rested}
	for id, fails := range map[aid.VolunteerID]string{"v-near": "", "v-middle": "", "v-asked": "already_asked", "v-unskilled": "skill", "v-resting": "resting"} {
		verdicts, err := m.WhyNot(t.Context(), r, id)
		require.NoError(t, err)
		require.Equal(t, fails, verdicts[0].Fails, id)
		require.Equal(t, extra[id], verdicts[0].Extra, id)
		require.Equal(t, until[id], verdicts[0].Until, id)
	}
	r.Apart = []aid.Separation{{Volunteer: "v-near"}}
	verdicts, err := m.WhyNot(t.Context(), r, "v-near")
	require.NoError(t, err)
	require.Equal(t, "not_suitable", verdicts[0].Fails)
	lists, err = m.Candidates(t.Context(), r, 1)
	require.NoError(t, err)
	require.Equal(t, aid.VolunteerID("v-middle"), lists[0].Candidates[0].Volunteer)
	require.Equal(t, aid.ReasonCounts{Skill: 1, Asked: 1, Unsuited: 1, Resting: 1}, lists[0].Reasons)
	_, err = m.WhyNot(t.Context(), r, "v-none")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
}

// rests is a matcher for which everybody rests until an instant.
type rests struct {
	app.Matcher
	until time.Time
}

func (m rests) WhyNot(context.Context, *aid.HelpRequest, aid.VolunteerID) ([]app.Verdict, error) {
	return []app.Verdict{{Fails: "resting", Until: m.until}}, nil
}

// TestTheEndOfARestIsToldToTheQuarterHour: a cool-down's own would tell the second
// in which somebody declined elsewhere.
func TestTheEndOfARestIsToldToTheQuarterHour(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	w.Seed("r-1", apptest.Need(), apptest.Nangang)
	u := w.UseCases().Requests
	for until, want := range map[time.Time]time.Time{
		{}:                                {},
		apptest.Now.Add(time.Second):      apptest.Now.Add(15 * time.Minute),
		apptest.Now.Add(15 * time.Minute): apptest.Now.Add(15 * time.Minute),
		apptest.Now.Add(44 * time.Minute): apptest.Now.Add(45 * time.Minute),
	} {
		u.Matcher = rests{until: until}
		verdicts, err := u.WhyNot(t.Context(), as(aid.RoleCaseworker), "r-1", "v-2")
		require.NoError(t, err)
		require.Equal(t, want, verdicts[0].Until)
	}
	_, err := w.ChangeAndTell(t.Context(), "r-1", func(r *aid.HelpRequest, now time.Time) error { return r.Exclude("v-2", "", now) })
	require.NoError(t, err)
	verdicts, err := u.WhyNot(t.Context(), as(aid.RoleCaseworker), "r-1", "v-2")
	require.NoError(t, err)
	require.Equal(t, app.FailsExcluded, verdicts[0].Fails)
	require.Zero(t, verdicts[0].Until)
}
