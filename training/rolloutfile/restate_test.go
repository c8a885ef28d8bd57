package rolloutfile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/training/rollout"
)

// shipped is the province as it would be handed over.
func shipped(t *testing.T) rollout.Source {
	t.Helper()
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join("..", "rollouts", name))
		require.NoError(t, err)
		return string(text)
	}
	return rollout.Source{Text: read("heilongjiang.yaml"), Beside: map[string]string{
		"heilongjiang-areas.csv": read("heilongjiang-areas.csv"), "heilongjiang-audience.csv": read("heilongjiang-audience.csv"),
	}}
}

// TestARestatedFileReadsAsItWasMeant, and keeps what somebody wrote beside it.
func TestARestatedFileReadsAsItWasMeant(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]rollout.Source{
		"csv": shipped(t), "yaml": {Text: strings.Replace(good, "name: A", "# Ours.\nname: A", 1), Beside: beside},
	} {
		f, err := Parse(source)
		require.NoError(t, err, name)
		areas := f.Rollout.Areas
		area, into := areas[len(areas)-1], areas[len(areas)-2]
		require.Equal(t, area.Parent, into.Parent, name)
		want, differs, err := f.Rollout.Merge(area.ID, aid.Area{ID: into.ID})
		require.NoError(t, err, name)
		require.True(t, differs, name)
		out, differs, err := Merge(source, area.ID, aid.Area{ID: into.ID})
		require.NoError(t, err, name)
		require.True(t, differs, name)
		got, err := Parse(out)
		require.NoError(t, err, name)
		require.Equal(t, want.Areas, got.Rollout.Areas, name)
		require.Equal(t, want.Audience, got.Rollout.Audience, name)
		require.Len(t, got.Rollout.Steps, len(want.Steps), name)
		for i := range want.Steps {
			require.Equal(t, want.Steps[i], got.Rollout.Steps[i], name)
			require.Equal(t, f.Rollout.People(i)[area.ID]+f.Rollout.People(i)[into.ID], got.Rollout.People(i)[into.ID], name)
		}
		require.Contains(t, out.Text, "#", "comments stay")
		_, differs, err = Merge(out, area.ID, aid.Area{ID: into.ID})
		require.NoError(t, err, name)
		require.False(t, differs, "it is done")
	}
}
