package planner

import (
	"context"
	"slices"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/rollout"
)

// Effort of fitting prices and the sharing out of rests to each other.
const (
	leastRounds = 4
	mostRounds  = 60
	roundWork   = 2_000_000 // arcs of all calendars that are made
)

// search is the state of planning.
type search struct {
	in    *instance
	net   *network
	kinds []kind
	best  solution
	bound int64          // proven by prices
	proof rollout.Prices // those prices

	narrowed bool // the rests of some block hang together too widely to be shared out exactly
}

// kind is blocks that differ in their course alone.
type kind struct{ blocks []int }

// solution is one choice for every block, with the cheapest calendar for it.
type solution struct {
	choice []grouping
	cost   int64
}

func newSearch(in *instance) *search {
	s := &search{in: in, net: newNetwork(in)}
	for i := range in.blocks {
		b := &in.blocks[i]
		k := slices.IndexFunc(s.kinds, func(k kind) bool {
			a := &in.blocks[k.blocks[0]]
			return a.step == b.step && a.window == b.window && slices.Equal(a.whole, b.whole) && slices.Equal(a.rest, b.rest)
		})
		if k < 0 {
			k = len(s.kinds)
			s.kinds = append(s.kinds, kind{})
		}
		s.kinds[k].blocks = append(s.kinds[k].blocks, i)
	}
	return s
}

// fit shares out rests at the prices of a calendar, makes a calendar of all ways
// to share out so far in equal parts, and so on until the bound is reached or the
// effort is used up. The prices tend to those that prove most (fictitious play on
// the Lagrangian), and each way to share out is a plan of its own.
func (s *search) fit(ctx context.Context) error {
	prices := noPrices(s.in)
	together := make([]int64, len(s.net.classes))
	rounds := min(mostRounds, max(leastRounds, roundWork/max(1, s.net.flow.Arcs())))
	for round := 0; ; round++ {
		choice, bound, err := s.choose(&prices)
		if err != nil {
			return err
		}
		if round == 0 || bound > s.bound {
			s.bound, s.proof = bound, prices
		}
		if s.narrowed {
			rounds = min(rounds, leastRounds) // each is dear
		}
		if round >= rounds || round > 0 && s.best.cost == s.bound {
			return nil
		}
		if err := s.try(ctx, choice); err != nil {
			return err
		}
		for c, supply := range s.net.supplies(choice) {
			together[c] += supply
		}
		if round > 0 {
			if _, err := s.net.solve(ctx, together, int64(round+1)); err != nil {
				return err
			}
		}
		prices = s.net.prices()
	}
}

// try makes the cheapest calendar for a choice and keeps it if it is the best.
func (s *search) try(ctx context.Context, choice []grouping) error {
	cost, err := s.net.solve(ctx, s.net.supplies(choice), 1)
	if err != nil {
		return err
	}
	cost += s.in.fixed
	for i := range choice {
		cost += choice[i].cost
	}
	if s.best.choice == nil || cost < s.best.cost {
		s.best = solution{slices.Clone(choice), cost}
	}
	return nil
}

// choose shares out the rests of every block at prices, and gives the bound that
// these prove: everything bought where it is cheapest, less what all capacity is
// worth.
func (s *search) choose(prices *rollout.Prices) (choice []grouping, bound int64, err error) {
	choice = make([]grouping, len(s.in.blocks))
	q := newQuotes(s.in, prices)
	bound = s.in.fixed - s.in.worth(prices)
	for _, k := range s.kinds {
		b := &s.in.blocks[k.blocks[0]]
		hosts := q.hosts(b)
		f, ok := newFrontier(s.in, b, hosts)
		if !ok {
			return nil, 0, aid.Errorf(aid.Invalid, "steps[%d].travel_km: lets too many areas hang together, %d km is too far", b.step, s.in.Steps[b.step].TravelKm)
		}
		least, exact := f.run(false)
		best := f.best()
		if !exact {
			least, _ = f.run(true)
			least = max(least, f.shares())
			s.narrowed = true
		}
		for _, i := range k.blocks {
			choice[i] = best
		}
		bound += int64(len(k.blocks)) * (least + q.whole(b, hosts))
	}
	return choice, bound, nil
}
