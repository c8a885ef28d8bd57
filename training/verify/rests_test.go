package verify_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/planner"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/training/verify"
)

// scarce has six people in each of three counties. Those of x and z can only
// meet at y, where the three make two cohorts; no lecturer is there, and one
// place, in the second month, which is late.
func scarce() *rollout.Rollout {
	r := small()
	r.Costs.LateMonth = 100
	r.Areas, r.Audience, r.Distances = nil, nil, []rollout.Distance{{From: "x", To: "z", Km: 40}}
	for i, id := range []aid.AreaID{"x", "y", "z"} {
		r.Areas = append(r.Areas, rollout.Area{ID: id, Tier: rollout.County, Lat: 46 + float64(i)/10, Lng: 126})
		r.Audience = append(r.Audience, rollout.Audience{Area: id, Tier: rollout.Community, Tree: rollout.Regional, Organisations: 6})
	}
	r.Areas[1].Venue = 1
	r.Blackouts = []rollout.Blackout{{Areas: []aid.AreaID{"x", "y", "z"}, Months: []int{1}}}
	r.Steps[0].Target, r.Steps[0].Deadline = month(2030, 1), month(2030, 2)
	return r
}

// TestARestThatIsPartlyWithoutAMonthGoesToOnePlace: rests that fill two cohorts at one
// place go there as one, even if only one of the two takes place.
func TestARestThatIsPartlyWithoutAMonthGoesToOnePlace(t *testing.T) {
	t.Parallel()
	r := scarce()
	p, err := planner.Plan(t.Context(), r)
	require.NoError(t, err)
	require.Len(t, p.Cohorts, 2)
	require.NotEqual(t, p.Cohorts[0].Month == 0, p.Cohorts[1].Month == 0, "one of the two has a month")
	_, err = verify.Plan(r, p)
	require.NoError(t, err)
}
