package files

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// told is what a reader says of a row.
type told struct {
	Record
	Problem string
}

var pairOfColumns = []string{"id", "text"}

// byRows reads as files are read.
func byRows(t require.TestingT, in io.Reader) (all []told) {
	r, err := newReader(in, "pairs", pairOfColumns, func(*parser) (string, struct{}) { return "", struct{}{} })
	require.NoError(t, err)
	for row, err := range r.Rows() {
		all = append(all, tell(row.Record, err))
	}
	return all
}

// byCSV reads with encoding/csv alone.
func byCSV(t require.TestingT, in io.Reader) (all []told) {
	table, err := OpenTable(in, "pairs", pairOfColumns)
	require.NoError(t, err)
	for {
		record, err := table.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		all = append(all, tell(record, err))
		if _, one := errors.AsType[*RowError](err); err != nil && !one {
			return all
		}
	}
}

func tell(r Record, err error) told {
	if err != nil {
		return told{r, err.Error()}
	}
	return told{r, ""}
}

func TestBlocksSayWhatCSVSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SampledFrom([]string{"", "a,b", "志愿者,", ",", "a", "a,b,c", `"a",b`, "\"a\nb\",c", `a"b,c`, "a,\r", "\ra,b", " , "})
		end := rapid.SampledFrom([]string{"\n", "\n", "\r\n"})
		var text strings.Builder
		text.WriteString(rapid.SampledFrom([]string{"", "\ufeff", "\n\r\n"}).Draw(t, "before") + "id,text" + end.Draw(t, "end"))
		for range rapid.IntRange(0, 20).Draw(t, "lines") {
			text.WriteString(line.Draw(t, "line") + end.Draw(t, "end"))
		}
		text.WriteString(line.Draw(t, "last"))
		want := byCSV(t, strings.NewReader(text.String()))
		got := byRows(t, strings.NewReader(text.String()))
		require.Empty(t, cmp.Diff(want, got), "%q", text.String())
	})
}

// TestManyBlocks reads files of several blocks, with something that is not plain
// in one of them.
func TestManyBlocks(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	lines := make([]string, 30_000)
	for i := range lines {
		lines[i] = fmt.Sprintf("%d,%s", i, strings.Repeat("长", random.IntN(16)))
	}
	require.Greater(t, len(strings.Join(lines, "\n")), 3*blockSize)
	for name, odd := range map[string]string{
		"plain": "a,b", "quote": "\"a\nb\",c", "stray quote": `a"b,c`, "no line": "", "fields": "a,b,c",
		"NUL": "a,\x00", "not UTF-8": "a,\xff", "too long": "a," + strings.Repeat("x", MaxRow+readAhead),
		"long": "a," + strings.Repeat("x", MaxRow-10), "a block long": strings.Repeat("x", blockSize),
	} {
		for _, at := range []int{0, 11_000, len(lines)} {
			t.Run(fmt.Sprintf("%s at %d", name, at), func(t *testing.T) {
				t.Parallel()
				text := "id,text\n" + strings.Join(slices.Insert(slices.Clone(lines), at, odd), "\n")
				got := byRows(t, strings.NewReader(text))
				require.Empty(t, cmp.Diff(byCSV(t, strings.NewReader(text)), got))
				require.Equal(t, got, byRows(t, iotest.HalfReader(strings.NewReader(text))))
			})
		}
	}
}

func TestADiskThatFailsLaterIsNoEnd(t *testing.T) {
	t.Parallel()
	text := "id,text\n" + strings.Repeat("a,b\n", blockSize/4+10) + "c"
	got := byRows(t, io.MultiReader(strings.NewReader(text), iotest.ErrReader(errors.New("disk away"))))
	require.Len(t, got, blockSize/4+11)
	require.Contains(t, got[len(got)-1].Problem, "disk away")
}

func TestAnIDIsSeenAgainBlocksLater(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString(volunteerHeader)
	for i := range 10_000 {
		fmt.Fprintf(&text, "v%d,45.75,126.64,,5,1,,,\n", i)
	}
	text.WriteString("v0,45.75,126.64,,5,1,,,\n" + `"v7",45.75,126.64,,5,1,,,`)
	require.Greater(t, text.Len(), blockSize)
	got, problems := read(NewVolunteers(strings.NewReader(text.String())))
	require.Len(t, got, 10_000)
	require.Equal(t, []string{`row 10002: id: "v0" is in row 2 already`, `row 10003: id: "v7" is in row 9 already`}, problems)
}

func TestInOrder(t *testing.T) {
	t.Parallel()
	const n = 1000
	var ended atomic.Bool
	numbers := func(yield func(int) bool) {
		defer ended.Store(true)
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
	for round := range 100 {
		ended.Store(false)
		most := []int{0, 1, 500, n}[round%4]
		var got []int
		for x := range inOrder(numbers, func(i int) int { return 2 * i }) {
			if len(got) == most {
				break
			}
			got = append(got, x)
		}
		require.True(t, ended.Load(), "inputs are still read")
		require.Len(t, got, most)
		for i, x := range got {
			require.Equal(t, 2*i, x)
		}
	}
}

func TestDecimal(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$`)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(rapid.RuneFrom([]rune("0123+-.eExn_")), 0, 8, -1).Draw(t, "s")
		require.Equal(t, form.MatchString(s), decimal(s), "%q", s)
	})
}
