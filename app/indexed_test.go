package app_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/app/apptest"
	"github.com/linli/linli/matching/index"
)

func TestTheMatcherRanksAndExplains(t *testing.T) {
	t.Parallel()
	x := index.New()
	for i, id := range []aid.VolunteerID{"v-near", "v-middle", "v-asked", "v-unskilled"} {
		v := volunteer()
		v.ID, v.Home.Lat, v.Skills = id, v.Home.Lat+0.001*float64(i), []aid.Skill{"visit"}
		if id == "v-unskilled" {
			v.Skills = nil
		}
		require.NoError(t, x.Upsert(index.Of(v, nil)))
	}
	r, err := aid.OpenRequest("r-1", apptest.Need(), "a-1", aid.Area{ID: "hlj", Path: "/hlj/"}, 1, apptest.Now)
	require.NoError(t, err)
	r.MakeOffers("round-1", []aid.Pick{{Offer: "o-1", Volunteer: "v-asked"}}, aid.DefaultSearchPolicy(), apptest.Now)

	loaded := false
	m := app.Indexed{Index: x, Loaded: func() bool { return loaded }}
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
	for id, fails := range map[aid.VolunteerID]string{"v-near": "", "v-asked": "already_asked", "v-unskilled": "skill"} {
		verdicts, err := m.WhyNot(t.Context(), r, id)
		require.NoError(t, err)
		require.Equal(t, fails, verdicts[0].Fails, id)
	}
	_, err = m.WhyNot(t.Context(), r, "v-none")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
}
