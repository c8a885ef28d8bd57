package report

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/bench/matching/families"
	"github.com/linli/linli/bench/matching/peers"
)

// row is an instance that ours and two peers solved.
func row(family string, requests int, scale float64) Instance {
	return Instance{
		Family: family, Suite: families.Provinces, Requests: requests, Volunteers: 2, Seats: 3, Arcs: 4,
		Figures: []Figure{
			{Solver: Ours, Status: peers.Optimal, Objective: 10, Bound: 10, CPUSeconds: []float64{3 * scale, scale, 2 * scale}, PeakMB: 10},
			{Solver: OnePass, Status: peers.Feasible, Objective: 12, CPUSeconds: []float64{scale / 2}, PeakMB: 5},
			{Solver: "network-simplex", Status: peers.Optimal, Objective: 10, CPUSeconds: []float64{20 * scale}, PeakMB: 30},
			{Solver: "scipy", Status: peers.LimitReached, LimitSeconds: 60},
		},
	}
}

func TestRatiosAreAgainstTheBest(t *testing.T) {
	t.Parallel()
	in := row("m_calm", 1000, 1)
	in.Figures = append(in.Figures, Figure{Solver: "cost-scaling", Status: peers.Optimal, Objective: 10, CPUSeconds: []float64{8}, PeakMB: 50})
	best, ok := in.BestPeer()
	require.True(t, ok)
	require.Equal(t, "cost-scaling", best.Solver, "the fastest, not the first")
	least, ok := in.LeastMemory()
	require.True(t, ok)
	require.InDelta(t, 30, least, 0, "ours and the greedy pass are no peers")
	require.Equal(t, []string{"4.00 (cost-scaling)", "4.00", "3.00"}, in.ratios())

	in.Figures[4].CPUSeconds = []float64{0}
	best, ok = in.BestPeer()
	require.True(t, ok)
	require.Equal(t, "network-simplex", best.Solver, "nobody takes no time")

	in.Figures = in.Figures[:2]
	_, ok = in.BestPeer()
	require.False(t, ok)
	in.Figures = append(in.Figures, Figure{Solver: "scipy", Status: peers.LimitReached, LimitSeconds: 60})
	require.Equal(t, []string{"> 30.0", "4.00", ""}, in.ratios(), "a limit is a lower bound")
}

func TestDisagreements(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(*Instance)
		says  string
	}{
		"none":              {func(*Instance) {}, ""},
		"greedy is dearer":  {func(in *Instance) { in.Figures[1].Objective = 99 }, ""},
		"a unit more":       {func(in *Instance) { in.Figures[2].Objective++ }, "linli says optimal 10, network-simplex says optimal 11"},
		"no solution":       {func(in *Instance) { in.Figures[2].Status, in.Figures[2].Objective = peers.Infeasible, 0 }, "network-simplex says infeasible 0"},
		"a peer failed":     {func(in *Instance) { in.Figures[2].Status = peers.Failed }, "network-simplex failed"},
		"ours has no proof": {func(in *Instance) { in.Figures[0].Status, in.Figures[0].Bound = peers.Feasible, 9 }, "linli gave no proof"},
		"crews need none": {func(in *Instance) {
			in.Suite, in.Figures[0].Status, in.Figures[0].Bound = families.Crews, peers.Feasible, 9
		}, ""},
		"a bound above": {func(in *Instance) { in.Figures[0].Bound = 11 }, "linli has the bound 11 above its objective 10"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := row("m_calm", 1000, 1)
			c.spoil(&in)
			if wrong := in.Disagreements(); c.says == "" {
				require.Empty(t, wrong)
			} else {
				require.Len(t, wrong, 1)
				require.Contains(t, wrong[0], c.says)
				require.Contains(t, wrong[0], "m_calm of 1000")
			}
		})
	}
}

func TestTypicalTimes(t *testing.T) {
	t.Parallel()
	typical := func(seconds ...float64) float64 {
		cpu, ok := Figure{CPUSeconds: seconds}.CPU()
		require.True(t, ok)
		return cpu
	}
	require.InDelta(t, 0.02, typical(0.02, 5, 0.01), 0, "one disturbed run does not count")
	require.InDelta(t, 0.001, typical(0, 0.004, 0, 0), 1e-12, "a clock of 4 ms steps")
	_, ok := Figure{}.CPU()
	require.False(t, ok)
}

func TestMedianIsAValueInTheMiddle(t *testing.T) {
	t.Parallel()
	require.InDelta(t, 2, Median([]float64{3, 1, 2}), 0)
	require.InDelta(t, 1, Median([]float64{2, 1}), 0, "no mean of two: a figure that was measured")
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(0, 9), 1, 9).Draw(t, "values")
		m, below, above := Median(values), 0, 0
		for _, v := range values {
			if v < m {
				below++
			}
			if v > m {
				above++
			}
		}
		require.Contains(t, values, m)
		require.LessOrEqual(t, max(below, above), len(values)/2)
	})
}

func TestResultsAreKept(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "r.json")
	r := &Results{
		Date: "2026-11-24", Command: "go run", Machine: ThisMachine(), Versions: map[string]string{"scipy": "1"},
		Solves: []Instance{row("m_calm", 1000, 1)}, Nearest: []Nearest{{Volunteers: 1, Way: IndexWay}},
	}
	require.NoError(t, r.Save(path))
	back, err := Load(path)
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(r, back))
	second := filepath.Join(t.TempDir(), "s.json")
	require.NoError(t, (&Results{Command: "again", Solves: []Instance{row("m_busy", 10, 1), row("m_calm", 10, 1)}, Missing: map[string]string{"x": "y"}}).Save(second))
	joined, err := Join(path, second)
	require.NoError(t, err)
	require.Equal(t, "go run\nagain", joined.Command)
	require.Equal(t, map[string]string{"x": "y"}, joined.Missing)
	var order []string
	for _, in := range joined.Solves {
		order = append(order, fmt.Sprintf("%s %d", in.Family, in.Requests))
	}
	require.Equal(t, []string{"m_calm 10", "m_calm 1000", "m_busy 10"}, order)
	_, err = Join(path, "nowhere")
	require.Error(t, err)

	require.Positive(t, r.Machine.Cores)
	require.NotEmpty(t, r.Machine.Go)
}
