package planner

import (
	"slices"

	"github.com/linli/linli/training/rollout"
)

// noPrices are those at which everything is to be had for nothing.
func noPrices(in *instance) rollout.Prices {
	p := rollout.Prices{First: in.first}
	for range in.Areas {
		p.Venues = append(p.Venues, make([]int64, in.months))
		p.Lecturers = append(p.Lecturers, make([]int64, in.months))
	}
	return p
}

// quotes are what a cohort costs at prices: at a venue in a month with the
// cheapest lecturer, and from there in the cheapest month of a window.
type quotes struct {
	in   *instance
	spot map[int][]int64 // by area: [month]
}

func newQuotes(in *instance, p *rollout.Prices) *quotes {
	q := &quotes{in, map[int][]int64{}}
	for i := range in.steps {
		for j := range in.steps[i].hosts {
			if area := in.steps[i].hosts[j].area; q.spot[area] == nil {
				q.spot[area] = q.months(area, p)
			}
		}
	}
	return q
}

// months quotes a venue in each month.
func (q *quotes) months(area int, p *rollout.Prices) []int64 {
	spot := slices.Repeat([]int64{q.in.penalty}, q.in.months)
	for _, near := range q.in.teachers(area) {
		travel := q.in.Costs.LecturerKm * int64(near.km)
		for t, price := range p.Lecturers[near.area] {
			if q.in.lecturer[near.area][t] > 0 {
				spot[t] = min(spot[t], travel+price)
			}
		}
	}
	for t, price := range p.Venues[area] {
		spot[t] += min(price, q.in.penalty)
	}
	return spot
}

// host is what a cohort of a step costs at a venue in the cheapest month.
func (q *quotes) host(step int, w window, area int) int64 {
	best := q.in.out()
	for t := w.from; t <= w.to; t++ {
		if q.in.open(area, t) {
			best = min(best, q.spot[area][t]+q.in.late(step, t))
		}
	}
	return best
}

// hosts quotes every host of a block.
func (q *quotes) hosts(b *block) []int64 {
	hosts := q.in.steps[b.step].hosts
	prices := make([]int64, len(hosts))
	for j := range hosts {
		prices[j] = q.host(b.step, b.window, hosts[j].area)
	}
	return prices
}

// whole is what the whole cohorts of a block cost, each where it is cheapest.
func (q *quotes) whole(b *block, hosts []int64) int64 {
	p, step := &q.in.steps[b.step], &q.in.Steps[b.step]
	total := int64(0)
	for h, whole := range b.whole {
		best := q.in.out()
		for _, j := range p.ways[h] {
			km := p.hosts[j].km[slices.Index(p.hosts[j].homes, h)]
			best = min(best, hosts[j]+q.in.Costs.TravellerKm*int64(step.MostSize*km))
		}
		total += whole * best
	}
	return total
}

// worth is what all capacity together earns at prices.
func (in *instance) worth(p *rollout.Prices) int64 {
	total := int64(0)
	for area := range in.Areas {
		for t := range in.months {
			total += p.Venues[area][t]*in.venue[area][t] + p.Lecturers[area][t]*in.lecturer[area][t]
		}
	}
	return total
}
