package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/files"
)

// namedFile is a catalogue with that many rows that lack their names, between
// two good ones.
func namedFile(bad int) string {
	return "id,name_zh,name_en\nfirst,一,\n" + strings.Repeat("x\n", bad) + "last,二,\n"
}

func TestBadRowsAreNotedAndGoodOnesGivenOn(t *testing.T) {
	t.Parallel()
	r, err := files.NewNamed(strings.NewReader(namedFile(2)), "skills")
	require.NoError(t, err)
	rejected := rejects{}
	refuseLast := func(n aid.Named) (aid.Named, error) {
		if n.ID == "last" {
			return n, errors.New("not this one")
		}
		return n, nil
	}
	var good []int
	for row, err := range goodRows(t.Context(), r, refuseLast, rejected) {
		require.NoError(t, err)
		good = append(good, row.Row)
	}
	require.Equal(t, []int{2}, good)
	require.Len(t, rejected, 3)
	require.EqualError(t, rejected[5], "not this one")
}

// TestAFileOfRubbishEndsItsImport before the reasons fill the memory; the first
// of them are kept.
func TestAFileOfRubbishEndsItsImport(t *testing.T) {
	t.Parallel()
	text := namedFile(mostRejected + 1)
	r, err := files.NewNamed(strings.NewReader(text), "skills")
	require.NoError(t, err)
	rejected := rejects{}
	var last error
	given := 0
	for _, err := range goodRows(t.Context(), r, asItIs[aid.Named], rejected) {
		given, last = given+1, err
	}
	require.Equal(t, 2, given, "the first row and the error")
	require.ErrorIs(t, last, errTooManyRejected)
	require.Equal(t, aid.Invalid, aid.KindOf(last))
	require.Len(t, rejected, mostRejected)

	path := filepath.Join(t.TempDir(), "skills.csv")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	require.NoError(t, saveRejected(path, r.Header(), rejected))
	saved, err := os.ReadFile(rejectedPath(path))
	require.NoError(t, err)
	require.Equal(t, mostRejected+1, strings.Count(string(saved), "\n"), "with the header")
}
