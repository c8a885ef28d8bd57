package flow_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/matching/flow"
)

// The proof trusts nothing that the searches have left behind. No price is above
// zero, so that the bound of the prices alone would not tell.
func TestProveRefusesABrokenPlan(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]func(s *flow.Solver, p *flow.Problem){
		"more seats than capacity":      func(_ *flow.Solver, p *flow.Problem) { p.Capacity[0] = 1 },
		"a seat without a volunteer":    func(_ *flow.Solver, p *flow.Problem) { p.Requests[0].Seats = 3 },
		"a seat unknown to who took it": func(s *flow.Solver, _ *flow.Problem) { s.HideUnits(1) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := &instance{
				requests: []flow.Request{{Seats: 2, Penalty: 9}, {Seats: 2, Penalty: 9}},
				capacity: []int64{2, 2, 9},
				rows: [][]flow.Arc{
					{{Volunteer: 0}, {Volunteer: 1}, {Volunteer: 2}},
					{{Volunteer: 0}, {Volunteer: 1}, {Volunteer: 2}},
				},
			}
			p := in.explicit(t)
			s, err := flow.New(p, flow.Options{})
			require.NoError(t, err)
			require.NoError(t, s.Solve(t.Context()))
			require.Zero(t, s.VolunteerPrice(0))
			harm(s, p)
			_, err = s.Prove()
			require.ErrorIs(t, err, flow.ErrUnproven)
		})
	}
}
