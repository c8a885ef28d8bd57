package bmatch_test

import (
	"math"
	"math/rand/v2"

	"github.com/linli/linli/matching/bmatch"
)

// plane is a Source over points in a square: a pair costs the distance in
// metres, rounded, and is eligible up to reach. It looks only into the buckets
// that a limit can concern, as a grid of cells does.
type plane struct {
	side, reach, bucket float64
	requests, people    [][2]float64
	buckets             map[[2]int][]int32
}

type crowd uint8

const (
	calm  crowd = iota // requests spread evenly
	surge              // half of them in 1/16 of the square, more than the people there can take
)

func newPlane(requests int, kind crowd, seed uint64) (*plane, *bmatch.Problem) {
	rng := rand.New(rand.NewPCG(seed, 7))
	pl := &plane{side: 250 * math.Sqrt(float64(requests)), reach: 20_000, bucket: 500, buckets: map[[2]int][]int32{}}
	problem := &bmatch.Problem{Source: pl}
	for v := range 10 * requests {
		at := [2]float64{rng.Float64() * pl.side, rng.Float64() * pl.side}
		pl.people = append(pl.people, at)
		cell := [2]int{int(at[0] / pl.bucket), int(at[1] / pl.bucket)}
		pl.buckets[cell] = append(pl.buckets[cell], int32(v))
		problem.Capacity = append(problem.Capacity, 1+rng.Int64N(3))
	}
	for r := range requests {
		side := pl.side
		if kind == surge && r%2 == 1 {
			side /= 4
		}
		pl.requests = append(pl.requests, [2]float64{rng.Float64() * side, rng.Float64() * side})
		problem.Requests = append(problem.Requests, bmatch.Request{
			Seats: 1 + int64(rng.ExpFloat64()*1.9), Penalty: 10_000_000 << rng.IntN(3),
		})
	}
	return pl, problem
}

func (pl *plane) cost(r, v int32) int64 {
	a, b := pl.requests[r], pl.people[v]
	return int64(math.Round(math.Hypot(a[0]-b[0], a[1]-b[1])))
}

func (pl *plane) AppendBelow(dst []bmatch.Arc, r int32, limit int64) []bmatch.Arc {
	at := pl.requests[r]
	radius := min(float64(limit), pl.reach)
	low := func(x float64) int { return int(max(0, x-radius) / pl.bucket) }
	high := func(x float64) int { return int(min(pl.side, x+radius) / pl.bucket) }
	for x := low(at[0]); x <= high(at[0]); x++ {
		for y := low(at[1]); y <= high(at[1]); y++ {
			for _, v := range pl.buckets[[2]int{x, y}] {
				if c := pl.cost(r, v); c < limit && float64(c) <= pl.reach {
					dst = append(dst, bmatch.Arc{Volunteer: v, Cost: c})
				}
			}
		}
	}
	return dst
}

// listed gives the same pairs as an explicit graph.
func (pl *plane) listed() *bmatch.Arcs {
	rows := make([][]bmatch.Arc, len(pl.requests))
	for r := range rows {
		rows[r] = pl.AppendBelow(nil, int32(r), math.MaxInt64)
	}
	return bmatch.NewArcs(rows)
}

// scarceCrews leaves one volunteer in five and makes each request a group that
// wants all its seats filled but so many.
func scarceCrews(p *bmatch.Problem, spare int64) {
	for v := range p.Capacity {
		if v%5 > 0 {
			p.Capacity[v] = 0
		}
	}
	for r, asked := range p.Requests {
		p.Groups = append(p.Groups, bmatch.Group{Members: []int32{int32(r)}, MinPeople: asked.Seats - spare})
	}
}
