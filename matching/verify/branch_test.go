package verify_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/matching/bmatch"
	"github.com/linli/linli/matching/verify"
)

// rivals are three crews of two that want any two of three people, at 2 each;
// an open seat costs 10. One crew can be served: 2 × 2 + 4 × 10 = 44. No prices
// alone prove more than the 36 of a plan that serves each crew by half.
func rivals() (verify.Instance, verify.Prices) {
	in := verify.Instance{
		Capacity: []int64{1, 1, 1},
		Cost:     func(int32, int32) (int64, bool) { return 2, true },
		Below: func(_ int32, limit int64, visit func(int32, int64)) {
			for v := range int32(3) {
				if limit > 2 {
					visit(v, 2)
				}
			}
		},
	}
	for r := range int32(3) {
		in.Requests = append(in.Requests, verify.Request{Seats: 2, Penalty: 10})
		in.Groups = append(in.Groups, verify.Group{Members: []int32{r}, MinPeople: 2})
	}
	prices := verify.Prices{Requests: []int64{10, 10, 10}, Volunteers: []int64{8, 8, 8}}
	return in, prices
}

// cases prove 44: two crews that are in would cost more for a fourth person, and
// where one is in at most, people need no price.
func cases() verify.Branch {
	free, dear := []int64{0, 0, 0}, []int64{30, 30, 30}
	return verify.Branch{
		Requests: []int32{0, 1, 2}, Volunteers: []int32{0, 1, 2},
		Cases: []verify.Case{
			{In: []int32{0, 1}, Prices: dear},
			{In: []int32{0, 2}, Out: []int32{1}, Prices: dear},
			{In: []int32{0}, Out: []int32{1, 2}, Prices: free},
			{Out: []int32{0, 1}, Prices: free},
			{In: []int32{1}, Out: []int32{0, 2}, Prices: free},
			{In: []int32{1, 2}, Out: []int32{0}, Prices: dear},
		},
	}
}

func TestBranchesProveMoreThanPrices(t *testing.T) {
	t.Parallel()
	in, prices := rivals()
	require.Empty(t, verify.Bound(in, prices, 36))
	require.Equal(t, []verify.Fault{verify.BoundTooHigh}, faults(verify.Bound(in, prices, 37)))

	prices.Branches, prices.Volunteers = []verify.Branch{cases()}, []int64{0, 0, 0}
	require.Empty(t, verify.Bound(in, prices, 44))
	require.Equal(t, []verify.Fault{verify.BoundTooHigh}, faults(verify.Bound(in, prices, 45)), "there is a plan for 44")
}

// People of a branch whom others pay more for are worth that much: the higher
// price counts against the capacity.
func TestBranchCountsTheHigherPrice(t *testing.T) {
	t.Parallel()
	in, prices := rivals()
	prices.Branches = []verify.Branch{{
		Requests: []int32{0, 1, 2}, Volunteers: []int32{0, 1, 2},
		Cases: []verify.Case{{Prices: []int64{8, 8, 8}}},
	}}
	require.Empty(t, verify.Bound(in, prices, 36))
	prices.Volunteers = []int64{9, 9, 9} // nobody is outside, but somebody might be
	require.Equal(t, []verify.Fault{verify.BoundTooHigh}, faults(verify.Bound(in, prices, 34)))
	require.Empty(t, verify.Bound(in, prices, 33))
}

func TestBrokenBranchesAreSeen(t *testing.T) {
	t.Parallel()
	for name, corrupt := range map[string]func(in *verify.Instance, b *[]verify.Branch){
		"no case":                 func(_ *verify.Instance, b *[]verify.Branch) { (*b)[0].Cases = nil },
		"the first case left out": func(_ *verify.Instance, b *[]verify.Branch) { (*b)[0].Cases = (*b)[0].Cases[1:] },
		"the last case left out":  func(_ *verify.Instance, b *[]verify.Branch) { (*b)[0].Cases = (*b)[0].Cases[:5] },
		"a price left out":        func(_ *verify.Instance, b *[]verify.Branch) { (*b)[0].Cases[0].Prices = []int64{1} },
		"a negative price":        func(_ *verify.Instance, b *[]verify.Branch) { (*b)[0].Cases[0].Prices = []int64{1, 1, -1} },
		"a request in two": func(_ *verify.Instance, b *[]verify.Branch) {
			*b = append(*b, verify.Branch{Requests: []int32{1}, Cases: []verify.Case{{}}})
		},
		"a volunteer in two": func(_ *verify.Instance, b *[]verify.Branch) {
			*b = append(*b, verify.Branch{Volunteers: []int32{1}, Cases: []verify.Case{{Prices: []int64{1}}}})
		},
		"a request of nobody":     func(_ *verify.Instance, b *[]verify.Branch) { (*b)[0].Requests[2] = 3 },
		"a volunteer of nobody":   func(_ *verify.Instance, b *[]verify.Branch) { (*b)[0].Volunteers[2] = -1 },
		"a group of another part": func(_ *verify.Instance, b *[]verify.Branch) { (*b)[0].Requests = (*b)[0].Requests[1:] },
		"a torn group": func(in *verify.Instance, b *[]verify.Branch) {
			in.Groups[2].Members = []int32{1, 2}
			in.Groups = in.Groups[2:]
			(*b)[0] = verify.Branch{Requests: []int32{0, 1}, Cases: []verify.Case{{}}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in, prices := rivals()
			prices.Branches = []verify.Branch{cases()}
			require.NotContains(t, faults(verify.Bound(in, prices, math.MinInt64)), verify.BranchBroken)
			corrupt(&in, &prices.Branches)
			require.Contains(t, faults(verify.Bound(in, prices, math.MinInt64)), verify.BranchBroken)
		})
	}
}

// The solver proves by cases what prices cannot, and its proof holds here.
func TestSolverBranches(t *testing.T) {
	t.Parallel()
	in, _ := rivals()
	p := &bmatch.Problem{Capacity: in.Capacity, Source: bmatch.NewArcs([][]bmatch.Arc{
		{{Volunteer: 0, Cost: 2}, {Volunteer: 1, Cost: 2}, {Volunteer: 2, Cost: 2}},
		{{Volunteer: 0, Cost: 2}, {Volunteer: 1, Cost: 2}, {Volunteer: 2, Cost: 2}},
		{{Volunteer: 0, Cost: 2}, {Volunteer: 1, Cost: 2}, {Volunteer: 2, Cost: 2}},
	})}
	for r := range in.Requests {
		p.Requests = append(p.Requests, bmatch.Request{Seats: 2, Penalty: 10})
		p.Groups = append(p.Groups, bmatch.Group{Members: []int32{int32(r)}, MinPeople: 2})
	}
	res, err := bmatch.Solve(t.Context(), p, bmatch.Options{})
	require.NoError(t, err)
	require.Equal(t, int64(44), res.Objective)
	require.NotEmpty(t, res.Branches)
	require.GreaterOrEqual(t, res.Bound, int64(42))
	prices := verify.Prices{Requests: res.RequestPrices, Volunteers: res.VolunteerPrices, Branches: branches(res)}
	require.Empty(t, verify.Bound(in, prices, res.Bound))
	require.NotEmpty(t, verify.Bound(in, prices, 45))
}
