package crews

import (
	"slices"

	"github.com/linli/linli/matching/flow"
)

// lagrangian is the bound L(π) = Σ share − Σ k·π, kept up to date as prices move.
//
// The share of a party is worked out when a price that matters to it first
// moves. Until then it is the one that the relaxed optimum implies: all parties
// but the crews that miss their minimum have their best people there.
type lagrangian struct {
	server

	value    int64   // L(π)
	price    []int64 // π of each volunteer
	capacity []int64 // k of each volunteer
	highest  int64   // no price is moved above it, so that sums stay in range

	shares []int64 // of each party
	known  []bool  // whether the share is worked out

	touched []party // the parties to whom the present prices matter
	seen    []int32 // per party, the touch that met it last
	touches int32
	offers  []flow.Offer
}

// newLagrangian starts from a solver that holds the relaxed optimum.
func newLagrangian(net *flow.Solver, p *flow.Problem, ps *parties) *lagrangian {
	l := &lagrangian{
		server: server{net: net, asked: slices.Clone(p.Requests), parties: ps},
		value:  net.Cost(), capacity: p.Capacity,
		price:  make([]int64, len(p.Capacity)),
		shares: make([]int64, ps.count()), known: make([]bool, ps.count()), seen: make([]int32, ps.count()),
	}
	for r := range l.asked {
		l.asked[r].Penalty = min(l.asked[r].Penalty, flow.MaxTotal) // as the flow counts mandatory seats
	}
	total := int64(1)
	for v := range l.price {
		l.price[v] = net.VolunteerPrice(int32(v))
		if l.movable(int32(v)) {
			total += l.capacity[v]
		}
	}
	l.highest = flow.MaxTotal / total
	return l
}

// movable leaves out volunteers who can serve all requests there are: they never
// have a price.
func (l *lagrangian) movable(v int32) bool { return l.capacity[v] <= int64(len(l.asked)) }

func (l *lagrangian) at(v int32) int64 { return l.price[v] }

// tighten raises the bound by what the minimum of a crew adds to it, whose share
// the relaxed optimum does not tell.
func (l *lagrangian) tighten(crew party) error {
	plain, err := l.share(crew, 0, l.at)
	if err != nil {
		return err
	}
	if err := l.know(crew); err != nil {
		return err
	}
	l.value += l.shares[crew] - plain
	return nil
}

// know works the share of a party out, if that was not done before.
func (l *lagrangian) know(at party) (err error) {
	if !l.known[at] {
		l.shares[at], err = l.share(at, l.minimum(at), l.at)
		l.known[at] = err == nil
	}
	return err
}

// touch finds the parties to whom the prices of these volunteers matter. A pair
// that is not listed costs more than any that its request has a use for, so
// parties that do not list a volunteer are not concerned.
func (l *lagrangian) touch(volunteers []int32) error {
	l.touches++
	l.touched = l.touched[:0]
	for _, v := range volunteers {
		l.offers = l.net.AppendOffers(l.offers[:0], v)
		for _, o := range l.offers {
			at := l.of[o.Request]
			if l.seen[at] == l.touches {
				continue
			}
			l.seen[at] = l.touches
			l.touched = append(l.touched, at)
			if err := l.know(at); err != nil {
				return err
			}
		}
	}
	return nil
}

// touchOnly takes it that the prices matter to these parties alone, whose shares
// are known.
func (l *lagrangian) touchOnly(parties []party) { l.touched = append(l.touched[:0], parties...) }

// set gives the volunteers touched last other prices.
func (l *lagrangian) set(volunteers []int32, prices []int64) error {
	for i, v := range volunteers {
		l.value -= l.capacity[v] * (prices[i] - l.price[v])
		l.price[v] = prices[i]
	}
	for _, at := range l.touched {
		share, err := l.share(at, l.minimum(at), l.at)
		if err != nil {
			return err
		}
		l.value += share - l.shares[at]
		l.shares[at] = share
	}
	return nil
}

// valueOf is the part of the value that a region has.
func (l *lagrangian) valueOf(g *region) (value int64) {
	for _, at := range g.parties {
		value += l.shares[at]
	}
	for _, v := range g.volunteers {
		value -= l.capacity[v] * l.price[v]
	}
	return value
}

// requestPrices gives the y that make the most of the prices: what the dearest
// person would cost whom a request takes of its own accord. Requests whose share
// was never worked out keep those of the relaxed optimum, which before holds.
// dual is the bound without minima at these prices.
func (l *lagrangian) requestPrices(before []int64) (y []int64, dual int64, err error) {
	y, dual = before, l.value
	for r := range y {
		if !l.known[l.of[r]] {
			continue
		}
		if err := l.gainsOfRequest(int32(r), 0, l.at); err != nil {
			return nil, 0, err
		}
		y[r] = 0
		if q := &l.asked[r]; q.Seats > 0 {
			y[r] = q.Penalty
			if l.seated(q) {
				y[r] += min(0, l.gains[q.Seats-1])
			}
		}
	}
	for crew := range party(len(l.crews)) {
		if l.known[crew] {
			plain, err := l.share(crew, 0, l.at)
			if err != nil {
				return nil, 0, err
			}
			dual += plain - l.shares[crew]
		}
	}
	return y, dual, nil
}
