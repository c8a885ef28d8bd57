package training_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training"
)

func TestWhoNeedsItMostAndLivesNearIsFirst(t *testing.T) {
	t.Parallel()
	all := []training.Proposal{
		{Volunteer: "near", Need: training.NeedNew, Distance: 10},
		{Volunteer: "b", Need: training.NeedLapsing, Distance: 500},
		{Volunteer: "paired", Need: training.NeedPairing, Distance: 9000},
		{Volunteer: "a", Need: training.NeedLapsing, Distance: 500},
		{Volunteer: "nearer", Need: training.NeedLapsing, Distance: 400},
	}
	slices.SortFunc(all, training.Pressing)
	var got []aid.VolunteerID
	for _, p := range all {
		got = append(got, p.Volunteer)
	}
	require.Equal(t, []aid.VolunteerID{"paired", "nearer", "a", "b", "near"}, got)
}

func TestWhatIsRenewedAhead(t *testing.T) {
	t.Parallel()
	c := cohort(2, 1, 0) // 3 and 4 November in China
	f := c.Proposing()
	require.Equal(t, aid.Date{Year: 2026, Month: time.November, Day: 3}, f.FirstDay)
	require.Equal(t, aid.Date{Year: 2027, Month: time.February, Day: 2}, f.Soon, "ninety days after the last")
}
