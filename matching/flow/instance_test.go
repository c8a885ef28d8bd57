package flow_test

import (
	"math"
	"slices"

	"pgregory.net/rapid"

	"github.com/linli/linli/matching/flow"
)

// instance is a small problem with its pairs in the open, so that tests can
// change it and solve it by other means.
type instance struct {
	requests []flow.Request
	capacity []int64
	rows     [][]flow.Arc
}

func (in *instance) explicit(t fataler) *flow.Problem {
	first := []int{0}
	var volunteers []int32
	var costs []int64
	for _, row := range in.rows {
		for _, a := range row {
			volunteers = append(volunteers, a.Volunteer)
			costs = append(costs, a.Cost)
		}
		first = append(first, len(costs))
	}
	rows, err := flow.NewRows(first, volunteers, costs)
	if err != nil {
		t.Fatalf("rows: %v", err)
	}
	return &flow.Problem{Requests: in.requests, Capacity: in.capacity, Source: rows}
}

func (in *instance) implicit() *flow.Problem {
	return &flow.Problem{Requests: in.requests, Capacity: in.capacity, Source: in}
}

// AppendBelow implements [flow.Source].
func (in *instance) AppendBelow(dst []flow.Arc, r int32, limit int64) []flow.Arc {
	for _, a := range in.rows[r] {
		if a.Cost < limit {
			dst = append(dst, a)
		}
	}
	return dst
}

func (in *instance) clone() *instance {
	out := &instance{requests: slices.Clone(in.requests), capacity: slices.Clone(in.capacity)}
	for _, row := range in.rows {
		out.rows = append(out.rows, slices.Clone(row))
	}
	return out
}

type fataler interface {
	Fatalf(format string, args ...any)
}

// drawInstance draws few costs (many ties) and penalties that are now below,
// now above them.
func drawInstance(t *rapid.T, size int) *instance {
	in := &instance{}
	volunteers := rapid.IntRange(0, size).Draw(t, "volunteers")
	dearest := rapid.SampledFrom([]int64{2, 9, 5000, 1 << 40}).Draw(t, "dearest")
	density := rapid.IntRange(1, 4).Draw(t, "density")
	for range volunteers {
		in.capacity = append(in.capacity, int64(rapid.IntRange(0, 3).Draw(t, "capacity")))
	}
	for range rapid.IntRange(0, size).Draw(t, "requests") {
		in.requests = append(in.requests, drawRequest(t, dearest))
		in.rows = append(in.rows, drawRow(t, volunteers, dearest, density))
	}
	return in
}

func drawRequest(t *rapid.T, dearest int64) flow.Request {
	q := flow.Request{
		Seats:   int64(rapid.IntRange(0, 4).Draw(t, "seats")),
		Penalty: rapid.Int64Range(0, 2*dearest).Draw(t, "penalty"),
	}
	if rapid.IntRange(0, 3).Draw(t, "keeps") == 0 {
		q.Keep = rapid.Int64Range(0, q.Seats).Draw(t, "keep")
		q.KeepPenalty = q.Penalty + rapid.Int64Range(0, 2*dearest).Draw(t, "more")
	}
	return q
}

func drawRow(t *rapid.T, volunteers int, dearest int64, density int) (row []flow.Arc) {
	for v := range volunteers {
		if rapid.IntRange(1, 4).Draw(t, "eligible") <= density {
			row = append(row, flow.Arc{Volunteer: int32(v), Cost: rapid.Int64Range(0, dearest).Draw(t, "cost")})
		}
	}
	return row
}

// optimum solves the instance as a general flow, one Bellman–Ford path at a
// time: slow, plain, and without prices.
func (in *instance) optimum() int64 {
	type edge struct {
		from, to int
		room     int64
		cost     int64
	}
	const source, sink = 0, 1
	request := func(r int) int { return 2 + r }
	volunteer := func(v int) int { return 2 + len(in.requests) + v }
	var edges []edge
	add := func(from, to int, room, cost int64) {
		edges = append(edges, edge{from, to, room, cost}, edge{to, from, 0, -cost})
	}
	for r, q := range in.requests {
		add(source, request(r), q.Seats, 0)
		add(request(r), sink, q.Seats-q.Keep, q.Penalty)
		add(request(r), sink, q.Keep, q.KeepPenalty)
		for _, a := range in.rows[r] {
			add(request(r), volunteer(int(a.Volunteer)), 1, a.Cost)
		}
	}
	for v, k := range in.capacity {
		add(volunteer(v), sink, k, 0)
	}
	total := int64(0)
	for {
		dist := make([]int64, 2+len(in.requests)+len(in.capacity))
		via := make([]int, len(dist))
		for i := range dist {
			dist[i] = math.MaxInt64
		}
		dist[source] = 0
		for changed := true; changed; {
			changed = false
			for i, e := range edges {
				if e.room > 0 && dist[e.from] != math.MaxInt64 && dist[e.from]+e.cost < dist[e.to] {
					dist[e.to], via[e.to], changed = dist[e.from]+e.cost, i, true
				}
			}
		}
		if dist[sink] == math.MaxInt64 {
			return total
		}
		total += dist[sink]
		for at := sink; at != source; at = edges[via[at]].from {
			edges[via[at]].room--
			edges[via[at]^1].room++
		}
	}
}
