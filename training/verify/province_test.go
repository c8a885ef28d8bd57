package verify_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/training/planner"
	"github.com/linli/linli/training/rolloutfile"
	"github.com/linli/linli/training/verify"
)

// TestTheProvinceIsPlanned: the shipped rollout meets every deadline, close to
// the bound; its cohorts are those that the README names.
func TestTheProvinceIsPlanned(t *testing.T) {
	t.Parallel()
	f, err := rolloutfile.Read("../rollouts/heilongjiang.yaml")
	require.NoError(t, err)
	p, err := planner.Plan(t.Context(), &f.Rollout)
	require.NoError(t, err)
	v, err := verify.Plan(&f.Rollout, p)
	require.NoError(t, err)
	require.True(t, v.Exact)
	report := f.Rollout.Report(p, v.Costs)
	require.Empty(t, report.Shortfalls)
	require.Equal(t, 1_500_000, report.Enrolled)
	require.Equal(t, 37_976, report.Cohorts)
	require.Less(t, report.Gap, 0.001)
}
