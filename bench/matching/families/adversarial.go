package families

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/linli/linli/bench/matching/instance"
	"github.com/linli/linli/matching/bmatch"
)

// openSeat is the penalty of the families without a geography: above the cost
// of any displacement chain that they have.
const openSeat = 1_000_000_000

func adversarial() []Family {
	plain := func(produce func(n int, r *rand.Rand) *instance.Instance) func(context.Context, *Store, int, *rand.Rand) (*instance.Instance, error) {
		return func(_ context.Context, _ *Store, n int, r *rand.Rand) (*instance.Instance, error) {
			return produce(n, r), nil
		}
	}
	return []Family{
		{"all_equal", Adversarial, "every pair costs the same", []int{20_000}, plain(func(n int, r *rand.Rand) *instance.Instance {
			return scattered(n, r, func(_, _ int) int64 { return 1_000 })
		})},
		{"two_costs", Adversarial, "a pair costs 1 or 1,000,000", []int{20_000}, plain(func(n int, r *rand.Rand) *instance.Instance {
			return scattered(n, r, func(_, _ int) int64 { return []int64{1, 1_000_000}[r.IntN(2)] })
		})},
		{"low_costs", Adversarial, "a pair costs a whole number below 100", []int{20_000}, plain(func(n int, r *rand.Rand) *instance.Instance {
			return scattered(n, r, func(_, _ int) int64 { return r.Int64N(100) })
		})},
		{"product_costs", Adversarial, "a pair costs a·b, each of 1–1,000 drawn once a person", []int{20_000}, plain(products)},
		{"dense_city", Adversarial, "everybody may serve everybody in one city, costs are metres, too few volunteers", []int{2_000}, plain(denseCity)},
		{"long_chain", Adversarial, "one request displaces all others, one after the other", []int{20_000}, plain(func(n int, _ *rand.Rand) *instance.Instance { return chain(n-1, 1) })},
		{"wide_chain", Adversarial, "twenty requests each displace a thousand others", []int{20_000}, plain(func(n int, _ *rand.Rand) *instance.Instance { return chain(max(1, n/20-1), 20) })},
		{"hard_crews", Crews, "all or nobody in one crowded quarter, where the relaxation is weak", []int{200}, plain(hardCrews)},
	}
}

// scattered joins each of n requests with one seat to 32 of n volunteers,
// anywhere, each of capacity 1.
func scattered(n int, r *rand.Rand, cost func(request, volunteer int) int64) *instance.Instance {
	in := &instance.Instance{Capacity: ones(n)}
	for i := range n {
		var row []bmatch.Arc
		for _, v := range distinct(r, n, Candidates) {
			row = append(row, bmatch.Arc{Volunteer: int32(v), Cost: cost(i, v)})
		}
		in.Append(bmatch.Request{Seats: 1, Penalty: openSeat}, row)
	}
	return in
}

func products(n int, r *rand.Rand) *instance.Instance {
	draw := func() []int64 {
		out := make([]int64, n)
		for i := range out {
			out[i] = r.Int64N(1_000) + 1
		}
		return out
	}
	a, b := draw(), draw()
	return scattered(n, r, func(request, volunteer int) int64 { return a[request] * b[volunteer] })
}

type point struct{ x, y float64 }

// city draws places in a disc-like city: normal about its middle, in metres.
func city(n int, r *rand.Rand, sigma float64) []point {
	out := make([]point, n)
	for i := range out {
		out[i] = point{r.NormFloat64() * sigma, r.NormFloat64() * sigma}
	}
	slices.SortFunc(out, func(a, b point) int { return cmp.Compare(a.x, b.x) })
	return out
}

func metres(a, b point) int64 { return int64(math.Round(math.Hypot(a.x-b.x, a.y-b.y))) }

// denseCity has n requests of 1–3 seats and n volunteers of capacity 1–2, three
// seats for each two units of capacity within reach.
func denseCity(n int, r *rand.Rand) *instance.Instance {
	in := &instance.Instance{Capacity: make([]int64, n)}
	for v := range in.Capacity {
		in.Capacity[v] = 1 + r.Int64N(2)
	}
	homes := city(n, r, 4_000)
	for _, at := range city(n, r, 4_000) {
		row := make([]bmatch.Arc, n)
		for v, home := range homes {
			row[v] = bmatch.Arc{Volunteer: int32(v), Cost: metres(at, home)}
		}
		r.Shuffle(n, func(a, b int) { row[a], row[b] = row[b], row[a] })
		in.Append(bmatch.Request{Seats: 1 + r.Int64N(3), Penalty: 10_000_000 << r.IntN(3)}, row)
	}
	return in
}

// chain has links of so many requests, each content with its own volunteer and
// able to go to the next; newcomers at the head push every link on by one, up
// to the free volunteer at the end.
//
//	newcomers ─► v0 ◄─ link 0 ─► v1 ◄─ link 1 ─► … ─► v(links)
func chain(links, width int) *instance.Instance {
	in := &instance.Instance{Capacity: make([]int64, links+1)}
	for v := range in.Capacity {
		in.Capacity[v] = int64(width)
	}
	q := bmatch.Request{Seats: 1, Penalty: openSeat}
	for i := range links {
		for range width {
			in.Append(q, []bmatch.Arc{{Volunteer: int32(i + 1), Cost: 2}, {Volunteer: int32(i), Cost: 1}})
		}
	}
	for range width {
		in.Append(q, []bmatch.Arc{{Volunteer: 0, Cost: 1}})
	}
	return in
}

// hardCrews has crews of 2–6 that compete for volunteers enough for two thirds
// of them.
func hardCrews(n int, r *rand.Rand) *instance.Instance {
	in := &instance.Instance{}
	places := city(n, r, 2_000)
	var seats int64
	for range places {
		in.MinPeople = append(in.MinPeople, 2+r.Int64N(5))
		seats += in.MinPeople[len(in.MinPeople)-1]
	}
	homes := city(int(seats*2/3), r, 2_000)
	in.Capacity = ones(len(homes))
	for i, at := range places {
		row := make([]bmatch.Arc, len(homes))
		for v, home := range homes {
			row[v] = bmatch.Arc{Volunteer: int32(v), Cost: metres(at, home)}
		}
		slices.SortFunc(row, func(a, b bmatch.Arc) int { return cmp.Compare(a.Cost, b.Cost) })
		row = row[:min(len(row), 2*Candidates)]
		r.Shuffle(len(row), func(a, b int) { row[a], row[b] = row[b], row[a] })
		in.Append(bmatch.Request{Seats: in.MinPeople[i], Penalty: 10_000}, row)
	}
	return in
}

func ones(n int) []int64 { return slices.Repeat([]int64{1}, n) }

// distinct draws up to k different numbers below n.
func distinct(r *rand.Rand, n, k int) []int {
	if k >= n {
		return r.Perm(n)
	}
	seen := make(map[int]bool, k)
	out := make([]int, 0, k)
	for len(out) < k {
		if i := r.IntN(n); !seen[i] {
			seen[i] = true
			out = append(out, i)
		}
	}
	return out
}
