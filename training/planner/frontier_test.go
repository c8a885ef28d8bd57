package planner

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/rollout"
)

// drawShared makes a block of a few areas whose rests can come together.
func drawShared(t *rapid.T) (*instance, *block, []int64) {
	r := &rollout.Rollout{
		Costs:              rollout.Costs{TravellerKm: rapid.Int64Range(0, 2).Draw(t, "traveller"), EmptySeat: rapid.Int64Range(0, 9).Draw(t, "empty")},
		CohortsPerLecturer: 1, RoadPercent: 100,
		Courses: []rollout.Course{{ID: "c"}},
	}
	for i := range rapid.IntRange(1, 7).Draw(t, "areas") {
		id := aid.AreaID(fmt.Sprintf("a%d", i))
		r.Areas = append(r.Areas, rollout.Area{ID: id, Tier: rollout.County, Venue: 1, Lecturers: 1})
		r.Audience = append(r.Audience, rollout.Audience{Area: id, Tier: rollout.Community, Tree: rollout.Regional, Organisations: rapid.IntRange(0, 15).Draw(t, "people")})
		for j := range i {
			r.Distances = append(r.Distances, rollout.Distance{From: id, To: r.Areas[j].ID, Km: rapid.IntRange(0, 20).Draw(t, "km")})
		}
	}
	r.Steps = []rollout.Step{{
		ID: "s", RunBy: rollout.County, Roles: []rollout.Role{rollout.Lead}, Kinds: []rollout.Kind{{Tier: rollout.Community, Tree: rollout.Regional}},
		Courses: []rollout.CourseID{"c"}, Start: 100, Deadline: 100, MostSize: 6, LeastSize: rapid.IntRange(1, 6).Draw(t, "least"), TravelKm: rapid.IntRange(0, 20).Draw(t, "reach"),
	}}
	in, err := newInstance(r)
	require.NoError(t, err)
	prices := make([]int64, len(in.steps[0].hosts))
	for j := range prices {
		prices[j] = rapid.Int64Range(0, 60).Draw(t, "price")
	}
	return in, &in.blocks[0], prices
}

// shareByHand tries every way to send every rest.
func shareByHand(f *frontier) int64 {
	best := int64(math.MaxInt64)
	to := make([]int, len(f.p.homes))
	var send func(h int)
	send = func(h int) {
		if h < len(to) {
			if to[h] = -1; f.b.rest[h] > 0 {
				for _, j := range f.p.ways[h] {
					to[h] = j
					send(h + 1)
				}
				to[h] = -1
			}
			send(h + 1)
			return
		}
		chosen := make([]int, len(f.rows))
		for h, j := range to {
			for i, home := range f.rows[max(0, j)].homes {
				if j >= 0 && home == h {
					chosen[j] |= 1 << i
				}
			}
		}
		cost := int64(0)
		for j, subset := range chosen {
			if f.rows[j].cost[subset] < 0 {
				return
			}
			g, _ := f.group(j, f.rows[j].homes, subset)
			cost += g.cohorts * f.prices[j]
		}
		best = min(best, cost+f.grouping(chosen).cost)
	}
	if len(f.rows) == 0 {
		return 0
	}
	send(0)
	return best
}

// TestRestsAreSharedOutAtLeastCost also narrows the diagram until it is a bound
// from below and from above.
func TestRestsAreSharedOutAtLeastCost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in, b, prices := drawShared(t)
		f, ok := newFrontier(in, b, prices)
		require.True(t, ok)
		least, exact := f.run(false)
		require.True(t, exact)
		want := shareByHand(f)
		require.Equal(t, want, least)
		best := f.best()
		cost := best.cost
		for _, g := range best.groups {
			cost += g.cohorts * prices[g.host]
		}
		require.Equal(t, want, cost)

		all, whole := f.alternatives(0)
		require.True(t, whole)
		require.NotEmpty(t, all)
		for _, a := range all {
			require.Zero(t, a.excess)
		}

		f.width = rapid.IntRange(1, 3).Draw(t, "width")
		above, _ := f.run(false)
		require.GreaterOrEqual(t, above, want)
		below, _ := f.run(true)
		require.LessOrEqual(t, below, want)
		require.LessOrEqual(t, f.shares(), want)
	})
}

func TestHostsAreLinkedBothWays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in, _, _ := drawShared(t)
		p := &in.steps[0]
		for h, ways := range p.ways {
			own := false
			for _, j := range ways {
				own = own || p.hosts[j].own == h
			}
			require.True(t, own, "everybody may stay at home")
			require.LessOrEqual(t, len(ways), neighbours+1)
		}
		for j := range p.hosts {
			require.LessOrEqual(t, len(p.hosts[j].homes), neighbours+1)
		}
	})
}
