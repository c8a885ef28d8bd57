package verify

// Plan checks that a plan keeps every rule of the instance and costs objective.
func Plan(in Instance, pairs []Pair, objective int64) []Violation {
	f, _ := plan(in, pairs, objective)
	return f
}

// tally is what a plan amounts to, for the conditions of the proof.
type tally struct {
	matched map[Pair]bool // cost left out
	filled  []int64
	used    []int64
	cost    sum
}

func plan(in Instance, pairs []Pair, objective int64) (findings, tally) {
	var f findings
	t := tally{
		matched: make(map[Pair]bool, len(pairs)),
		filled:  make([]int64, len(in.Requests)),
		used:    make([]int64, len(in.Capacity)),
	}
	for _, pair := range pairs {
		t.checkPair(&f, in, pair)
	}
	for v, k := range in.Capacity {
		if t.used[v] > k {
			f.add(OverCapacity, NoNode, int32(v), "%d seats, capacity %d", t.used[v], k)
		}
	}
	for r, asked := range in.Requests {
		open := asked.Seats - t.filled[r]
		switch {
		case open < 0:
			f.add(OverSeats, int32(r), NoNode, "%d people, %d seats", t.filled[r], asked.Seats)
		case open > 0 && asked.Penalty == Mandatory:
			f.add(MandatoryOpen, int32(r), NoNode, "%d of %d seats open", open, asked.Seats)
		default:
			t.cost.addProduct(open, asked.Penalty)
		}
	}
	t.checkMinima(&f, in)
	if t.cost.compare(objective) != 0 {
		f.add(WrongObjective, NoNode, NoNode, "the plan costs %v, not %d", t.cost, objective)
	}
	return f, t
}

func (t *tally) checkPair(f *findings, in Instance, pair Pair) {
	r, v := pair.Request, pair.Volunteer
	if !in.has(r, v) {
		f.add(UnknownNode, r, v, "there are %d requests and %d volunteers", len(in.Requests), len(in.Capacity))
		return
	}
	key := Pair{Request: r, Volunteer: v}
	if t.matched[key] {
		f.add(ServedTwice, r, v, "")
	}
	t.matched[key] = true
	t.filled[r]++
	t.used[v]++
	cost, eligible := in.Cost(r, v)
	switch {
	case !eligible:
		f.add(NotEligible, r, v, "")
		cost = pair.Cost
	case cost != pair.Cost:
		f.add(WrongCost, r, v, "costs %d, not %d", cost, pair.Cost)
	}
	t.cost.add(cost)
}

func (t *tally) checkMinima(f *findings, in Instance) {
	for g, group := range in.Groups {
		if !in.hasAll(group) {
			f.add(UnknownNode, NoNode, NoNode, "group %d names a request that does not exist", g)
			continue
		}
		var people int64
		for _, r := range group.Members {
			people += t.filled[r]
		}
		if people > 0 && people < group.MinPeople {
			f.add(BelowMinimum, group.Members[0], NoNode, "group %d has %d people, minimum %d", g, people, group.MinPeople)
		}
	}
}
