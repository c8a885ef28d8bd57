package crews

import (
	"context"
	"math"
	"slices"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/matching/flow"
)

// instance is a small problem with its pairs in the open. It is a source that
// lists no more than it is asked for.
type instance struct {
	requests []flow.Request
	capacity []int64
	groups   []Group
	rows     [][]flow.Arc
}

func (in *instance) problem() *flow.Problem {
	return &flow.Problem{Requests: in.requests, Capacity: in.capacity, Source: in}
}

// AppendBelow implements [flow.Source].
func (in *instance) AppendBelow(dst []flow.Arc, r int32, limit int64) []flow.Arc {
	for _, a := range in.rows[r] {
		if a.Cost < limit {
			dst = append(dst, a)
		}
	}
	return dst
}

// drawInstance draws few volunteers for many crews, costs with ties, and
// penalties that are now below, now above them. Crews have one to three requests.
func drawInstance(t *rapid.T, size int) *instance {
	in := &instance{}
	volunteers := rapid.IntRange(1, size).Draw(t, "volunteers")
	dearest := rapid.SampledFrom([]int64{3, 40, 5000}).Draw(t, "dearest")
	for range volunteers {
		in.capacity = append(in.capacity, rapid.Int64Range(0, 2).Draw(t, "capacity"))
	}
	for range rapid.IntRange(1, size).Draw(t, "requests") {
		in.requests = append(in.requests, flow.Request{
			Seats:   rapid.Int64Range(0, 3).Draw(t, "seats"),
			Penalty: rapid.Int64Range(0, 2*dearest).Draw(t, "penalty"),
		})
		var row []flow.Arc
		for v := range volunteers {
			if rapid.IntRange(0, 3).Draw(t, "eligible") > 0 {
				row = append(row, flow.Arc{Volunteer: int32(v), Cost: rapid.Int64Range(0, dearest).Draw(t, "cost")})
			}
		}
		in.rows = append(in.rows, row)
	}
	for r := 0; r < len(in.requests); {
		group := Group{MinPeople: rapid.Int64Range(0, 4).Draw(t, "minimum")}
		for size := rapid.IntRange(1, 3).Draw(t, "members"); size > 0 && r < len(in.requests); size-- {
			group.Members = append(group.Members, int32(r))
			r++
		}
		in.groups = append(in.groups, group)
	}
	return in
}

// least gives the least cost of all plans: every choice of the crews that are in
// and of the seats that their requests fill at least, each solved exactly.
func (in *instance) least(ctx context.Context, t require.TestingT) int64 {
	asked := slices.Clone(in.requests)
	best := int64(math.MaxInt64)
	var try func(group int, aside int64)
	var split func(group, member int, missing, aside int64)
	try = func(group int, aside int64) {
		if group == len(in.groups) {
			best = min(best, aside+optimum(ctx, t, &flow.Problem{Requests: slices.Clone(asked), Capacity: in.capacity, Source: in}))
			return
		}
		if in.groups[group].MinPeople <= 1 {
			try(group+1, aside)
			return
		}
		split(group, 0, in.groups[group].MinPeople, aside)
		for _, r := range in.groups[group].Members {
			aside += in.requests[r].Seats * in.requests[r].Penalty
			asked[r].Seats = 0
		}
		try(group+1, aside)
		for _, r := range in.groups[group].Members {
			asked[r] = in.requests[r]
		}
	}
	split = func(group, member int, missing, aside int64) {
		if member == len(in.groups[group].Members) {
			if missing == 0 {
				try(group+1, aside)
			}
			return
		}
		r := in.groups[group].Members[member]
		for keep := int64(0); keep <= min(missing, in.requests[r].Seats); keep++ {
			asked[r].Keep, asked[r].KeepPenalty = keep, unfilled
			split(group, member+1, missing-keep, aside)
			asked[r] = in.requests[r]
		}
	}
	try(0, 0)
	return best
}

// unfilled is what a seat costs that must not stay open: more than any plan.
const unfilled = 1 << 40

func optimum(ctx context.Context, t require.TestingT, p *flow.Problem) int64 {
	net, err := flow.New(p, flow.Options{})
	require.NoError(t, err)
	require.NoError(t, net.Solve(ctx))
	return net.Cost()
}

// requireFeasible sums the plan anew and checks every rule.
func (in *instance) requireFeasible(t require.TestingT, res *Outcome) (cost int64) {
	used, people := make([]int64, len(in.capacity)), make([]int64, len(in.requests))
	for r, asked := range in.requests {
		seen := map[int32]bool{}
		for _, a := range res.Solver.AppendAssigned(nil, int32(r)) {
			require.Contains(t, in.rows[r], a)
			require.False(t, seen[a.Volunteer], "a volunteer serves a request once")
			seen[a.Volunteer] = true
			used[a.Volunteer]++
			people[r]++
			cost += a.Cost
		}
		require.LessOrEqual(t, people[r], asked.Seats)
		cost += (asked.Seats - people[r]) * asked.Penalty
	}
	for v, k := range in.capacity {
		require.LessOrEqual(t, used[v], k)
	}
	for _, group := range in.groups {
		var n int64
		for _, r := range group.Members {
			n += people[r]
		}
		if n > 0 {
			require.GreaterOrEqual(t, n, group.MinPeople)
		}
	}
	return cost
}
