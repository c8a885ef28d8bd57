package families

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/matching/bmatch"
)

const crowdsourcing = `2 3 1 5
100 w 0 0 1.0 1 60 0.5
100 w 0.5 0 1.0 2 60 0.9
120 t 0.9 0 60 10
159 t 0.1 0 60 4.5
161 t 0 0 60 3
`

func TestPublicEvents(t *testing.T) {
	t.Parallel()
	workers, tasks, err := readEvents(strings.NewReader(crowdsourcing))
	require.NoError(t, err)
	require.Equal(t, []worker{
		{from: 100, until: 160, successRate: 0.5, radius: 1, at: point{0, 0}, capacity: 1},
		{from: 100, until: 160, successRate: 0.9, radius: 1, at: point{0.5, 0}, capacity: 2},
	}, workers)

	in := tradeOff(workers, tasks, false)
	require.Equal(t, []int64{1, 2}, in.Capacity)
	const lost = 10_000_000 // the dearest task, in millionths
	require.Equal(t, []bmatch.Arc{{Volunteer: 0, Cost: lost - 5_000_000}, {Volunteer: 1, Cost: lost - 9_000_000}}, in.Row(0))
	require.Equal(t, []bmatch.Arc{{Volunteer: 0, Cost: lost - 2_250_000}, {Volunteer: 1, Cost: lost - 4_050_000}}, in.Row(1))
	require.Empty(t, in.Row(2), "the third comes when both have left")
	require.Len(t, tradeOff(workers, tasks, true).Row(2), 2)
	require.Equal(t, int64(3*lost-9_000_000-4_050_000), solved(t, in).Objective, "the better worker does both")
}

func TestPublicFilesThatAreWrong(t *testing.T) {
	t.Parallel()
	for text, says := range map[string]string{
		"1 1 1 2\n1 w 0 0 1 1 60\n":    "line 2: is neither",
		"1 1 1 2\n1 t 0 0 60 x\n":      `line 2: "x" is no number`,
		"1 1 1 2\n1 t 0 0 60 NaN\n":    "is no number",
		"1 1 1 2\n1 w 0 0 1 1 60 2\n":  "a success rate lies in 0 to 1",
		"1 1 1 2\n1 w 0 0 1 -1 60 1\n": "a capacity is 0 or more",
		"1 1 1 2\n1 t 0 0 60 -1\n":     "a payoff is 0 or more",
		"1 1 1 2\n\n":                  "line 2: is neither",
		"1 1 1 2\n1 w 0 0 1 1 60 1\n":  "no workers or no tasks",
		"":                             "no workers or no tasks",
	} {
		_, _, err := readEvents(strings.NewReader(text))
		require.ErrorContains(t, err, says)
	}
}

func TestPublicDataIsThereWhenItsDirectoryIsGiven(t *testing.T) {
	t.Parallel()
	require.Empty(t, public(""))
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "gmission_cap1_00.txt"), []byte(crowdsourcing), 0o600))
	all := All(dir)
	i := slices.IndexFunc(all, func(f Family) bool { return f.Name == "gmission_anytime" })
	in := produce(t, newStore(t), all[i], 3)
	require.Len(t, in.Requests, 3)
	missing := slices.IndexFunc(all, func(f Family) bool { return f.Name == "everysender" })
	_, err := newStore(t).Path(t.Context(), all[missing], 3)
	require.ErrorIs(t, err, os.ErrNotExist)
}

func FuzzReadEvents(f *testing.F) {
	f.Add(crowdsourcing)
	f.Fuzz(func(t *testing.T, text string) {
		workers, tasks, err := readEvents(strings.NewReader(text))
		if err == nil {
			require.NotEmpty(t, workers)
			require.NotEmpty(t, tasks)
			require.NoError(t, tradeOff(workers, tasks, true).Check())
		}
	})
}
