package matching

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/index"
)

func settle(t *testing.T, rt require.TestingT, w world) *Ledger {
	p, err := FromFiles(w.volunteers, w.requests)
	require.NoError(rt, err)
	l, err := Settle(t.Context(), p, nil)
	require.NoError(rt, err)
	return l
}

// sameFates allows what leaves requests with a minimum as a plan has them: with
// people, or with nobody.
func sameFates(w world, p *Plan) func(request, set int) bool {
	got := peopleOf(p)
	return func(request, set int) bool {
		r := w.requests[request]
		return r.MinPeople <= 1 || (set == 0) == (got[r.ID] == 0)
	}
}

// peopleOf counts who is picked for each request.
func peopleOf(p *Plan) map[aid.RequestID]int {
	got := map[aid.RequestID]int{}
	for _, k := range p.Picks {
		got[k.Request]++
	}
	return got
}

// TestExtraCostIsWhatTryingEveryPlanSays forces every pair in turn.
func TestExtraCostIsWhatTryingEveryPlanSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWorld(rt, false)
		l := settle(t, rt, w)
		require.Equal(rt, bruteForce(w), l.Plan().Objective)
		for r := range w.requests {
			for v := range w.volunteers {
				why, err := l.WhyNot(t.Context(), w.requests[r].ID, 0, w.volunteers[v].ID)
				require.NoError(rt, err)
				cost, eligible := pairCost(w.requests[r], w.volunteers[v])
				require.Equal(rt, eligible, why.Fails == "")
				require.Equal(rt, eligible, why.Known)
				if eligible {
					require.Equal(rt, cost, why.Cost.Total())
					forced := bruteForceWhere(w, func(request, set int) bool { return request != r || set>>v&1 == 1 })
					require.Equal(rt, forced-l.Plan().Objective, why.Extra, "%s for %s", w.volunteers[v].ID, w.requests[r].ID)
				}
			}
		}
	})
}

// TestExtraCostKeepsTheMinima forces pairs where requests have minima: those who
// get people keep their minimum, and the others get nobody.
func TestExtraCostKeepsTheMinima(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWorld(rt, true)
		l := settle(t, rt, w)
		sameFates := sameFates(w, l.Plan())
		least := bruteForceWhere(w, sameFates)
		for r := range w.requests {
			for v := range w.volunteers {
				why, err := l.WhyNot(t.Context(), w.requests[r].ID, 0, w.volunteers[v].ID)
				require.NoError(rt, err)
				if why.Fails != "" {
					continue
				}
				forced := bruteForceWhere(w, func(request, set int) bool {
					return sameFates(request, set) && (request != r || set>>v&1 == 1)
				})
				require.Equal(rt, forced < math.MaxInt64, why.Known, "%s for %s", w.volunteers[v].ID, w.requests[r].ID)
				if why.Known {
					require.Equal(rt, forced-least, why.Extra, "%s for %s", w.volunteers[v].ID, w.requests[r].ID)
				}
			}
		}
	})
}

// TestExtraCostInARound weighs standbys too, but none of a crew that cannot be
// had, however near.
func TestExtraCostInARound(t *testing.T) {
	t.Parallel()
	x := people(t, 3)
	urgent, crew := openRequest(t, "urgent", aid.Urgent, 1, role("any", 1)), openRequest(t, "crew", aid.Urgent, 5, role("any", 5))
	crew.Location.Lat += 0.0018 // where v2 lives
	l, err := Settle(t.Context(), FromRequests([]*aid.HelpRequest{urgent, crew}, aid.DefaultSearchPolicy(), x, morning), nil)
	require.NoError(t, err)

	for _, id := range []aid.VolunteerID{"v1", "v2", "v3"} {
		why, err := l.WhyNot(t.Context(), "urgent", 0, id)
		require.NoError(t, err)
		require.True(t, why.Known)
		require.Zero(t, why.Extra, "%s comes anyway, on a seat or in reserve", id)
		why, err = l.WhyNot(t.Context(), "crew", 0, id)
		require.NoError(t, err)
		require.Empty(t, why.Fails)
		require.False(t, why.Known, "a crew that cannot be had has no price")
	}
	_, err = l.WhyNot(t.Context(), "urgent", 1, "v1")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	_, err = l.WhyNot(t.Context(), "urgent", 0, "nobody")
	require.Equal(t, aid.NotFound, aid.KindOf(err))

	for _, home := range []aid.Point{here, {Lat: here.Lat + 0.01, Lng: here.Lng}} {
		require.NoError(t, x.Upsert(index.Volunteer{ID: "v1", Home: home, Capacity: 2, MaxDistance: 10_000}))
		why, err := l.WhyNot(t.Context(), "urgent", 0, "v1")
		require.NoError(t, err)
		require.InDelta(t, here.Distance(home), why.Cost.Distance, 0.5, "the rules are judged by what is known now")
		require.False(t, why.Known, "moved since")
	}
}
