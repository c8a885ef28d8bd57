package planner_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/training/planner"
	"github.com/linli/linli/training/verify"
)

// TestPlansAreOptimal compares small rollouts with brute force, and has every
// plan checked.
func TestPlansAreOptimal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawRollout(t)
		p, err := planner.Plan(testContext, r)
		require.NoError(t, err)
		v, err := verify.Plan(r, p)
		require.NoError(t, err)
		require.True(t, v.Exact)
		want := bruteForce(r, p.Penalty)
		require.Equal(t, want, p.Objective, "plan and brute force")
		require.Equal(t, want, p.Bound, "so small a rollout is planned to the optimum")
		if want < p.Penalty {
			for i := range p.Cohorts {
				require.Zero(t, p.Cohorts[i].Lacks)
			}
		}
		again, err := planner.Plan(testContext, r)
		require.NoError(t, err)
		require.Equal(t, p, again, "the same every time")
	})
}
