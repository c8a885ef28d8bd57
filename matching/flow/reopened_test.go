package flow

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Whoever watches hears of the request that comes in and of the one that loses
// its person to it.
func TestReopenedIsCalledForEveryRequestThatLosesOrFindsSomebody(t *testing.T) {
	t.Parallel()
	rows, err := NewRows([]int{0, 1, 2}, []int32{0, 0}, []int64{1, 1})
	require.NoError(t, err)
	heard := map[int32]bool{}
	s, err := New(&Problem{
		Requests: []Request{{Seats: 1, Penalty: 10}, {Penalty: 20}}, Capacity: []int64{1}, Source: rows,
	}, Options{Reopened: func(r int32) { heard[r] = true }})
	require.NoError(t, err)
	require.NoError(t, s.Solve(t.Context()))
	clear(heard)
	require.NoError(t, s.SetRequest(t.Context(), 1, Request{Seats: 1, Penalty: 20}))
	require.Equal(t, int64(1), s.Open(0))
	require.Contains(t, heard, int32(0))
	clear(heard)
	require.NoError(t, s.SetRequest(t.Context(), 1, Request{Penalty: 20}))
	require.Equal(t, int64(0), s.Open(0))
	require.Contains(t, heard, int32(0))
}
