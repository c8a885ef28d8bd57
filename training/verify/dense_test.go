package verify_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/planner"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/training/verify"
)

// TestAreasThatHangTogether: where the states of sharing out are too many, plan
// and bound are narrowed, and still pass.
func TestAreasThatHangTogether(t *testing.T) {
	t.Parallel()
	r := small()
	r.Areas, r.Audience, r.Blackouts = nil, nil, nil
	const side = 16
	for i := range side * side {
		id := aid.AreaID(fmt.Sprintf("a%d", i))
		shift := float64(i*i%17) / 500 // neighbours are not equally near
		r.Areas = append(r.Areas, rollout.Area{
			ID: id, Tier: rollout.County, Venue: 1, Lecturers: 1,
			Lat: 45 + float64(i/side)/10 + shift, Lng: 125 + float64(i%side)/10 - shift,
		})
		r.Audience = append(r.Audience, rollout.Audience{Area: id, Tier: rollout.Community, Tree: rollout.Regional, Organisations: 1 + i*7%9})
	}
	p, err := planner.Plan(t.Context(), r)
	require.NoError(t, err)
	v, err := verify.Plan(r, p)
	require.NoError(t, err)
	require.False(t, v.Exact)
	p.Weaken(v.PriceBound)
	require.GreaterOrEqual(t, p.Bound, int64(0))
	require.LessOrEqual(t, p.Bound, p.Objective)
}
