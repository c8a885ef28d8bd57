package verify

import (
	"math"
	"slices"
)

// Bound checks that the prices prove that no plan costs less than bound. Minima
// of groups count: a group that the prices alone would give too few people is
// bounded by its cheapest choice between the minimum and nobody. So do branches:
// see [Branch].
func Bound(in Instance, prices Prices, bound int64) []Violation {
	f := checkPrices(in, prices)
	if len(f) > 0 {
		return f
	}
	if proven := boundOf(in, prices, 0, 1); proven.compare(bound) < 0 {
		f.add(BoundTooHigh, NoNode, NoNode, "the prices prove %v, not %d", proven, bound)
	}
	return f
}

// checkPrices looks at the ranges that make any prices a proof of something.
func checkPrices(in Instance, prices Prices) findings {
	var f findings
	if len(prices.Requests) != len(in.Requests) || len(prices.Volunteers) != len(in.Capacity) {
		f.add(PricesMissing, NoNode, NoNode, "%d and %d prices for %d requests and %d volunteers",
			len(prices.Requests), len(prices.Volunteers), len(in.Requests), len(in.Capacity))
		return f
	}
	for r, y := range prices.Requests {
		if y < 0 {
			f.add(NegativePrice, int32(r), NoNode, "%d", y)
		}
		if y > in.Requests[r].Penalty {
			f.add(AbovePenalty, int32(r), NoNode, "price %d, penalty %d", y, in.Requests[r].Penalty)
		}
	}
	for v, p := range prices.Volunteers {
		if p < 0 {
			f.add(NegativePrice, NoNode, int32(v), "%d", p)
		}
	}
	checkBranches(&f, in, prices.Branches)
	return f
}

// boundOf is what the prices prove. It is one pass of several over the requests.
func boundOf(in Instance, prices Prices, pass, passes int) sum {
	var total sum
	inside := insideOf(in, prices.Branches)
	terms := make([]sum, len(in.Requests))
	people := make([]int64, len(in.Requests)) // that the prices alone would give
	for r := range in.Requests {
		if !inside.requests[r] {
			terms[r], people[r] = term(in, prices, int32(r))
			total.addSum(terms[r])
		}
		in.report(r, pass, passes)
	}
	for v, p := range prices.Volunteers {
		if !inside.volunteers[v] {
			total.addProduct(-in.Capacity[v], p)
		}
	}
	for _, group := range in.Groups {
		if group.MinPeople <= 1 || !in.hasAll(group) || len(group.Members) == 0 || inside.requests[group.Members[0]] {
			continue
		}
		var plain sum
		var given int64
		for _, r := range group.Members {
			plain.addSum(terms[r])
			given += people[r]
		}
		if given >= group.MinPeople {
			continue
		}
		if whole, _ := wholeGroup(in, group, free, prices.of); whole.compareSum(plain) > 0 {
			total.addSum(whole)
			total.addSum(plain.negated())
		}
	}
	for _, b := range prices.Branches {
		total.addSum(boundOfBranch(in, prices, b))
	}
	return total
}

func (p Prices) of(v int32) int64 { return p.Volunteers[v] }

// term is the share of request r: d·y + Σ min(0, c + p − y).
func term(in Instance, prices Prices, r int32) (share sum, people int64) {
	y := prices.Requests[r]
	share.addProduct(in.Requests[r].Seats, y)
	in.Below(r, y, func(v int32, cost int64) {
		// cost − y and −p are both within range; their sum need not be.
		if gain := cost - y; gain <= -prices.Volunteers[v] {
			share.add(gain)
			share.add(prices.Volunteers[v])
			people++
		}
	})
	return share, min(people, in.Requests[r].Seats)
}

// choice is what is assumed of a group.
type choice uint8

const (
	free   choice = iota // nobody or the minimum
	served               // the minimum or more
	empty                // nobody
)

// reaches are the costs up to which the cheapest volunteers are sought before all
// are listed. They are few and far apart: a list that is still too short was
// made in vain, as it always is where people are too few.
var reaches = [...]int64{1 << 10, 1 << 13, 1 << 16}

// wholeGroup is the least that a group can cost when volunteers cost c + p and
// have no limit: nobody, or the cheapest people from its minimum up. It is false
// when the choice leaves nothing that is possible.
func wholeGroup(in Instance, group Group, assumed choice, priceOf func(volunteer int32) int64) (sum, bool) {
	var nobody, best sum
	var gains []int64
	for _, r := range group.Members {
		asked := in.Requests[r]
		nobody.addProduct(asked.Seats, asked.Penalty)
		limit := int64(math.MaxInt64)
		if group.MinPeople <= 1 {
			limit = asked.Penalty // nobody has to be taken at a loss
		}
		gains = in.appendCheapest(gains, r, limit, priceOf)
	}
	if assumed == empty {
		return nobody, true
	}
	if int64(len(gains)) < group.MinPeople {
		return nobody, assumed == free
	}
	slices.Sort(gains)
	for i, gain := range gains {
		if gain < 0 || int64(i) < group.MinPeople {
			best.add(gain)
		}
	}
	if best.compare(0) < 0 || assumed == served {
		nobody.addSum(best)
	}
	return nobody, true
}

// appendCheapest appends the gains c + p − P of the cheapest volunteers of r who
// cost less than limit, as many as there are seats. Since no price is negative,
// whoever costs at least the reach of a list is no cheaper with the price than
// that, so a list is long enough once the seats are filled below its reach.
func (in Instance) appendCheapest(gains []int64, r int32, limit int64, priceOf func(volunteer int32) int64) []int64 {
	asked, start := in.Requests[r], len(gains)
	for step := 0; ; step++ {
		reach := limit
		if step < len(reaches) {
			reach = min(reach, reaches[step])
		}
		gains = gains[:start]
		var below int64
		in.Below(r, reach, func(v int32, cost int64) {
			p := priceOf(v)
			if cost > math.MaxInt64-p {
				return
			}
			gains = append(gains, cost+p-asked.Penalty)
			if cost+p < reach {
				below++
			}
		})
		if below >= asked.Seats || reach == limit {
			break
		}
	}
	slices.Sort(gains[start:])
	return gains[:min(int64(len(gains)), int64(start)+asked.Seats)]
}
