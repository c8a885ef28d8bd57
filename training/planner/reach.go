package planner

import (
	"math"
	"slices"

	"github.com/linli/linli/aid"
)

// neighbours is how many other areas at most an area's people may be sent to,
// and from how many a venue may take people.
const neighbours = 4

// km is the distance by road between two areas.
func (in *instance) km(a, b int) int {
	if a == b {
		return 0
	}
	if km, known := in.roads[[2]int{a, b}]; known {
		return km
	}
	p, q := &in.Areas[a], &in.Areas[b]
	metres := aid.Point{Lat: p.Lat, Lng: p.Lng}.Distance(aid.Point{Lat: q.Lat, Lng: q.Lng})
	return int(math.Round(metres * float64(in.RoadPercent) / 100_000))
}

// teacher is an area whose lecturers can reach a venue.
type teacher struct{ area, km int }

// teachers gives the areas whose lecturers can reach a venue, by index.
func (in *instance) teachers(venue int) []teacher {
	if known, there := in.reached[venue]; there {
		return known
	}
	var near []teacher
	for area := range in.Areas {
		if slices.Max(in.lecturer[area]) > 0 {
			if km := in.km(venue, area); km <= in.LecturerKm {
				near = append(near, teacher{area, km})
			}
		}
	}
	in.reached[venue] = near
	return near
}

// stepPeople is who a step trains, and where they may go.
type stepPeople struct {
	homes  []int   // areas that gather people, ascending
	people []int64 // of each home
	hosts  []host  // areas that may hold cohorts, in an order that keeps the frontier small
	ways   [][]int // [home] its hosts, by place in hosts; its own area is among them
}

// host is an area that may hold cohorts of a step.
type host struct {
	area  int
	own   int   // the home that it is itself, or -1
	homes []int // whose people may come, ascending
	km    []int // of each of them
}

// peopleOf counts who a step trains, by the area that gathers them.
func (in *instance) peopleOf(s int) stepPeople {
	count := in.People(s)
	var p stepPeople
	for area := range in.Areas {
		if n := count[in.Areas[area].ID]; n > 0 {
			p.homes, p.people = append(p.homes, area), append(p.people, int64(n))
		}
	}
	in.link(&p, in.Steps[s].TravelKm)
	return p
}

// link finds which homes may send people to which hosts: within reach, and each
// among the nearest of the other.
func (in *instance) link(p *stepPeople, reach int) {
	hosts := slices.Clone(p.homes)
	for area := range in.Areas {
		if slices.Max(in.venue[area]) > 0 && !slices.Contains(p.homes, area) {
			hosts = append(hosts, area)
		}
	}
	fromHome := make([][]int, len(p.homes))
	for h, home := range p.homes {
		fromHome[h] = in.nearest(home, hosts, reach)
	}
	var linked []host
	for j, area := range hosts {
		one := host{area: area, own: slices.Index(p.homes, area)}
		toHost := in.nearest(area, p.homes, reach)
		for h, home := range p.homes {
			if h == one.own || slices.Contains(toHost, h) && slices.Contains(fromHome[h], j) {
				one.homes, one.km = append(one.homes, h), append(one.km, in.km(home, area))
			}
		}
		if len(one.homes) > 0 {
			linked = append(linked, one)
		}
	}
	p.hosts = inBreadth(linked, len(p.homes))
	p.ways = make([][]int, len(p.homes))
	for j := range p.hosts {
		for _, h := range p.hosts[j].homes {
			p.ways[h] = append(p.ways[h], j)
		}
	}
}

// nearest gives the places in others of the nearest areas within reach, itself
// left out; of equally near ones the first.
func (in *instance) nearest(area int, others []int, reach int) []int {
	type near struct{ km, at int }
	var found []near
	for at, other := range others {
		if other == area {
			continue
		}
		if km := in.km(area, other); km <= reach {
			found = append(found, near{km, at})
		}
	}
	slices.SortFunc(found, func(a, b near) int {
		if a.km != b.km {
			return a.km - b.km
		}
		return a.at - b.at
	})
	var places []int
	for _, f := range found[:min(neighbours, len(found))] {
		places = append(places, f.at)
	}
	return places
}

// inBreadth orders hosts so that those that share homes stand together.
func inBreadth(hosts []host, homes int) []host {
	of := make([][]int, homes)
	for j := range hosts {
		for _, h := range hosts[j].homes {
			of[h] = append(of[h], j)
		}
	}
	seen := make([]bool, len(hosts))
	var order []host
	for root := range hosts {
		queue := []int{root}
		for len(queue) > 0 {
			j := queue[0]
			if queue = queue[1:]; seen[j] {
				continue
			}
			seen[j] = true
			order = append(order, hosts[j])
			for _, h := range hosts[j].homes {
				queue = append(queue, of[h]...)
			}
		}
	}
	return order
}
