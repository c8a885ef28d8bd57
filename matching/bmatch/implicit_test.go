package bmatch_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/matching/bmatch"
)

// What is left out of the lists must not matter: the lists grown on demand and
// the whole graph give the same optimum, and its prices hold for every pair.
func TestGrownListsAreAsGoodAsTheWholeGraph(t *testing.T) {
	t.Parallel()
	for _, kind := range []crowd{calm, surge} {
		for seed := range uint64(3) {
			pl, problem := newPlane(200, kind, seed)
			pl.reach = 900
			grown := solve(t.Context(), t, problem)
			require.Equal(t, grown.Objective, grown.Bound)

			whole := *problem
			whole.Source = pl.listed()
			require.Equal(t, grown.Objective, solve(t.Context(), t, &whole).Objective)
			requireOptimalPrices(t, pl, problem, grown)
		}
	}
}

// A request without a rival sees its nearest volunteers and no more.
func TestListsStayShortWhereNobodyCompetes(t *testing.T) {
	t.Parallel()
	_, problem := newPlane(2_000, calm, 1)
	res := solve(t.Context(), t, problem)
	require.Equal(t, res.Objective, res.Bound)
	require.Less(t, res.Stats.Listed, int64(60*2_000), "of 20,000 volunteers for each request")
}

func requireOptimalPrices(t *testing.T, pl *plane, p *bmatch.Problem, res *bmatch.Result) {
	t.Helper()
	used := make([]int64, len(p.Capacity))
	for r, asked := range p.Requests {
		y := res.RequestPrices[r]
		require.LessOrEqual(t, y, asked.Penalty)
		matched := map[int32]bool{}
		for _, a := range res.Assigned(r) {
			matched[a.Volunteer] = true
			used[a.Volunteer]++
		}
		if int64(len(matched)) < asked.Seats {
			require.Equal(t, asked.Penalty, y)
		}
		for v := range int32(len(p.Capacity)) {
			if c := pl.cost(int32(r), v); float64(c) <= pl.reach {
				reduced := c + res.VolunteerPrices[v] - y
				if matched[v] {
					require.LessOrEqual(t, reduced, int64(0))
				} else {
					require.GreaterOrEqual(t, reduced, int64(0))
				}
			}
		}
	}
	for v, k := range p.Capacity {
		if used[v] < k {
			require.Zero(t, res.VolunteerPrices[v])
		}
	}
}

func TestSolveRepeatsItself(t *testing.T) {
	t.Parallel()
	_, problem := newPlane(300, surge, 5)
	scarceCrews(problem, 0)
	first, second := solve(t.Context(), t, problem), solve(t.Context(), t, problem)
	require.Empty(t, cmp.Diff(first, second, cmp.AllowUnexported(bmatch.Result{})))
}

func TestLargeCrewsKeepMinimaWithASmallGap(t *testing.T) {
	t.Parallel()
	for spare := range int64(2) {
		pl, problem := newPlane(600, surge, 3)
		pl.reach = 600
		scarceCrews(problem, spare)
		res := solve(t.Context(), t, problem)
		require.Positive(t, res.Stats.Closed)
		require.Positive(t, res.Stats.Reopened)
		for r, asked := range problem.Requests {
			if people := len(res.Assigned(r)); people > 0 {
				require.GreaterOrEqual(t, int64(people), asked.Seats-spare)
			}
		}
		require.Less(t, res.Gap(), 0.02)

		greedy, err := bmatch.Greedy(t.Context(), problem, bmatch.Options{})
		require.NoError(t, err)
		require.Less(t, res.Objective, greedy.Objective)
	}
}
