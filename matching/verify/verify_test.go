package verify_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/matching/verify"
)

// fixture is a problem with its optimum and proof. Requests 0 and 1 compete for
// volunteer 0, and request 2 is out of everybody's reach:
//
//	                        v0  v1  v2
//	r0, 2 seats, P = 20      1   5   –
//	r1, 1 seat,  P = 20      2   –   9
//	r2, 1 seat,  P = 4       –   –   –
//	capacity                 1   1   2
//
// The plan r0–v0, r0–v1, r1–v2 costs 1 + 5 + 9 + 4 = 19, and y = (8, 9, 4),
// p = (7, 0, 0) prove 2·8 + 9 + 4 − 7 + (5 + 0 − 8) = 19.
type fixture struct {
	instance  verify.Instance
	pairs     []verify.Pair
	prices    verify.Prices
	objective int64
	costs     map[verify.Pair]int64 // keyed by the pair without its cost
}

func newFixture() *fixture {
	f := &fixture{
		pairs: []verify.Pair{{0, 0, 1}, {0, 1, 5}, {1, 2, 9}},
		prices: verify.Prices{
			Requests:   []int64{8, 9, 4},
			Volunteers: []int64{7, 0, 0},
		},
		objective: 19,
		costs:     map[verify.Pair]int64{{0, 0, 0}: 1, {0, 1, 0}: 5, {1, 0, 0}: 2, {1, 2, 0}: 9},
	}
	f.instance = verify.Instance{
		Requests: []verify.Request{{Seats: 2, Penalty: 20}, {Seats: 1, Penalty: 20}, {Seats: 1, Penalty: 4}},
		Capacity: []int64{1, 1, 2},
		Groups:   []verify.Group{{Members: []int32{0, 2}, MinPeople: 2}},
		Cost: func(r, v int32) (int64, bool) {
			c, ok := f.costs[verify.Pair{Request: r, Volunteer: v}]
			return c, ok
		},
		Below: func(r int32, limit int64, visit func(int32, int64)) {
			for v := range int32(3) {
				if c, ok := f.costs[verify.Pair{Request: r, Volunteer: v}]; ok && c < limit {
					visit(v, c)
				}
			}
		},
	}
	return f
}

func faults(violations []verify.Violation) []verify.Fault {
	var out []verify.Fault
	for _, v := range violations {
		out = append(out, v.Fault)
	}
	return out
}

func TestCorrectPlanAndProofPass(t *testing.T) {
	t.Parallel()
	f := newFixture()
	require.Empty(t, verify.Plan(f.instance, f.pairs, f.objective))
	require.Empty(t, verify.Optimal(f.instance, f.pairs, f.prices, f.objective))
	require.Empty(t, verify.Bound(f.instance, f.prices, f.objective))
}

func TestEachCorruptionIsSeen(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		corrupt func(f *fixture)
		want    []verify.Fault
	}{
		{"pair of no request", func(f *fixture) { f.pairs[2].Request = 7 }, []verify.Fault{verify.UnknownNode, verify.WrongObjective}},
		{"pair of no volunteer", func(f *fixture) { f.pairs[2].Volunteer = -1 }, []verify.Fault{verify.UnknownNode, verify.WrongObjective}},
		{"group of no request", func(f *fixture) { f.instance.Groups[0].Members[1] = 3 }, []verify.Fault{verify.UnknownNode}},
		{"not eligible", func(f *fixture) { delete(f.costs, verify.Pair{Request: 1, Volunteer: 2}) }, []verify.Fault{verify.NotEligible}},
		{"wrong cost", func(f *fixture) { f.pairs[0].Cost = 2 }, []verify.Fault{verify.WrongCost}},
		{"served twice", func(f *fixture) {
			f.pairs[0] = verify.Pair{Request: 0, Volunteer: 1, Cost: 5}
			f.instance.Capacity[1] = 2
			f.objective = 23
		}, []verify.Fault{verify.ServedTwice}},
		{"too many people", func(f *fixture) { f.instance.Requests[0].Seats = 1 }, []verify.Fault{verify.OverSeats}},
		{"over capacity", func(f *fixture) { f.instance.Capacity[2] = 0 }, []verify.Fault{verify.OverCapacity}},
		{"mandatory seat open", func(f *fixture) {
			f.instance.Requests[2].Penalty = verify.Mandatory
			f.objective = 15
		}, []verify.Fault{verify.MandatoryOpen}},
		{"below the minimum", func(f *fixture) { f.instance.Groups[0].MinPeople = 3 }, []verify.Fault{verify.BelowMinimum}},
		{"wrong objective", func(f *fixture) { f.objective = 18 }, []verify.Fault{verify.WrongObjective}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture()
			c.corrupt(f)
			require.Equal(t, c.want, faults(verify.Plan(f.instance, f.pairs, f.objective)))
			require.Subset(t, faults(verify.Optimal(f.instance, f.pairs, f.prices, f.objective)), c.want)
		})
	}
}

