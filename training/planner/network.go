package planner

import (
	"context"
	"slices"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/mcf"
	"github.com/linli/linli/training/rollout"
)

// classKey names cohorts that differ in nothing that the calendar cares about,
// whatever their course.
type classKey struct {
	step   int
	window window
	whole  bool
	at     int // whole: a home; else a host
}

// class is cohorts with the same choices.
type class struct {
	classKey
	node int32
	ways []way
}

// way is one venue and month that a class may be held at.
type way struct {
	spot int
	arc  int32
}

// spot is a venue in a month.
type spot struct {
	area, t   int
	into, out int32 // nodes
	over      int32 // arc between them of cohorts that find no place
	lecturers []supply
}

// supply is the lecturers of an area who can reach a spot.
type supply struct {
	area int
	arc  int32
}

// network is the calendar as a flow of cohorts:
//
//	class → spot (venue, month) → lecturers (area, month) → all held
//
// with dear ways past whatever is full.
type network struct {
	in      *instance
	flow    mcf.Network
	all     int32
	classes []class
	classOf map[classKey]int
	spots   []spot
	spotOf  map[[2]int]int
	node    map[[2]int]int32 // of the lecturers of an area in a month
	scarce  []limit
}

// limit is an arc whose capacity is that of a venue or of lecturers.
type limit struct {
	arc      int32
	capacity int64
}

func newNetwork(in *instance) *network {
	n := &network{
		in: in, classOf: map[classKey]int{}, spotOf: map[[2]int]int{}, node: map[[2]int]int32{},
	}
	n.all = n.flow.AddNode(0)
	for i := range in.blocks {
		b := &in.blocks[i]
		p := &in.steps[b.step]
		for h := range p.homes {
			n.addClass(classKey{b.step, b.window, true, h})
		}
		for j := range p.hosts {
			n.addClass(classKey{b.step, b.window, false, j})
		}
	}
	return n
}

// addClass joins a class to the spots where its cohorts may be.
func (n *network) addClass(key classKey) {
	if _, there := n.classOf[key]; there {
		return
	}
	n.classOf[key] = len(n.classes)
	c := class{classKey: key, node: n.flow.AddNode(0)}
	p, step := &n.in.steps[key.step], &n.in.Steps[key.step]
	hosts := []int{key.at}
	if key.whole {
		hosts = p.ways[key.at]
	}
	for _, j := range hosts {
		travel := int64(0)
		if h := &p.hosts[j]; key.whole {
			travel = n.in.Costs.TravellerKm * int64(step.MostSize*h.km[slices.Index(h.homes, key.at)])
		}
		for t := key.window.from; t <= key.window.to; t++ {
			if area := p.hosts[j].area; n.in.open(area, t) {
				s := n.spot(area, t)
				c.ways = append(c.ways, way{s, n.flow.AddArc(c.node, n.spots[s].into, mcf.Unbounded, travel+n.in.late(key.step, t))})
			}
		}
	}
	n.flow.AddArc(c.node, n.all, mcf.Unbounded, n.in.out()) // in no month
	n.classes = append(n.classes, c)
}

// spot finds or makes a venue in a month, with the lecturers in reach.
func (n *network) spot(area, t int) int {
	if i, there := n.spotOf[[2]int{area, t}]; there {
		return i
	}
	s := spot{area: area, t: t, into: n.flow.AddNode(0), out: n.flow.AddNode(0)}
	n.limited(s.into, s.out, n.in.venue[area][t])
	s.over = n.flow.AddArc(s.into, s.out, mcf.Unbounded, n.in.penalty)
	for _, near := range n.in.teachers(area) {
		if n.in.lecturer[near.area][t] > 0 {
			arc := n.flow.AddArc(s.out, n.lecturers(near.area, t), mcf.Unbounded, n.in.Costs.LecturerKm*int64(near.km))
			s.lecturers = append(s.lecturers, supply{near.area, arc})
		}
	}
	n.flow.AddArc(s.out, n.all, mcf.Unbounded, n.in.penalty) // without a lecturer
	n.spotOf[[2]int{area, t}] = len(n.spots)
	n.spots = append(n.spots, s)
	return len(n.spots) - 1
}

// lecturers finds or makes the node of the lecturers of an area in a month.
func (n *network) lecturers(area, t int) int32 {
	key := [2]int{area, t}
	if node, there := n.node[key]; there {
		return node
	}
	node := n.flow.AddNode(0)
	n.node[key] = node
	n.limited(node, n.all, n.in.lecturer[area][t])
	return node
}

func (n *network) limited(from, to int32, capacity int64) {
	n.scarce = append(n.scarce, limit{n.flow.AddArc(from, to, capacity, 0), capacity})
}

// supplies is how many cohorts of each class a choice makes.
func (n *network) supplies(choice []grouping) []int64 {
	supplies := make([]int64, len(n.classes))
	for i := range choice {
		b := &n.in.blocks[i]
		for h, whole := range b.whole {
			supplies[n.classOf[classKey{b.step, b.window, true, h}]] += whole
		}
		for _, g := range choice[i].groups {
			supplies[n.classOf[classKey{b.step, b.window, false, g.host}]] += g.cohorts
		}
	}
	return supplies
}

// solve makes the cheapest calendar for supplies, which may be those of several
// choices together if all capacities are taken as often, and gives its cost.
func (n *network) solve(ctx context.Context, supplies []int64, times int64) (int64, error) {
	total := int64(0)
	for c, supply := range supplies {
		n.flow.SetSupply(n.classes[c].node, supply)
		total += supply
	}
	n.flow.SetSupply(n.all, -total)
	for _, l := range n.scarce {
		n.flow.SetCapacity(l.arc, times*l.capacity)
	}
	if err := n.flow.Solve(ctx); err != nil {
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		return 0, &aid.Error{Kind: aid.Invalid, Message: "the costs are too great for the number of cohorts: " + err.Error(), Err: err}
	}
	return n.flow.Cost(), nil
}

// prices reads off what one more place or lecturer is worth.
func (n *network) prices() rollout.Prices {
	p := noPrices(n.in)
	for i := range n.spots {
		s := &n.spots[i]
		p.Venues[s.area][s.t] = max(0, n.flow.Potential(s.out)-n.flow.Potential(s.into))
	}
	for key, node := range n.node {
		p.Lecturers[key[0]][key[1]] = max(0, n.flow.Potential(n.all)-n.flow.Potential(node))
	}
	return p
}
