package flow_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/matching/flow"
)

// Who has nobody at all stays open without a search, with seats to keep or not,
// and is served once somebody comes.
func TestWhoHasNobodyIsServedOnceSomebodyComes(t *testing.T) {
	t.Parallel()
	rows, err := flow.NewRows([]int{0, 0, 0, 1}, []int32{0}, []int64{3})
	require.NoError(t, err)
	var decided int64
	s, err := flow.New(&flow.Problem{
		Requests: []flow.Request{{Seats: 2, Penalty: 10}, {Seats: 2, Penalty: 10, Keep: 1, KeepPenalty: 30}, {Seats: 1, Penalty: 10}},
		Capacity: []int64{1}, Source: rows,
	}, flow.Options{Progress: func(done, _ int64) { decided = done }})
	require.NoError(t, err)
	require.NoError(t, s.Solve(t.Context()))
	require.Equal(t, int64(2*10+10+30+3), s.Cost())
	require.Equal(t, int64(5), decided)
	require.Equal(t, []int64{10, 30}, []int64{s.RequestPrice(0), s.RequestPrice(1)})
	_, err = s.AddVolunteer(t.Context(), 2, []flow.Offer{{Request: 0, Cost: 4}, {Request: 1, Cost: 5}})
	require.NoError(t, err)
	require.Equal(t, int64(10+4+10+5+3), s.Cost())
	_, err = s.Prove()
	require.NoError(t, err)
}
