package families

import (
	"cmp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/bench/matching/instance"
	"github.com/linli/linli/matching/bmatch"
	"github.com/linli/linli/matching/grid"
	"github.com/linli/linli/matching/scenario"
)

func family(t *testing.T, name string) Family {
	t.Helper()
	all := All("")
	i := slices.IndexFunc(all, func(f Family) bool { return f.Name == name })
	require.GreaterOrEqual(t, i, 0, name)
	return all[i]
}

// openSeats of the optimum, and all seats.
func openSeats(t *testing.T, in *instance.Instance) (open, all int64) {
	t.Helper()
	in.MinPeople = nil
	res, err := bmatch.Solve(t.Context(), in.Problem(), bmatch.Options{})
	require.NoError(t, err)
	return in.Seats() - int64(res.Pairs()), in.Seats()
}

func TestCrowdsDifferInScarcity(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	share := map[Crowd]float64{}
	for _, crowd := range []Crowd{Calm, Busy, Surge} {
		in := produce(t, s, family(t, "m_"+string(crowd)), 2_000)
		require.Len(t, in.Requests, 2_000)
		open, all := openSeats(t, in)
		share[crowd] = float64(open) / float64(all)
	}
	require.Less(t, share[Calm]+0.05, share[Busy])
	require.Less(t, share[Busy]+0.05, share[Surge])
}

func TestFormsShareTheirArcs(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	m, o, crews := produce(t, s, family(t, "m_busy"), 300), produce(t, s, family(t, "o_busy"), 300), produce(t, s, family(t, "crews_busy"), 300)
	for _, other := range []*instance.Instance{o, crews} {
		require.Equal(t, m.First, other.First)
		require.Equal(t, m.Volunteer, other.Volunteer)
		require.Equal(t, m.Cost, other.Cost)
	}
	require.True(t, o.IsOneToOne())
	require.False(t, m.IsOneToOne())
	var widest, fittest int64
	for r, q := range m.Requests {
		require.Equal(t, q.Seats, crews.MinPeople[r], "all or nobody")
		require.LessOrEqual(t, len(m.Row(r)), Candidates)
		widest = max(widest, q.Seats)
	}
	for _, k := range m.Capacity {
		fittest = max(fittest, k)
	}
	require.Equal(t, []int64{10, 3}, []int64{widest, fittest})
	long, sorted := 0, 0
	for r := range m.Requests {
		if row := m.Row(r); len(row) > 4 {
			long++
			if slices.IsSortedFunc(row, func(a, b bmatch.Arc) int { return cmp.Compare(a.Cost, b.Cost) }) {
				sorted++
			}
		}
	}
	require.Greater(t, long, 50)
	require.Less(t, sorted, long/10, "no solver gets sorted rows")
}

func TestEveryVolunteerIsACandidate(t *testing.T) {
	t.Parallel()
	in := produce(t, newStore(t), family(t, "m_calm"), 200)
	seen := make([]bool, len(in.Capacity))
	for _, v := range in.Volunteer {
		seen[v] = true
	}
	require.NotContains(t, seen, false)
}

func TestAPartIsWholeCountiesOfItsShare(t *testing.T) {
	t.Parallel()
	made, err := scenario.Generate(t.Context(), scenario.Config{Volunteers: 20_000, Requests: 4_000, Seed: 3})
	require.NoError(t, err)
	volunteers, requests, err := part(made.Volunteers, made.Requests, 4_000, 400, newStore(t).random("part", 400))
	require.NoError(t, err)
	require.Len(t, requests, 400)
	require.InDelta(t, 4_000, len(volunteers), 200)
	all, _, err := counties(made.Volunteers, home)
	require.NoError(t, err)
	kept, _, err := counties(volunteers, home)
	require.NoError(t, err)
	for cell, places := range kept {
		require.Len(t, places, len(all[cell]))
	}
	for _, q := range requests {
		cell, err := grid.CellOf(q.Place, county)
		require.NoError(t, err)
		require.Contains(t, kept, cell)
	}
	_, _, err = part(made.Volunteers, made.Requests, 10, 400, newStore(t).random("part", 400))
	require.ErrorContains(t, err, "of the 400 wanted")
}

func TestASurgeMovesHalfIntoFewCounties(t *testing.T) {
	t.Parallel()
	made, err := scenario.Generate(t.Context(), scenario.Config{Volunteers: 20_000, Requests: 1_000, Seed: 3})
	require.NoError(t, err)
	before := slices.Clone(made.Requests)
	require.NoError(t, surge(made.Requests, made.Volunteers, newStore(t).random("surge", 1)))
	surging := map[aid.Cell]bool{}
	moved := 0
	for i, q := range made.Requests {
		if i%2 == 1 {
			require.Equal(t, before[i], q)
			continue
		}
		if q.Place != before[i].Place {
			moved++
		}
		cell, err := grid.CellOf(q.Place, county)
		require.NoError(t, err)
		surging[cell] = true
	}
	_, order, err := counties(made.Volunteers, home)
	require.NoError(t, err)
	require.GreaterOrEqual(t, moved, 495)
	require.LessOrEqual(t, len(surging), len(order)/oneInSurging+1)
}
