package matching_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching"
)

// bestTrainers tries every plan: the most cohorts first, then the least distance.
func bestTrainers(lacks []int, fits [][]int64, used []bool, cohort int) (filled int, metres int64) {
	if cohort == len(lacks) {
		return 0, 0
	}
	if lacks[cohort] == 0 {
		return bestTrainers(lacks, fits, used, cohort+1)
	}
	rest := append([]int{}, lacks...)
	rest[cohort] = 0
	filled, metres = bestTrainers(rest, fits, used, cohort+1) // leave the others open
	rest[cohort] = lacks[cohort] - 1
	for t, d := range fits[cohort] {
		if d < 0 || used[t] {
			continue
		}
		used[t] = true
		n, m := bestTrainers(rest, fits, used, cohort)
		used[t] = false
		if n, m = n+1, m+d; n > filled || n == filled && m < metres {
			filled, metres = n, m
		}
	}
	return filled, metres
}

// The plan is the best over all cohorts together, by trial of every plan.
func TestTrainersAreFoundForAllCohortsTogether(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lacks := rapid.SliceOfN(rapid.IntRange(0, 2), 0, 4).Draw(t, "lacks")
		trainers := rapid.IntRange(0, 4).Draw(t, "trainers")
		fits := make([][]int64, len(lacks))
		for c := range fits {
			for range trainers {
				fits[c] = append(fits[c], rapid.SampledFrom([]int64{-1, 0, 1, 2, 5, aid.MaxTravel - 1, aid.MaxTravel}).Draw(t, "metres"))
			}
		}
		picks, err := matching.Trainers(t.Context(), lacks, trainers, func(c, tr int) matching.TrainerVerdict {
			if fits[c][tr] < 0 {
				return matching.TrainerVerdict{Bars: matching.TrainerBusy}
			}
			return matching.TrainerVerdict{Distance: fits[c][tr]}
		})
		require.NoError(t, err)
		var metres int64
		seen, got := map[int]bool{}, make([]int, len(lacks))
		for _, p := range picks {
			require.False(t, seen[p.Trainer], "once each")
			seen[p.Trainer] = true
			got[p.Cohort]++
			require.GreaterOrEqual(t, fits[p.Cohort][p.Trainer], int64(0), "who fits")
			require.Equal(t, fits[p.Cohort][p.Trainer], p.Distance)
			metres += p.Distance
		}
		for c := range lacks {
			require.LessOrEqual(t, got[c], lacks[c])
		}
		filled, least := bestTrainers(lacks, fits, make([]bool, trainers), 0)
		require.Len(t, picks, filled)
		require.Equal(t, least, metres)
	})
}
