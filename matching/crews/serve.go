package crews

import (
	"math"
	"slices"

	"github.com/linli/linli/matching/flow"
)

// server serves one party at a time, as if volunteers had no limit and cost
// their price beside the pair.
type server struct {
	net   *flow.Solver
	asked []flow.Request
	*parties
	served int64 // parties, to count effort

	gains, all []int64
	beyond     int64 // what whoever is not listed and might find a seat, free or dearer filled, gains at least
	pairs      []flow.Arc
}

// priceOf gives the price of a volunteer, 0 or more.
type priceOf func(volunteer int32) int64

// share is the least cost of a party at these prices: nobody, or its best people
// from the minimum up.
func (s *server) share(at party, minimum int64, price priceOf) (int64, error) {
	s.served++
	worth, wanted, err := s.gainsOf(at, 0, price)
	if err != nil {
		return 0, err
	}
	var empty, best int64
	for _, r := range s.requests(at) {
		empty += s.asked[r].Seats * s.asked[r].Penalty
	}
	if 0 < wanted && wanted < minimum {
		// People who cost more than an open seat must fill the crew up. Nobody is
		// worth more to it than all its seats.
		if worth, _, err = s.gainsOf(at, empty, price); err != nil {
			return 0, err
		}
	}
	if wanted == 0 || int64(len(worth)) < minimum {
		return empty, nil
	}
	for _, gain := range worth[:max(wanted, minimum)] {
		best = saturated(best, gain)
	}
	return empty + min(0, best), nil
}

// shareIf is the share of a party of which a fate is assumed.
func (s *server) shareIf(at party, assumed fate, price priceOf) (int64, error) {
	if assumed == undecided {
		return s.share(at, s.minimum(at), price)
	}
	var empty int64
	for _, r := range s.requests(at) {
		empty += s.asked[r].Seats * s.asked[r].Penalty
	}
	if assumed == closed {
		return empty, nil
	}
	s.served++
	worth, wanted, err := s.gainsOf(at, empty, price)
	sum := empty
	for i := range max(wanted, s.minimum(at)) {
		gain := s.beyond
		if i < int64(len(worth)) {
			gain = min(gain, worth[i])
		}
		sum = saturated(sum, gain)
	}
	return sum, err
}

// gainsOf gives c + price − P of the best people of a party, least first, and how
// many are below zero. All below most, which is 0 or more, that find a seat are
// there.
func (s *server) gainsOf(at party, most int64, price priceOf) (gains []int64, wanted int64, err error) {
	s.all, s.beyond = s.all[:0], flow.MaxTotal
	members := s.requests(at)
	for _, r := range members {
		if err := s.gainsOfRequest(r, most, price); err != nil {
			return nil, 0, err
		}
		s.all = append(s.all, s.gains...)
		if q := &s.asked[r]; q.Seats > 0 {
			pairs, horizon := s.net.AppendListed(s.pairs[:0], r)
			s.pairs = pairs
			if unlisted := horizon - q.Penalty; !s.seated(q) || s.gains[q.Seats-1] > unlisted {
				s.beyond = min(s.beyond, unlisted)
			}
		}
	}
	if len(members) > 1 {
		slices.Sort(s.all)
	}
	for wanted < int64(len(s.all)) && s.all[wanted] < 0 {
		wanted++
	}
	return s.all, wanted, nil
}

// shortReach is how far lists go at least when they grow.
const shortReach = 1 << 10

// gainsOfRequest sets gains to those of the cheapest people of r, at most one
// for each seat. It lists more pairs of r until the others cannot be among them.
func (s *server) gainsOfRequest(r int32, most int64, price priceOf) error {
	q := &s.asked[r]
	s.gains = s.gains[:0]
	if q.Seats == 0 {
		return nil
	}
	for {
		pairs, horizon := s.net.AppendListed(s.pairs[:0], r)
		s.pairs, s.gains = pairs, s.gains[:0]
		for _, a := range pairs {
			if s.seated(q) && a.Cost-q.Penalty >= s.gains[q.Seats-1] {
				break // costs rise and prices are not negative
			}
			s.insert(a.Cost+price(a.Volunteer)-q.Penalty, q)
		}
		limit := min(saturated(q.Penalty, most), flow.MaxTotal)
		if s.seated(q) {
			limit = min(limit, s.gains[q.Seats-1]+q.Penalty)
		}
		if horizon >= limit {
			return nil
		}
		if err := s.net.Extend(r, min(limit, max(2*horizon, shortReach))); err != nil {
			return err
		}
	}
}

func (s *server) seated(q *flow.Request) bool { return int64(len(s.gains)) == q.Seats }

// insert keeps the least gains in order, one for each seat.
func (s *server) insert(gain int64, q *flow.Request) {
	if s.seated(q) {
		if gain >= s.gains[q.Seats-1] {
			return
		}
		s.gains = s.gains[:q.Seats-1]
	}
	i := len(s.gains)
	s.gains = append(s.gains, gain)
	for ; i > 0 && s.gains[i-1] > gain; i-- {
		s.gains[i] = s.gains[i-1]
	}
	s.gains[i] = gain
}

// saturated adds without leaving the range of int64.
func saturated(a, b int64) int64 {
	if b > 0 && a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
