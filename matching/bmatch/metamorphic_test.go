package bmatch_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/matching/bmatch"
)

func clone(in instance) instance {
	out := instance{
		requests: slices.Clone(in.requests), capacity: slices.Clone(in.capacity), groups: in.groups,
		rows: make([][]bmatch.Arc, len(in.rows)),
	}
	for r := range in.rows {
		out.rows[r] = slices.Clone(in.rows[r])
	}
	return out
}

// How the optimum changes with the problem, where that is known in advance.
func TestOptimumFollowsTheProblem(t *testing.T) {
	t.Parallel()
	relations := []struct {
		name   string
		change func(t *rapid.T, in *instance)
		holds  func(t require.TestingT, in instance, before, after int64)
	}{
		{"requests in another order", func(t *rapid.T, in *instance) {
			order := rapid.Permutation(indices(len(in.requests))).Draw(t, "order")
			old := clone(*in)
			for to, from := range order {
				in.requests[to], in.rows[to] = old.requests[from], old.rows[from]
			}
		}, same},
		{"volunteers in another order", func(t *rapid.T, in *instance) {
			order := rapid.Permutation(indices(len(in.capacity))).Draw(t, "order")
			old := clone(*in)
			for from, to := range order {
				in.capacity[to] = old.capacity[from]
			}
			for r := range in.rows {
				for i := range in.rows[r] {
					in.rows[r][i].Volunteer = int32(order[in.rows[r][i].Volunteer])
				}
			}
		}, same},
		{"all costs and penalties tripled", func(_ *rapid.T, in *instance) {
			for r := range in.rows {
				in.requests[r].Penalty *= 3
				for i := range in.rows[r] {
					in.rows[r][i].Cost *= 3
				}
			}
		}, func(t require.TestingT, _ instance, before, after int64) { require.Equal(t, 3*before, after) }},
		{"each way out of the first request dearer by 11", func(_ *rapid.T, in *instance) {
			if len(in.requests) > 0 {
				in.requests[0].Penalty += 11
				for i := range in.rows[0] {
					in.rows[0][i].Cost += 11
				}
			}
		}, func(t require.TestingT, in instance, before, after int64) {
			if len(in.requests) > 0 {
				before += 11 * in.requests[0].Seats
			}
			require.Equal(t, before, after)
		}},
		{"one volunteer more", func(t *rapid.T, in *instance) {
			in.capacity = append(in.capacity, 1)
			for r := range in.rows {
				in.rows[r] = append(in.rows[r], bmatch.Arc{
					Volunteer: int32(len(in.capacity) - 1), Cost: rapid.Int64Range(0, 20).Draw(t, "cost"),
				})
			}
		}, noWorse},
		{"more capacity", func(_ *rapid.T, in *instance) {
			for v := range in.capacity {
				in.capacity[v]++
			}
		}, noWorse},
		{"more capacity than anybody can use", func(_ *rapid.T, in *instance) {
			for v := range in.capacity {
				in.capacity[v] = 1 << 62
			}
		}, noWorse},
	}
	for _, relation := range relations {
		t.Run(relation.name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(rt *rapid.T) {
				in := drawInstance(rt, false)
				changed := clone(in)
				relation.change(rt, &changed)
				before, after := solve(t.Context(), rt, in.problem()), solve(t.Context(), rt, changed.problem())
				require.Equal(rt, after.Objective, after.Bound)
				relation.holds(rt, in, before.Objective, after.Objective)
			})
		})
	}
}

func same(t require.TestingT, _ instance, before, after int64) { require.Equal(t, before, after) }

func noWorse(t require.TestingT, _ instance, before, after int64) {
	require.LessOrEqual(t, after, before)
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
