package aid_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
)

func TestTheChanceOfAYes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		record aid.Record
		rate   float64
		want   float64
	}{
		"nothing known is the rate":     {aid.Record{}, 0.3, 0.3},
		"six answers weigh as the rate": {aid.Record{Yes: 6, Asked: 6}, 0.5, 0.75},
		"who always says no":            {aid.Record{Asked: 6}, 0.5, 0.25},
		"a long record is one's own":    {aid.Record{Yes: 900, Asked: 1000}, 0.1, 0.895},
	} {
		require.InDelta(t, c.want, c.record.Chance(c.rate), 0.001, name)
	}
	require.InDelta(t, 0.5, aid.Record{}.Rate(), 1e-12)
	require.InDelta(t, 0.75, aid.Record{Yes: 10, Asked: 10}.Rate(), 1e-12)
}

func TestTheChanceIsSound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		asked := rapid.IntRange(0, 500).Draw(t, "asked")
		r := aid.Record{Yes: rapid.IntRange(0, asked).Draw(t, "yes"), Asked: asked}
		rate := rapid.Float64Range(0.001, 0.999).Draw(t, "rate")
		p := r.Chance(rate)
		require.Greater(t, p, 0.0)
		require.Less(t, p, 1.0)
		require.Greater(t, aid.Record{Yes: r.Yes + 1, Asked: r.Asked + 1}.Chance(rate), p, "one more yes")
		require.Less(t, aid.Record{Yes: r.Yes, Asked: r.Asked + 1}.Chance(rate), p, "one more no")
		require.Greater(t, r.Chance(rate+0.0005), p, "others come more often")
		if asked > 0 {
			own := float64(r.Yes) / float64(asked)
			require.True(t, p >= min(own, rate)-1e-12 && p <= max(own, rate)+1e-12, "between the own rate and that of others")
			const long = 1_000_000
			require.InDelta(t, own, aid.Record{Yes: r.Yes * long, Asked: asked * long}.Chance(rate), 1e-4, "it tends to the own rate")
		}
	})
}

// TestAtLeastCountsEveryOutcome holds the sum against all ways in which people
// can answer.
func TestAtLeastCountsEveryOutcome(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		chances := rapid.SliceOfN(rapid.Float64Range(0, 1), 0, 8).Draw(t, "chances")
		for yes := -1; yes <= len(chances)+1; yes++ {
			want := 0.0
			for answers := range 1 << len(chances) {
				p, said := 1.0, 0
				for i, chance := range chances {
					if answers>>i&1 == 1 {
						p *= chance
						said++
					} else {
						p *= 1 - chance
					}
				}
				if said >= yes {
					want += p
				}
			}
			require.InDelta(t, want, aid.AtLeast(yes, chances), 1e-9)
		}
	})
}

func TestWhatIsWantedOfAWave(t *testing.T) {
	t.Parallel()
	p := aid.DefaultSearchPolicy()
	for _, c := range []struct {
		urgency aid.Urgency
		ahead   time.Duration
		want    float64
	}{
		{aid.Urgent, time.Minute, 0.95},
		{aid.Urgent, 100 * time.Hour, 0.95}, // there may be time, but waiting harms
		{aid.Soon, time.Hour, 0.8},
		{aid.Soon, 9 * time.Hour, 0.553}, // two waves
		{aid.Soon, 100 * time.Hour, 0.415},
		{aid.Routine, 24 * time.Hour, 0.6},
		{aid.Routine, 1000 * time.Hour, 0.167},
	} {
		r := asked(t, 1)
		r.Urgency, r.Window.StartsAt = c.urgency, at(0).Add(c.ahead)
		require.InDelta(t, c.want, p.Wanted(r, at(0)), 0.001, "%s %s ahead", c.urgency, c.ahead)
	}
	require.InDelta(t, 1, aid.SearchPolicy{}.Wanted(asked(t, 1), at(0)), 0)
}

// wavesOf asks for an urgent request with so many seats, of people with equal
// chances, and gives how many were asked.
func wavesOf(t require.TestingT, seats int, chance float64, picks int) int {
	r, err := aid.OpenRequest("r", aid.Need{
		Beneficiary: "b", Category: "visit", Roles: []aid.RequestRole{{Name: "companion", People: seats}}, Urgency: aid.Urgent,
		Window: aid.Window{StartsAt: at(1), EndsAt: at(2)},
	}, "c", aid.Area{ID: "hlj", Path: "/hlj/"}, 1, at(0))
	require.NoError(t, err)
	return len(r.MakeOffers("round", equalPicks(picks, chance), aid.DefaultSearchPolicy(), at(0)))
}

