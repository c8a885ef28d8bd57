package flow_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/matching/flow"
)

func TestSolveIsOptimal(t *testing.T) {
	t.Parallel()
	for _, size := range []int{4, 12, 40} {
		rapid.Check(t, func(rt *rapid.T) {
			in := drawInstance(rt, size)
			want := in.optimum()
			for _, p := range []*flow.Problem{in.explicit(rt), in.implicit()} {
				s, err := flow.New(p, flow.Options{})
				require.NoError(rt, err)
				require.NoError(rt, s.Solve(t.Context()))
				got, err := s.Prove()
				require.NoError(rt, err)
				require.Equal(rt, want, got)
			}
		})
	}
}
