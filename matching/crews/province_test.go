package crews

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/linli/linli/matching/flow"
)

// province is a recipe for requests and volunteers in towns.
type province struct {
	requests, volunteers int
	people               func(rng *rand.Rand) int64                    // seats of a request
	minimum              func(rng *rand.Rand, people int64) int64      // of them
	place                func(rng *rand.Rand, i int) (town, towns int) // where request i lies
	seed                 uint64
}

const (
	candidates = 32
	townSize   = 1500 // metres
)

type point struct{ x, y float64 }

// crowd gives the seats that a request asks for: many ask for one, few for ten.
func crowd(rng *rand.Rand) int64 { return min(10, 1+int64(rng.ExpFloat64()*1.9)) }

func allOrNobody(_ *rand.Rand, people int64) int64 { return people }

// surge has half of the requests in one town in sixteen, of a province with one
// volunteer available for 1.9 seats there.
func surge(requests int, seed uint64) *instance {
	return province{
		requests: requests, volunteers: requests * 266 / 100, people: crowd, minimum: allOrNobody, seed: seed,
		place: func(rng *rand.Rand, i int) (int, int) {
			if i%2 == 0 {
				return 0, 1
			}
			return 0, 16
		},
	}.make()
}

// busy has about as many volunteers as seats; some places run short.
func busy(requests int, seed uint64) *instance {
	return province{
		requests: requests, volunteers: requests * 120 / 100, people: crowd, minimum: allOrNobody, seed: seed,
		place: func(*rand.Rand, int) (int, int) { return 0, 1 },
	}.make()
}

// scarce has crews only, which compete for half of the people they would need.
func scarce(requests int, seed uint64) *instance {
	return province{
		requests: requests, volunteers: requests * 146 / 100, minimum: allOrNobody, seed: seed,
		people: func(rng *rand.Rand) int64 { return min(10, 1+crowd(rng)) },
		place:  func(*rand.Rand, int) (int, int) { return 0, 1 },
	}.make()
}

// make draws the instance. Towns number one for 300 requests; the nearest
// volunteers are eligible and cost their distance in metres.
func (p province) make() *instance {
	rng := rand.New(rand.NewPCG(p.seed, 11))
	towns := make([]point, max(16, p.requests/300))
	side := 4000 * math.Sqrt(float64(len(towns)))
	for i := range towns {
		towns[i] = point{rng.Float64() * side, rng.Float64() * side}
	}
	draw := func(first, part int) point {
		at := towns[first+rng.IntN(max(1, len(towns)/part))]
		return point{at.x + townSize*rng.NormFloat64(), at.y + townSize*rng.NormFloat64()}
	}
	in := &instance{}
	people := make([]point, p.volunteers)
	for v := range people {
		people[v] = draw(0, 1)
	}
	bySite := newSites(people)
	for range people {
		in.capacity = append(in.capacity, []int64{1, 1, 1, 2, 2, 3}[rng.IntN(6)])
	}
	places := make([]point, p.requests)
	for r := range places {
		places[r] = draw(p.place(rng, r))
	}
	newSites(places)
	for r, at := range places {
		seats := p.people(rng)
		in.requests = append(in.requests, flow.Request{
			Seats: seats, Penalty: 10_000_000 * []int64{1, 1, 1, 1, 1, 1, 2, 2, 2, 4}[rng.IntN(10)],
		})
		in.groups = append(in.groups, Group{[]int32{int32(r)}, p.minimum(rng, seats)})
		in.rows = append(in.rows, bySite.nearest(at))
	}
	return in
}

// sites finds points by squares of their plane.
type sites struct {
	points []point
	cells  map[[2]int][]int32
}

const site = 1000.0 // metres

func siteOf(p point) [2]int { return [2]int{int(math.Floor(p.x / site)), int(math.Floor(p.y / site))} }

// newSites sorts the points in place, so that near ones have near numbers.
func newSites(points []point) *sites {
	slices.SortFunc(points, func(a, b point) int {
		ca, cb := siteOf(a), siteOf(b)
		return cmp.Or(cmp.Compare(ca[0]/4, cb[0]/4), cmp.Compare(ca[1], cb[1]), cmp.Compare(a.x, b.x))
	})
	s := &sites{points, map[[2]int][]int32{}}
	for i, p := range points {
		s.cells[siteOf(p)] = append(s.cells[siteOf(p)], int32(i))
	}
	return s
}

// nearest gives the nearest volunteers, in no order.
func (s *sites) nearest(at point) []flow.Arc {
	var found []flow.Arc
	centre := siteOf(at)
	for reach := 1; ; reach *= 2 {
		found = found[:0]
		for x := centre[0] - reach; x <= centre[0]+reach; x++ {
			for y := centre[1] - reach; y <= centre[1]+reach; y++ {
				for _, v := range s.cells[[2]int{x, y}] {
					d := math.Hypot(s.points[v].x-at.x, s.points[v].y-at.y)
					found = append(found, flow.Arc{Volunteer: v, Cost: int64(math.Round(d))})
				}
			}
		}
		slices.SortFunc(found, func(a, b flow.Arc) int {
			return cmp.Or(cmp.Compare(a.Cost, b.Cost), cmp.Compare(a.Volunteer, b.Volunteer))
		})
		if len(found) >= candidates && float64(found[candidates-1].Cost) <= float64(reach)*site || reach > 1000 {
			return slices.Clone(found[:min(candidates, len(found))])
		}
	}
}

func (in *instance) explicit() *flow.Problem {
	first := []int{0}
	var volunteers []int32
	var costs []int64
	for _, row := range in.rows {
		for _, a := range row {
			volunteers, costs = append(volunteers, a.Volunteer), append(costs, a.Cost)
		}
		first = append(first, len(costs))
	}
	rows, err := flow.NewRows(first, volunteers, costs)
	if err != nil {
		panic(err)
	}
	return &flow.Problem{Requests: in.requests, Capacity: in.capacity, Source: rows}
}
