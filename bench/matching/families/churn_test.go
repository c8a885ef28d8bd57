package families

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestChangesLeadToTheInstance: whoever applies them to the state before has
// the state that peers solve from nothing.
func TestChangesLeadToTheInstance(t *testing.T) {
	t.Parallel()
	in := produce(t, newStore(t), family(t, "churn_busy"), 2_000)
	requests, capacity, changes := Before(in, 1)
	gone, come := 0, 0
	for _, c := range changes {
		require.NotEqual(t, c.Request < 0, c.Volunteer < 0, "of the one or of the other")
		switch {
		case c.Request >= 0:
			require.NotEqual(t, requests[c.Request].Seats, c.Seats)
			requests[c.Request].Seats = c.Seats
		default:
			require.NotEqual(t, capacity[c.Volunteer], c.Seats)
			capacity[c.Volunteer] = c.Seats
		}
		if c.Seats == 0 {
			gone++
		} else {
			come++
		}
	}
	require.Equal(t, in.Requests, requests)
	require.Equal(t, in.Capacity, capacity)
	expected := float64(len(requests)+len(capacity)) / oneInChanges
	require.InEpsilon(t, expected, gone, 0.4)
	require.InEpsilon(t, expected, come, 0.4)
	require.False(t, slices.IsSortedFunc(changes, func(a, b Change) int { return int(a.Request - b.Request) }))
}
