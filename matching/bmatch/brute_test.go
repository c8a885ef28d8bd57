package bmatch_test

import (
	"math"

	"pgregory.net/rapid"

	"github.com/linli/linli/matching/bmatch"
)

// instance is a small problem with its pairs in the open, so that tests can
// change it and try every plan.
type instance struct {
	requests []bmatch.Request
	capacity []int64
	groups   []bmatch.Group
	rows     [][]bmatch.Arc
}

func (in instance) problem() *bmatch.Problem {
	return &bmatch.Problem{
		Requests: in.requests, Capacity: in.capacity, Groups: in.groups,
		Source: bmatch.NewArcs(in.rows),
	}
}

// drawInstance draws few nodes, few costs (many ties) and penalties that are
// now below, now above them.
func drawInstance(t *rapid.T, grouped bool) instance {
	var in instance
	volunteers := rapid.IntRange(0, 5).Draw(t, "volunteers")
	dearest := rapid.SampledFrom([]int64{2, 9, 5000}).Draw(t, "dearest")
	for range volunteers {
		in.capacity = append(in.capacity, int64(rapid.IntRange(0, 2).Draw(t, "capacity")))
	}
	for range rapid.IntRange(0, 5).Draw(t, "requests") {
		in.requests = append(in.requests, bmatch.Request{
			Seats:   int64(rapid.IntRange(0, 3).Draw(t, "seats")),
			Penalty: rapid.Int64Range(0, 2*dearest).Draw(t, "penalty"),
		})
		var row []bmatch.Arc
		for v := range volunteers {
			if rapid.IntRange(0, 3).Draw(t, "eligible") > 0 {
				row = append(row, bmatch.Arc{Volunteer: int32(v), Cost: rapid.Int64Range(0, dearest).Draw(t, "cost")})
			}
		}
		in.rows = append(in.rows, row)
	}
	for r := 0; grouped && r < len(in.requests); {
		group := bmatch.Group{MinPeople: int64(rapid.IntRange(0, 4).Draw(t, "minimum"))}
		for size := rapid.IntRange(1, 2).Draw(t, "members"); size > 0 && r < len(in.requests); size-- {
			group.Members = append(group.Members, int32(r))
			r++
		}
		in.groups = append(in.groups, group)
	}
	return in
}

// bruteForce tries every plan and gives the least cost.
func bruteForce(in instance) int64 {
	groups := in.groups
	grouped := map[int32]bool{}
	for _, g := range groups {
		for _, r := range g.Members {
			grouped[r] = true
		}
	}
	for r := range in.requests {
		if !grouped[int32(r)] {
			groups = append(groups[:len(groups):len(groups)], bmatch.Group{Members: []int32{int32(r)}})
		}
	}
	type state struct {
		group, member, people int
		free                  [5]int8
	}
	memo := map[state]int64{}
	var best func(s state) int64
	best = func(s state) int64 {
		if s.group == len(groups) {
			return 0
		}
		if group := groups[s.group]; s.member == len(group.Members) {
			if s.people > 0 && int64(s.people) < group.MinPeople {
				return math.MaxInt64 / 2
			}
			return best(state{group: s.group + 1, free: s.free})
		}
		if known, ok := memo[s]; ok {
			return known
		}
		r := groups[s.group].Members[s.member]
		row, asked := in.rows[r], in.requests[r]
		least := int64(math.MaxInt64)
		for chosen := range 1 << len(row) {
			next := state{s.group, s.member + 1, s.people, s.free}
			cost, seats, fits := int64(0), asked.Seats, true
			for i, a := range row {
				if chosen>>i&1 == 1 {
					cost += a.Cost
					seats--
					next.people++
					next.free[a.Volunteer]--
					fits = fits && next.free[a.Volunteer] >= 0
				}
			}
			if fits && seats >= 0 {
				least = min(least, cost+seats*asked.Penalty+best(next))
			}
		}
		memo[s] = least
		return least
	}
	var s state
	for v, k := range in.capacity {
		s.free[v] = int8(k)
	}
	return best(s)
}
