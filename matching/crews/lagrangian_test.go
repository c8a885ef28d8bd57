package crews

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/matching/flow"
)

// shareOf is the least that a party costs: nobody, or the minimum or more.
func (in *instance) shareOf(members []int32, minimum int64, price []int64) int64 {
	var empty int64
	for _, r := range members {
		empty += in.requests[r].Seats * in.requests[r].Penalty
	}
	if least, possible := in.forced(members, minimum, price); possible {
		return min(empty, least)
	}
	return empty
}

// forced tries every choice of so many people or more for a party.
func (in *instance) forced(members []int32, minimum int64, price []int64) (least int64, possible bool) {
	type choice struct{ people, cost int64 }
	choices := []choice{{}}
	for _, r := range members {
		q := in.requests[r]
		var longer []choice
		for set := range 1 << len(in.rows[r]) {
			var people, cost int64
			for i, a := range in.rows[r] {
				if set>>i&1 == 1 {
					people++
					cost += a.Cost + price[a.Volunteer]
				}
			}
			if people > q.Seats {
				continue
			}
			for _, c := range choices {
				longer = append(longer, choice{c.people + people, c.cost + cost + (q.Seats-people)*q.Penalty})
			}
		}
		choices = longer
	}
	for _, c := range choices {
		if c.people >= minimum && (!possible || c.cost < least) {
			least, possible = c.cost, true
		}
	}
	return least, possible
}

// dualOf sums the bound anew.
func (in *instance) dualOf(ps *parties, price []int64, minima bool) (sum int64) {
	for at := range party(ps.count()) {
		minimum := int64(0)
		if minima {
			minimum = ps.minimum(at)
		}
		sum += in.shareOf(ps.requests(at), minimum, price)
	}
	for v, p := range price {
		sum -= in.capacity[v] * p
	}
	return sum
}

func newBound(t require.TestingT, rt *testing.T, in *instance) (*plan, *lagrangian) {
	var p *plan
	net, err := flow.New(in.problem(), flow.Options{Reopened: func(r int32) { p.reopened(r) }})
	require.NoError(t, err)
	require.NoError(t, net.Solve(rt.Context()))
	ps := newParties(in.requests, in.groups)
	p = newPlan(rt.Context(), net, in.requests, ps)
	l := newLagrangian(net, in.problem(), ps)
	for crew := range party(len(ps.crews)) {
		if p.filled(crew) < ps.crews[crew].MinPeople {
			require.NoError(t, l.tighten(crew))
		}
	}
	return p, l
}

// Whatever way the prices go, the bound is the sum of the shares over all pairs
// there are, listed or not, and no more than the least cost.
func TestBoundFollowsThePrices(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := drawInstance(rt, 5)
		_, l := newBound(rt, t, in)
		least := in.least(t.Context(), rt)
		require.Equal(rt, in.dualOf(l.parties, l.price, true), l.value)
		for range rapid.IntRange(1, 4).Draw(rt, "moves") {
			var volunteers []int32
			var prices []int64
			for v := range in.capacity {
				if rapid.Bool().Draw(rt, "moves") {
					volunteers = append(volunteers, int32(v))
					prices = append(prices, rapid.Int64Range(0, 12_000).Draw(rt, "price"))
				}
			}
			require.NoError(rt, l.touch(volunteers))
			require.NoError(rt, l.set(volunteers, prices))
			require.Equal(rt, in.dualOf(l.parties, l.price, true), l.value)
			require.LessOrEqual(rt, l.value, least)
		}
		_, dual, err := l.requestPrices(make([]int64, len(in.requests)))
		require.NoError(rt, err)
		require.Equal(rt, in.dualOf(l.parties, l.price, false), dual)
	})
}

func TestRayNeverLowersTheBound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := drawInstance(rt, 5)
		_, l := newBound(rt, t, in)
		d := newRay(len(in.capacity))
		for range 3 {
			before := l.value
			d.clear()
			for v := range in.capacity {
				d.volunteers = append(d.volunteers, int32(v))
				d.by = append(d.by, rapid.Int64Range(-9000, 9000).Draw(rt, "by"))
			}
			require.NoError(rt, l.ascend(d))
			require.GreaterOrEqual(rt, l.value, before)
			require.Equal(rt, in.dualOf(l.parties, l.price, true), l.value)
		}
	})
}

// Two crews of two share three people. The prices of the relaxed optimum prove
// 21 or less, a price of 18 for the person in the middle proves the optimum.
func TestRayGoesAsFarAsItHelps(t *testing.T) {
	t.Parallel()
	in := ones(3).
		with(2, 2, 10, flow.Arc{Volunteer: 0, Cost: 1}, flow.Arc{Volunteer: 1, Cost: 1}).
		with(2, 2, 10, flow.Arc{Volunteer: 1, Cost: 1}, flow.Arc{Volunteer: 2, Cost: 1})
	_, l := newBound(t, t, in)
	d := newRay(3)
	for _, v := range []int32{0, 1, 2} {
		d.note(v, l.price[v])
		d.note(v, 77) // only the first note counts
	}
	target := []int64{l.price[0], 36 - l.price[1], l.price[2]} // half the way there is 18
	d.aim(func(v int32) int64 { return target[v] })
	require.Equal(t, []int32{1}, d.volunteers, "the others stay where they are")
	before := l.value
	require.NoError(t, l.ascend(d))
	require.Greater(t, l.value, before)
	require.Equal(t, int64(22), l.value)
	require.Equal(t, in.least(t.Context(), t), l.value)
}

// People who can serve every request there is keep their price of zero: what
// their capacity costs at a price need not even fit into an integer.
func TestPricesOfUnlimitedPeopleStayZero(t *testing.T) {
	t.Parallel()
	in := ones(1).with(0, 1, 10, flow.Arc{Volunteer: 0, Cost: 1})
	in.capacity[0] = 1 << 62
	_, l := newBound(t, t, in)
	d := newRay(1)
	d.volunteers, d.by = []int32{0}, []int64{4} // 4 × 2^62 would wrap around to 0
	before := l.value
	require.NoError(t, l.ascend(d))
	require.Zero(t, l.price[0])
	require.Equal(t, before, l.value)
}
