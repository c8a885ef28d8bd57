package planner

import "slices"

// group is rests that come together at one host.
type group struct {
	host    int   // place in the step's hosts
	homes   []int // whose rests
	people  int64
	cohorts int64
}

// grouping is a way to share out the rests of a block.
type grouping struct {
	groups []group
	left   []int // homes whose rest finds no cohort
	cost   int64 // empty seats, travel, and the penalty for each that is left
}

// Empty seats are counted as what every seat costs less what every person fills,
// so that a group without one of its homes never costs more than with it.
func (in *instance) filled(people int64) int64 { return in.Costs.EmptySeat * people }

// leastOfSupersets gives for each subset the least cost of all that hold it.
func leastOfSupersets(cost []int64) []int64 {
	least := slices.Clone(cost)
	for bit := 1; bit < len(cost); bit <<= 1 {
		for subset := range least {
			if more := least[subset|bit]; more >= 0 && (least[subset] < 0 || more < least[subset]) {
				least[subset] = more
			}
		}
	}
	return least
}

// group is the subset of homes at a host, with its cost but for the price; a
// negative cost says that there are too few people for the least size. Then as
// many as are missing come over from the whole cohorts of the host's own area,
// as far as these keep the least size themselves.
func (f *frontier) group(j int, homes []int, subset int) (group, int64) {
	step, h := &f.in.Steps[f.b.step], &f.p.hosts[j]
	g, travel := group{host: j}, int64(0)
	for i, home := range homes {
		if subset>>i&1 == 1 {
			g.homes = append(g.homes, home)
			g.people += f.b.rest[home]
			travel += f.b.rest[home] * int64(h.km[slices.Index(h.homes, home)])
		}
	}
	most, least := int64(step.MostSize), int64(step.LeastSize)
	g.cohorts = (g.people + most - 1) / most
	spare := int64(0)
	if h.own >= 0 {
		spare = f.b.whole[h.own] * (most - least)
	}
	if g.people+spare < least*g.cohorts {
		return g, -1
	}
	return g, f.in.filled(g.cohorts*most) + f.in.Costs.TravellerKm*travel
}

// leaving is what it costs that the rest of a home finds no cohort.
func (f *frontier) leaving(h int) int64 { return f.in.out() + f.in.filled(f.b.rest[h]) }

// grouping is what comes of the choices of all hosts.
func (f *frontier) grouping(chosen []int) grouping {
	g := grouping{cost: -f.in.filled(sum(f.b.rest))}
	served := make([]bool, len(f.p.homes))
	for j, subset := range chosen {
		if subset == 0 {
			continue
		}
		one, cost := f.group(j, f.rows[j].homes, subset)
		g.groups = append(g.groups, one)
		g.cost += cost
		for _, h := range one.homes {
			served[h] = true
		}
	}
	for h, rest := range f.b.rest {
		if rest > 0 && !served[h] {
			g.left = append(g.left, h)
			g.cost += f.leaving(h)
		}
	}
	return g
}

func sum(of []int64) int64 {
	total := int64(0)
	for _, n := range of {
		total += n
	}
	return total
}
