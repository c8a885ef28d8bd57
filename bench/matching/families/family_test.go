package families

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/bench/matching/instance"
	"github.com/linli/linli/matching/bmatch"
)

// newStore keeps a province of a fiftieth of the size, so that tests are quick.
func newStore(t *testing.T) *Store {
	t.Helper()
	s, err := NewStore(t.TempDir(), 7)
	require.NoError(t, err)
	s.whole = population{requests: 2_000, volunteers: 53_180}
	return s
}

func produce(t *testing.T, s *Store, f Family, n int) *instance.Instance {
	t.Helper()
	path, err := s.Path(t.Context(), f, n)
	require.NoError(t, err)
	in, err := instance.Load(path)
	require.NoError(t, err)
	return in
}

// TestEveryFamilyCanBeSolved also holds each to its own word on feasibility:
// an instance that forbids open seats has a plan.
func TestEveryFamilyCanBeSolved(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	for _, f := range All("") {
		n := 60
		in := produce(t, s, f, n)
		require.Positive(t, in.Arcs(), f.Name)
		require.Len(t, in.Requests, n, f.Name)
		require.Equal(t, f.Suite == Crews, in.HasCrews(), f.Name)
		res, err := bmatch.Solve(t.Context(), in.Problem(), bmatch.Options{})
		require.NoError(t, err, f.Name)
		require.Positive(t, res.Pairs(), f.Name)
		require.NotEmpty(t, f.About)
		require.IsIncreasing(t, append([]int{0}, f.Sizes...))
	}
}

func TestASeedGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	one, two := newStore(t), newStore(t)
	other := newStore(t)
	other.seed++
	for _, f := range All("") {
		if f.Suite == Provinces && f.Name != "m_surge" {
			continue // one of them stands for all
		}
		read := func(s *Store) []byte {
			path, err := s.Path(t.Context(), f, 50)
			require.NoError(t, err)
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			return text
		}
		require.True(t, bytes.Equal(read(one), read(two)), f.Name)
		if f.Name != "long_chain" && f.Name != "wide_chain" {
			require.False(t, bytes.Equal(read(one), read(other)), "%s does not depend on the seed", f.Name)
		}
	}
}

func TestAnInstanceIsMadeOnce(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	f := All("")[0]
	path, err := s.Path(t.Context(), f, 40)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, []byte("kept"), 0o600))
	again, err := s.Path(t.Context(), f, 40)
	require.NoError(t, err)
	require.Equal(t, path, again)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "kept", string(text))
}
