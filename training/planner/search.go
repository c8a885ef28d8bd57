package planner

import (
	"context"
	"slices"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/rollout"
)

// rounds is how often at most prices and the sharing out of rests are fitted to
// each other.
const rounds = 8

// search is the state of planning.
type search struct {
	in    *instance
	net   *network
	kinds []kind
	best  solution
	bound int64          // proven by prices
	proof rollout.Prices // those prices
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

// fit shares out rests at the prices of the last calendar, makes a calendar of
// them, and so on until the bound is reached or nothing changes.
func (s *search) fit(ctx context.Context) error {
	prices := noPrices(s.in)
	sums, count := noPrices(s.in), int64(0)
	seen := map[int64]bool{}
	for round := 0; ; round++ {
		choice, bound, err := s.choose(&prices)
		if err != nil {
			return err
		}
		if round == 0 || bound > s.bound {
			s.bound, s.proof = bound, prices
		}
		if round == rounds || round > 0 && s.best.cost == s.bound {
			return nil
		}
		cost, err := s.try(ctx, choice)
		if err != nil {
			return err
		}
		again := seen[cost]
		seen[cost] = true
		prices = s.net.prices()
		count++
		addPrices(&sums, &prices)
		if again { // it turns in a circle: go on from the middle of it
			prices = meanOf(&sums, count)
		}
	}
}

// try makes the cheapest calendar for a choice and keeps it if it is the best.
func (s *search) try(ctx context.Context, choice []grouping) (int64, error) {
	cost, err := s.net.solve(ctx, choice)
	if err != nil {
		return 0, err
	}
	cost += s.in.fixed
	for i := range choice {
		cost += choice[i].cost
	}
	if s.best.choice == nil || cost < s.best.cost {
		s.best = solution{slices.Clone(choice), cost}
	}
	return cost, nil
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
		}
		for _, i := range k.blocks {
			choice[i] = best
		}
		bound += int64(len(k.blocks)) * (least + q.whole(b, hosts))
	}
	return choice, bound, nil
}

func addPrices(sums, p *rollout.Prices) {
	for area := range p.Venues {
		for t := range p.Venues[area] {
			sums.Venues[area][t] += p.Venues[area][t]
			sums.Lecturers[area][t] += p.Lecturers[area][t]
		}
	}
}

func meanOf(sums *rollout.Prices, count int64) rollout.Prices {
	mean := rollout.Prices{First: sums.First}
	for area := range sums.Venues {
		mean.Venues = append(mean.Venues, divided(sums.Venues[area], count))
		mean.Lecturers = append(mean.Lecturers, divided(sums.Lecturers[area], count))
	}
	return mean
}

func divided(values []int64, by int64) []int64 {
	out := make([]int64, len(values))
	for i, v := range values {
		out[i] = v / by
	}
	return out
}
