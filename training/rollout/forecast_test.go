package rollout_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/training/rollout"
)

var may = rollout.NewMonth(2030, time.May)

func TestRates(t *testing.T) {
	t.Parallel()
	require.Equal(t, rollout.Rate{Mean: 1}, rollout.RateOf(nil))
	require.Equal(t, rollout.Rate{Mean: 0.75, Months: 2}, rollout.RateOf([]rollout.Outcome{{may, 20, 10}, {may + 1, 20, 20}, {may + 2, 0, 0}}), "two months say nothing of how sure it is")
	r := rollout.RateOf([]rollout.Outcome{{may, 10, 8}, {may + 1, 10, 10}, {may + 2, 10, 9}})
	require.InDelta(t, 0.9, r.Mean, 1e-9)
	require.InDelta(t, 0.0577, r.Error, 1e-4) // sqrt(2/6)/10
	steady := rollout.RateOf([]rollout.Outcome{{may, 10, 9}, {may + 1, 20, 18}, {may + 2, 30, 27}})
	require.InDelta(t, 0, steady.Error, 1e-9, "months of any size with one share are sure")
}

func TestFinishes(t *testing.T) {
	t.Parallel()
	ahead := []rollout.Load{{may + 1, 30}, {may + 3, 30}}
	for name, c := range map[string]struct {
		rate rollout.Rate
		left int
		want rollout.Forecast
	}{
		"nobody is left":            {rollout.Rate{Mean: 1}, 0, rollout.Forecast{Finish: may, Earliest: may, Latest: may}},
		"as planned":                {rollout.Rate{Mean: 1}, 60, rollout.Forecast{Finish: may + 3, Earliest: may + 3, Latest: may + 3}},
		"less than the plan":        {rollout.Rate{Mean: 1}, 30, rollout.Forecast{Finish: may + 1, Earliest: may + 1, Latest: may + 1}},
		"half of them miss":         {rollout.Rate{Mean: 0.5}, 60, rollout.Forecast{Finish: may + 7, Earliest: may + 7, Latest: may + 7}},
		"nobody comes":              {rollout.Rate{}, 60, rollout.Forecast{}},
		"surely, with a spread":     {rollout.Rate{Mean: 0.9, Error: 0.2, Months: 5}, 30, rollout.Forecast{Finish: may + 3, Earliest: may + 1, Latest: may + 3, Sure: true}},
		"the worst case is never":   {rollout.Rate{Mean: 0.9, Error: 0.5, Months: 5}, 30, rollout.Forecast{Finish: may + 3, Earliest: may + 1, Sure: true}},
		"more than the plan brings": {rollout.Rate{Mean: 1}, 75, rollout.Forecast{Finish: may + 4, Earliest: may + 4, Latest: may + 4}},
	} {
		require.Equal(t, c.want, rollout.Finish(c.rate, ahead, c.left, may), name)
	}
	require.Zero(t, rollout.Finish(rollout.Rate{Mean: 1}, nil, 1, may).Finish, "nothing is planned")
}

// TestAForecastKeepsItsOrder: the better the rate the earlier the finish, and the
// interval holds it.
func TestAForecastKeepsItsOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var past []rollout.Outcome
		for i := range rapid.IntRange(0, 8).Draw(t, "months") {
			planned := rapid.IntRange(0, 40).Draw(t, "planned")
			past = append(past, rollout.Outcome{Month: may - rollout.Month(i), Planned: planned, Done: rapid.IntRange(0, planned).Draw(t, "done")})
		}
		var ahead []rollout.Load
		for i := range rapid.IntRange(0, 8).Draw(t, "ahead") {
			ahead = append(ahead, rollout.Load{Month: may + rollout.Month(i), People: rapid.IntRange(0, 40).Draw(t, "people")})
		}
		f := rollout.Finish(rollout.RateOf(past), ahead, rapid.IntRange(0, 300).Draw(t, "left"), may)
		late := func(m rollout.Month) rollout.Month {
			if m == 0 {
				return 1 << 20
			}
			return m
		}
		require.LessOrEqual(t, late(f.Earliest), late(f.Finish))
		require.LessOrEqual(t, late(f.Finish), late(f.Latest))
	})
}
