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
	for i, id := range []aid.VolunteerID{"v-near", "v-middle", "v-asked", "v-unskilled"} {
		v := volunteer()
		v.ID, v.Home.Lat, v.Skills = id, v.Home.Lat+0.001*float64(i), []aid.Skill{"visit"}
		if id == "v-unskilled" {
			v.Skills = nil
		}
		require.NoError(t, x.Upsert(index.Of(aid.Candidate{Volunteer: v}, aid.DefaultOfferLimits())))
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
	require.Equal(t, aid.ReasonCounts{Skill: 1, Asked: 1}, lists[0].Reasons)
	require.Len(t, lists[0].Almost, 2)
	require.Equal(t, app.Miss{Volunteer: "v-unskilled", Fails: "skill", Distance: lists[0].Almost[0].Distance}, lists[0].Almost[0])
	require.Equal(t, "already_asked", lists[0].Almost[1].Fails)
	require.Greater(t, lists[0].Almost[0].Distance, lists[0].Almost[1].Distance, "v-unskilled lives farther away")
	extra := map[aid.VolunteerID]*int64{"v-near": new(int64(700))}
	for id, fails := range map[aid.VolunteerID]string{"v-near": "", "v-middle": "", "v-asked": "already_asked", "v-unskilled": "skill"} {
		verdicts, err := m.WhyNot(t.Context(), r, id)
		require.NoError(t, err)
		require.Equal(t, fails, verdicts[0].Fails, id)
		require.Equal(t, extra[id], verdicts[0].Extra, id)
	}
	r.Apart = []aid.Separation{{Volunteer: "v-near"}}
	verdicts, err := m.WhyNot(t.Context(), r, "v-near")
	require.NoError(t, err)
	require.Equal(t, "not_suitable", verdicts[0].Fails)
	lists, err = m.Candidates(t.Context(), r, 1)
	require.NoError(t, err)
	require.Equal(t, aid.VolunteerID("v-middle"), lists[0].Candidates[0].Volunteer)
	require.Equal(t, aid.ReasonCounts{Skill: 1, Asked: 1, Unsuited: 1}, lists[0].Reasons)
	_, err = m.WhyNot(t.Context(), r, "v-none")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
}
