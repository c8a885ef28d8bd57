package flow_test

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/linli/linli/matching/flow"
)

// crowd is how supply and demand lie to each other.
type crowd string

const (
	calm  crowd = "calm"  // far more volunteers than anybody needs
	busy  crowd = "busy"  // one in ten of them
	surge crowd = "surge" // the same, and half of the requests in 1/16 of the land
)

const candidates = 32

type point struct{ x, y float64 }

// plane is a province laid flat: half of the people live in towns. A pair costs
// its distance in metres. People and requests are numbered along a curve that
// keeps neighbours together.
type plane struct {
	side, bucket float64
	reach        int64
	people       []point
	requests     []point
	cells        [][]int32
	wide         int
	problem      flow.Problem
}

func newPlane(requests int, kind crowd, seed uint64) *plane {
	rng := rand.New(rand.NewPCG(seed, 7))
	pl := &plane{side: 1000 * math.Sqrt(float64(requests)), reach: math.MaxInt64}
	towns := make([]point, max(1, requests/500))
	for i := range towns {
		towns[i] = point{rng.Float64() * pl.side, rng.Float64() * pl.side}
	}
	place := func() point {
		if rng.IntN(2) == 0 {
			return point{rng.Float64() * pl.side, rng.Float64() * pl.side}
		}
		town, spread := towns[rng.IntN(len(towns))], 2000.0
		within := func(x float64) float64 { return min(max(x, 0), pl.side) }
		return point{within(town.x + spread*rng.NormFloat64()), within(town.y + spread*rng.NormFloat64())}
	}
	people := requests * 266 / 10
	if kind != calm {
		people /= 10
	}
	for range people {
		pl.people = append(pl.people, place())
	}
	for r := range requests {
		at := place()
		if kind == surge && r%2 == 1 {
			at = point{at.x / 4, at.y / 4}
		}
		pl.requests = append(pl.requests, at)
	}
	pl.arrange()
	for range people {
		pl.problem.Capacity = append(pl.problem.Capacity, 1+rng.Int64N(3))
	}
	for range requests {
		pl.problem.Requests = append(pl.problem.Requests, flow.Request{
			Seats: min(10, 1+int64(rng.ExpFloat64()*1.9)), Penalty: 10_000_000 << rng.IntN(3),
		})
	}
	pl.problem.Source = pl
	return pl
}

// arrange sorts along a curve of cells and fills the buckets.
func (pl *plane) arrange() {
	pl.bucket = pl.side / math.Sqrt(float64(len(pl.people))/4+1)
	pl.wide = int(pl.side/pl.bucket) + 1
	curve := func(a, b point) int { return cmp.Compare(pl.curve(a), pl.curve(b)) }
	slices.SortFunc(pl.people, curve)
	slices.SortFunc(pl.requests, curve)
	pl.cells = make([][]int32, pl.wide*pl.wide)
	for v, at := range pl.people {
		cell := int(at.y/pl.bucket)*pl.wide + int(at.x/pl.bucket)
		pl.cells[cell] = append(pl.cells[cell], int32(v))
	}
}

func (pl *plane) curve(at point) uint64 {
	spread := func(x uint64) (out uint64) {
		for i := range 16 {
			out |= x >> i & 1 << (2 * i)
		}
		return out
	}
	scale := 65535 / pl.side
	return spread(uint64(at.x*scale)) | spread(uint64(at.y*scale))<<1
}

func (pl *plane) cost(r, v int32) int64 {
	a, b := pl.requests[r], pl.people[v]
	return int64(math.Round(math.Hypot(a.x-b.x, a.y-b.y)))
}

// AppendBelow implements [flow.Source].
func (pl *plane) AppendBelow(dst []flow.Arc, r int32, limit int64) []flow.Arc {
	at, radius := pl.requests[r], float64(min(limit, pl.reach))
	cell := func(x float64) int { return min(max(int(x/pl.bucket), 0), pl.wide-1) }
	for y := cell(at.y - radius); y <= cell(at.y+radius); y++ {
		for x := cell(at.x - radius); x <= cell(at.x+radius); x++ {
			for _, v := range pl.cells[y*pl.wide+x] {
				if c := pl.cost(r, v); c < limit && c <= pl.reach {
					dst = append(dst, flow.Arc{Volunteer: v, Cost: c})
				}
			}
		}
	}
	return dst
}

// nearest gives the same problem with so many candidates a request, in no order.
func (pl *plane) nearest(m int) *flow.Problem {
	rng := rand.New(rand.NewPCG(1, 2))
	first := []int{0}
	var volunteers []int32
	var costs []int64
	var row []flow.Arc
	for r := range pl.requests {
		for radius := pl.bucket; ; radius *= 1.5 {
			row = pl.AppendBelow(row[:0], int32(r), int64(radius))
			if len(row) >= m || radius > 2*pl.side {
				break
			}
		}
		slices.SortFunc(row, func(a, b flow.Arc) int { return cmp.Compare(a.Cost, b.Cost) })
		row = row[:min(len(row), m)]
		rng.Shuffle(len(row), func(i, j int) { row[i], row[j] = row[j], row[i] })
		for _, a := range row {
			volunteers = append(volunteers, a.Volunteer)
			costs = append(costs, a.Cost)
		}
		first = append(first, len(costs))
	}
	rows, err := flow.NewRows(first, volunteers, costs)
	if err != nil {
		panic(err)
	}
	p := pl.problem
	p.Source = rows
	return &p
}

// oneToOne makes every request want one person and every person do one thing.
func oneToOne(p *flow.Problem) {
	p.Requests, p.Capacity = slices.Clone(p.Requests), slices.Clone(p.Capacity)
	for r := range p.Requests {
		p.Requests[r].Seats = 1
	}
	for v := range p.Capacity {
		p.Capacity[v] = 1
	}
}