func TestEachBrokenProofIsSeen(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		corrupt func(f *fixture)
		want    verify.Violation // Detail left out
	}{
		{"price missing", func(f *fixture) { f.prices.Volunteers = f.prices.Volunteers[:2] }, verify.Violation{Fault: verify.PricesMissing, Request: verify.NoNode, Volunteer: verify.NoNode}},
		{"request price negative", func(f *fixture) { f.prices.Requests[2] = -1 }, verify.Violation{Fault: verify.NegativePrice, Request: 2, Volunteer: verify.NoNode}},
		{"volunteer price negative", func(f *fixture) { f.prices.Volunteers[1] = -1 }, verify.Violation{Fault: verify.NegativePrice, Request: verify.NoNode, Volunteer: 1}},
		{"above the penalty", func(f *fixture) { f.prices.Requests[2] = 5 }, verify.Violation{Fault: verify.AbovePenalty, Request: 2, Volunteer: verify.NoNode}},
		{"pair left out that gains", func(f *fixture) { f.prices.Volunteers[0] = 6 }, verify.Violation{Fault: verify.UnmatchedGain, Request: 1, Volunteer: 0}},
		{"pair taken that loses", func(f *fixture) { f.prices.Requests[0] = 7 }, verify.Violation{Fault: verify.MatchedLoss, Request: 0, Volunteer: 0}},
		{"price of a free volunteer", func(f *fixture) { f.prices.Volunteers[2] = 1 }, verify.Violation{Fault: verify.PriceUnused, Request: verify.NoNode, Volunteer: 2}},
		{"open seat below the penalty", func(f *fixture) { f.prices.Requests[2] = 3 }, verify.Violation{Fault: verify.OpenTooCheap, Request: 2, Volunteer: verify.NoNode}},
		{"pair that was overlooked", func(f *fixture) { f.costs[verify.Pair{Request: 2, Volunteer: 2}] = 3 }, verify.Violation{Fault: verify.UnmatchedGain, Request: 2, Volunteer: 2}},
		{"bound below the cost", func(f *fixture) { f.prices.Requests[2] = 0 }, verify.Violation{Fault: verify.NotTheOptimum, Request: verify.NoNode, Volunteer: verify.NoNode}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture()
			c.corrupt(f)
			found := verify.Optimal(f.instance, f.pairs, f.prices, f.objective)
			require.NotEmpty(t, found)
			for i := range found {
				require.NotEmpty(t, found[i].String())
				found[i].Detail = ""
			}
			require.Contains(t, found, c.want)
		})
	}
}

func TestBound(t *testing.T) {
	t.Parallel()
	f := newFixture()
	require.Equal(t, []verify.Fault{verify.BoundTooHigh}, faults(verify.Bound(f.instance, f.prices, 20)))
	f.prices.Requests[2] = 9
	require.Equal(t, []verify.Fault{verify.AbovePenalty}, faults(verify.Bound(f.instance, f.prices, 19)))
}

// A crew of three cannot be filled from two people: the minimum raises what the
// prices prove from 19 to the cost of leaving requests 0 and 2 without anybody.
func TestBoundCountsMinima(t *testing.T) {
	t.Parallel()
	f := newFixture()
	f.instance.Groups[0].MinPeople = 3
	f.prices.Volunteers[0], f.prices.Requests[1] = 0, 2
	require.Empty(t, verify.Bound(f.instance, f.prices, 2*20+2+4))
	require.Equal(t, []verify.Fault{verify.BoundTooHigh}, faults(verify.Bound(f.instance, f.prices, 47)))
}

func TestProgressCountsRequestsOnce(t *testing.T) {
	t.Parallel()
	f := newFixture()
	for range 600 {
		f.instance.Requests = append(f.instance.Requests, verify.Request{})
		f.prices.Requests = append(f.prices.Requests, 0)
	}
	var heard [][2]int64
	f.instance.Progress = func(done, total int64) { heard = append(heard, [2]int64{done, total}) }
	require.Empty(t, verify.Bound(f.instance, f.prices, f.objective))
	require.Equal(t, [][2]int64{{256, 603}, {512, 603}, {603, 603}}, heard)

	heard = nil
	verify.Optimal(f.instance, f.pairs, f.prices, f.objective)
	require.Equal(t, [][2]int64{{128, 603}, {256, 603}, {301, 603}, {429, 603}, {557, 603}, {603, 603}}, heard, "two passes")
}
