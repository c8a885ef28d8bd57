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
