package verify

// Optimal checks a plan, its prices and that the one proves the other to be of
// least cost, minima of groups aside: every eligible pair outside the plan has
// c + p − y ≥ 0, every pair in it ≤ 0, a volunteer with a price is used up, and
// a request with an open seat has the price of its penalty.
func Optimal(in Instance, pairs []Pair, prices Prices, objective int64) []Violation {
	f, t := plan(in, pairs, objective)
	wrong := checkPrices(in, prices)
	if len(wrong) > 0 {
		return append(f, wrong...)
	}
	for _, pair := range pairs {
		checkMatched(&f, in, prices, pair)
	}
	for r := range in.Requests {
		t.checkUnmatched(&f, in, prices, int32(r))
		in.report(r, 0, 2)
	}
	for v, p := range prices.Volunteers {
		if p > 0 && t.used[v] < in.Capacity[v] {
			f.add(PriceUnused, NoNode, int32(v), "price %d, %d of %d used", p, t.used[v], in.Capacity[v])
		}
	}
	if proven := boundOf(in, prices, 1, 2); proven.compareSum(t.cost) != 0 {
		f.add(NotTheOptimum, NoNode, NoNode, "the plan costs %v, the prices prove %v", t.cost, proven)
	}
	return f
}

func checkMatched(f *findings, in Instance, prices Prices, pair Pair) {
	r, v := pair.Request, pair.Volunteer
	if !in.has(r, v) {
		return // reported with the plan
	}
	if cost, eligible := in.Cost(r, v); eligible && cost-prices.Requests[r] > -prices.Volunteers[v] {
		f.add(MatchedLoss, r, v, "cost %d + price %d is above the request's price %d",
			cost, prices.Volunteers[v], prices.Requests[r])
	}
}

func (t *tally) checkUnmatched(f *findings, in Instance, prices Prices, r int32) {
	asked, y := in.Requests[r], prices.Requests[r]
	if t.filled[r] < asked.Seats && y < asked.Penalty {
		f.add(OpenTooCheap, r, NoNode, "price %d, penalty %d", y, asked.Penalty)
	}
	in.Below(r, y, func(v int32, cost int64) {
		if cost-y < -prices.Volunteers[v] && !t.matched[Pair{Request: r, Volunteer: v}] {
			f.add(UnmatchedGain, r, v, "cost %d + price %d is below the request's price %d", cost, prices.Volunteers[v], y)
		}
	})
}
