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
	"github.com/linli/linli/postgres"
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

// TestAnImportOfNothingFails, since a script would take it for done.
func TestAnImportOfNothingFails(t *testing.T) {
	t.Parallel()
	bad := rejects{3: errors.New("later"), 2: errors.New("parent is not known")}
	for name, c := range map[string]struct {
		count    postgres.ImportCount
		rejected rejects
		fails    bool
	}{
		"all rejected":        {postgres.ImportCount{Rejected: 2}, bad, true},
		"some added":          {postgres.ImportCount{Added: 1, Rejected: 2}, bad, false},
		"some changed":        {postgres.ImportCount{Changed: 1, Rejected: 2}, bad, false},
		"the same file again": {postgres.ImportCount{Unchanged: 1, Rejected: 2}, bad, false},
		"an empty file":       {postgres.ImportCount{}, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out, complaint strings.Builder
			err := ImportFlags{File: "areas.csv"}.conclude(&out, c.count, c.rejected)
			if !c.fails {
				require.NoError(t, err)
				require.Contains(t, out.String(), "added")
				return
			}
			require.Equal(t, exitUsage, exitCode(t.Context(), err, &complaint))
			require.Contains(t, complaint.String(), "areas.csv: nothing was imported: none of its 2 rows can be taken; areas.csv.rejected.csv says why, row 2 for: parent is not known")
			require.Empty(t, out.String())
		})
	}
}
