package flow_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/matching/flow"
)

func TestSolveIsOptimal(t *testing.T) {
	t.Parallel()
	for _, way := range []struct {
		name      string
		effort    int
		impatient bool
	}{
		{"by searches", 1 << 20, false},
		{"by zones", 1, false},
		{"by auction", 1, true},
	} {
		for _, size := range []int{4, 12, 40} {
			t.Run(fmt.Sprint(way.name, " ", size), func(t *testing.T) {
				t.Parallel()
				rapid.Check(t, func(rt *rapid.T) {
					in := drawInstance(rt, size)
					want := in.optimum()
					for _, p := range []*flow.Problem{in.explicit(rt), in.implicit()} {
						s, err := flow.New(p, flow.Options{})
						require.NoError(rt, err)
						s.Tune(way.effort, way.impatient)
						require.NoError(rt, s.Solve(t.Context()))
						got, err := s.Prove()
						require.NoError(rt, err)
						require.Equal(rt, want, got)
						require.Equal(rt, want, s.Cost())
					}
				})
			})
		}
	}
}

// Where nobody is cheaper than an open seat, seats are left open without a search.
func TestSeatsThatNobodyIsCheapEnoughForTakeNoSearch(t *testing.T) {
	t.Parallel()
	rows, err := flow.NewRows([]int{0, 0, 1, 3}, []int32{0, 0, 1}, []int64{7, 5, 9})
	require.NoError(t, err)
	s, err := flow.New(&flow.Problem{
		Requests: []flow.Request{{Seats: 2, Penalty: 4}, {Seats: 1, Penalty: 7}, {Seats: 3, Penalty: 6}},
		Capacity: []int64{1, 1}, Source: rows,
	}, flow.Options{})
	require.NoError(t, err)
	require.NoError(t, s.Solve(t.Context()))
	require.Equal(t, int64(4+4+7+5+6+6), s.Cost())
	require.Zero(t, s.Stats().Searches)
	for r, price := range []int64{4, 7, 6} {
		require.Equal(t, price, s.RequestPrice(int32(r)))
	}
}

// A free volunteer who costs the same as one who is taken is as good, and takes no
// search either.
func TestTiesTakeNoSearch(t *testing.T) {
	t.Parallel()
	const n = 40
	in := &instance{requests: make([]flow.Request, n), capacity: make([]int64, n), rows: make([][]flow.Arc, n)}
	for r := range n {
		in.requests[r], in.capacity[r] = flow.Request{Seats: 1, Penalty: 9}, 1
		for v := range int32(n) {
			in.rows[r] = append(in.rows[r], flow.Arc{Volunteer: v, Cost: 7})
		}
	}
	s, err := flow.New(in.explicit(t), flow.Options{})
	require.NoError(t, err)
	require.NoError(t, s.Solve(t.Context()))
	require.Equal(t, int64(7*n), s.Cost())
	require.Zero(t, s.Stats().Searches)
}
