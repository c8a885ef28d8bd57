package verify

import "slices"

// Branch proves more for a part of the problem than one set of prices could. In
// every plan one of its cases holds, so the part costs at least the least of what
// the cases prove.
//
// Within a case the requests of the branch pay the prices of the case for the
// volunteers of the branch, and the general prices for all others. Requests
// outside pay the general prices for everybody. A volunteer of the branch is
// worth no more than capacity × the higher of the two, whoever takes them:
//
//	Σ groups and requests of the branch, served alone − Σ k·max(p, p of the case)
type Branch struct {
	Requests   []int32 // with all members of their groups
	Volunteers []int32
	Cases      []Case
}

// Case assumes that some groups get people and that others get nobody.
type Case struct {
	In, Out []int32 // indices of groups
	Prices  []int64 // of the volunteers of the branch, 0 or more
}

// membership marks what lies in some branch.
type membership struct{ requests, volunteers []bool }

func insideOf(in Instance, branches []Branch) membership {
	m := membership{make([]bool, len(in.Requests)), make([]bool, len(in.Capacity))}
	for _, b := range branches {
		for _, r := range b.Requests {
			m.requests[r] = true
		}
		for _, v := range b.Volunteers {
			m.volunteers[v] = true
		}
	}
	return m
}

// checkBranches looks at what makes branches a proof of something.
func checkBranches(f *findings, in Instance, branches []Branch) {
	owner := make([]int, len(in.Requests)) // 1 + the branch of each request
	taken := make([]bool, len(in.Capacity))
	for i, b := range branches {
		for _, r := range b.Requests {
			if r < 0 || int(r) >= len(owner) || owner[r] != 0 {
				f.add(BranchBroken, r, NoNode, "branch %d has a request of nobody or of another branch", i)
				return
			}
			owner[r] = i + 1
		}
		for _, v := range b.Volunteers {
			if v < 0 || int(v) >= len(taken) || taken[v] {
				f.add(BranchBroken, NoNode, v, "branch %d has a volunteer of nobody or of another branch", i)
				return
			}
			taken[v] = true
		}
	}
	of := make([]int, len(in.Groups)) // 1 + the branch of each group
	for g, group := range in.Groups {
		if group.MinPeople <= 1 {
			continue
		}
		for k, r := range group.Members {
			if !in.hasAll(group) || k > 0 && owner[r] != of[g] {
				f.add(BranchBroken, NoNode, NoNode, "group %d lies in several branches", g)
				return
			}
			of[g] = owner[r]
		}
	}
	for i, b := range branches {
		for _, c := range b.Cases {
			if len(c.Prices) != len(b.Volunteers) || slices.ContainsFunc(c.Prices, func(p int64) bool { return p < 0 }) {
				f.add(BranchBroken, NoNode, NoNode, "branch %d has a case without a price of 0 or more for each volunteer", i)
			}
			for _, g := range slices.Concat(c.In, c.Out) {
				if g < 0 || int(g) >= len(of) || of[g] != i+1 {
					f.add(BranchBroken, NoNode, NoNode, "branch %d has a case about group %d, which is not in it", i, g)
				}
			}
		}
		if !exhaustive(b.Cases) {
			f.add(BranchBroken, NoNode, NoNode, "branch %d leaves plans to which no case applies", i)
		}
	}
}

// exhaustive says whether one of the cases holds whatever groups get people.
func exhaustive(cases []Case) bool {
	if len(cases) == 0 {
		return false
	}
	for _, c := range cases {
		if len(c.In)+len(c.Out) == 0 {
			return true
		}
	}
	group := slices.Concat(cases[0].In, cases[0].Out)[0]
	return exhaustive(given(cases, group, true)) && exhaustive(given(cases, group, false))
}

// given keeps the cases that may hold when a group gets people or does not, with
// that assumption left out.
func given(cases []Case, group int32, people bool) (left []Case) {
	for _, c := range cases {
		with, without := slices.Contains(c.In, group), slices.Contains(c.Out, group)
		if with && !people || without && people {
			continue
		}
		isGroup := func(g int32) bool { return g == group }
		left = append(left, Case{
			In: slices.DeleteFunc(slices.Clone(c.In), isGroup), Out: slices.DeleteFunc(slices.Clone(c.Out), isGroup),
		})
	}
	return left
}

// boundOfBranch is the least of what the cases prove.
func boundOfBranch(in Instance, prices Prices, b Branch) (least sum) {
	place := make(map[int32]int, len(b.Volunteers))
	for i, v := range b.Volunteers {
		place[v] = i
	}
	parts := partsOf(in, b)
	in.Below = remembered(in.Below) // every case looks at the same pairs
	found := false
	for _, c := range b.Cases {
		priceOf := func(v int32) int64 {
			if i, own := place[v]; own {
				return c.Prices[i]
			}
			return prices.Volunteers[v]
		}
		value, possible := sum{}, true
		for i, v := range b.Volunteers {
			value.addProduct(-in.Capacity[v], max(c.Prices[i], prices.Volunteers[v]))
		}
		for _, part := range parts {
			share, ok := wholeGroup(in, part.Group, c.choiceOf(part.index), priceOf)
			value.addSum(share)
			possible = possible && ok
		}
		if possible && (!found || value.compareSum(least) < 0) {
			least, found = value, true
		}
	}
	return least
}

// remembered asks for the pairs of a request again only when it is to look
// farther than ever before.
func remembered(below func(int32, int64, func(int32, int64))) func(int32, int64, func(int32, int64)) {
	type list struct {
		reach int64
		pairs []Pair
	}
	lists := map[int32]list{}
	return func(r int32, limit int64, visit func(int32, int64)) {
		known := lists[r]
		if limit > known.reach {
			known = list{reach: limit, pairs: known.pairs[:0]}
			below(r, limit, func(v int32, cost int64) { known.pairs = append(known.pairs, Pair{r, v, cost}) })
			lists[r] = known
		}
		for _, pair := range known.pairs {
			if pair.Cost < limit {
				visit(pair.Volunteer, pair.Cost)
			}
		}
	}
}

// part is what is served alone: a group with a minimum, or a single request.
type part struct {
	Group
	index int32 // of the group, -1 for a request
}

func partsOf(in Instance, b Branch) (parts []part) {
	group := make(map[int32]int32, len(in.Requests))
	for g, of := range in.Groups {
		for _, r := range of.Members {
			if of.MinPeople > 1 {
				group[r] = int32(g)
			}
		}
	}
	done := map[int32]bool{}
	for _, r := range b.Requests {
		g, grouped := group[r]
		switch {
		case !grouped:
			parts = append(parts, part{Group{Members: []int32{r}}, -1})
		case !done[g]:
			done[g] = true
			parts = append(parts, part{in.Groups[g], g})
		}
	}
	return parts
}

func (c Case) choiceOf(group int32) choice {
	switch {
	case group < 0:
		return free
	case slices.Contains(c.In, group):
		return served
	case slices.Contains(c.Out, group):
		return empty
	}
	return free
}