func equalPicks(n int, chance float64) []aid.Pick {
	var out []aid.Pick
	for i := range n {
		id := string(rune('a'+i/26)) + string(rune('a'+i%26))
		out = append(out, aid.Pick{Offer: aid.OfferID("o-" + id), Volunteer: aid.VolunteerID(id), Chance: chance})
	}
	return out
}

// TestNobodyIsHeldInReserveInVain: as many are chosen as are likely to be asked, and
// none beside those who are being asked and will do.
func TestNobodyIsHeldInReserveInVain(t *testing.T) {
	t.Parallel()
	p := aid.DefaultSearchPolicy()
	for urgency, want := range map[aid.Urgency]int{aid.Routine: 0, aid.Soon: 1, aid.Urgent: 4} {
		r := asked(t, 1)
		require.NoError(t, r.Decline("o", "v", aid.Refusal{Reason: "other"}, "v.v", at(0)))
		r.Urgency, r.Window.StartsAt = urgency, at(3)
		require.Equal(t, want, r.StandbyWanted(0, p, at(0)), "%s", urgency)
	}
	for chance, want := range map[float64]int{0.96: 0, 0.92: 1, 0.8: 2, 0.3: 4} {
		r := asked(t, 1)
		r.Urgency, r.Offers[0].Chance = aid.Urgent, chance
		require.Equal(t, want, r.StandbyWanted(0, p, at(0)), "beside one who comes with %g", chance)
	}
}

func TestAWaveIsAsLargeAsItMustBe(t *testing.T) {
	t.Parallel()
	require.Equal(t, 1, wavesOf(t, 1, 0.96, 20))
	require.Equal(t, 2, wavesOf(t, 1, 0.8, 20))
	require.Equal(t, 5, wavesOf(t, 1, 0.5, 20))
	require.Equal(t, 5, wavesOf(t, 1, 0.1, 20), "the bound")
	require.Equal(t, 4, wavesOf(t, 2, 0.8, 20))
	require.Equal(t, 3, wavesOf(t, 1, 0.1, 3), "no more than there are")
}

func TestAWaveKeepsItsBoundAndItsPromise(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seats, chance := rapid.IntRange(1, 6).Draw(t, "seats"), rapid.Float64Range(0.02, 0.98).Draw(t, "chance")
		asked := wavesOf(t, seats, chance, 60)
		require.GreaterOrEqual(t, asked, seats)
		require.LessOrEqual(t, asked, 5*seats)
		chances := make([]float64, asked)
		for i := range chances {
			chances[i] = chance
		}
		if asked < 5*seats {
			require.GreaterOrEqual(t, aid.AtLeast(seats, chances), 0.95)
		}
		if asked > seats {
			require.Less(t, aid.AtLeast(seats, chances[1:]), 0.95, "one fewer would have been too few")
		}
		require.LessOrEqual(t, wavesOf(t, seats, min(chance+0.01, 0.99), 60), asked, "who comes more often needs no more company")
	})
}

// TestALaterWaveCountsThoseWhoAreStillAsked.
func TestALaterWaveCountsThoseWhoAreStillAsked(t *testing.T) {
	t.Parallel()
	r, err := aid.OpenRequest("r", aid.Need{
		Beneficiary: "b", Category: "visit", Roles: []aid.RequestRole{{Name: "companion", People: 1}}, Urgency: aid.Urgent,
		Window: aid.Window{StartsAt: at(1), EndsAt: at(2)},
	}, "c", aid.Area{ID: "hlj", Path: "/hlj/"}, 1, at(0))
	require.NoError(t, err)
	all := equalPicks(9, 0.7)
	require.Len(t, r.MakeOffers("round", all, aid.DefaultSearchPolicy(), at(0)), 3)
	require.Empty(t, r.MakeOffers("round", all, aid.DefaultSearchPolicy(), at(0)))
	require.NoError(t, r.Decline(r.Offers[0].ID, r.Offers[0].Volunteer, aid.Refusal{Reason: "other"}, "", at(0)))
	require.Len(t, r.MakeOffers("round", all, aid.DefaultSearchPolicy(), at(0)), 1)
}
