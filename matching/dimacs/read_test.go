package dimacs_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/dimacs"
)

const asn = "c two by two\np asn 4 4\nn 1\nn 2\na 1 3 5\na 1 4 1\na 2 3 9\na 2 4 2\n"

const transport = `c request 1 with two seats, volunteers 2 and 3, sink 4
p min 4 5
n 1 2
n 4 -2
a 1 2 0 1 3
a 1 3 0 1 -4
a 1 4 0 2 50
a 2 4 0 1 0
a 3 4 0 7 1
`

func TestReadRefusesWithTheLine(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, file, line, says string }{
		{"unknown line", "p asn 2 1\nx 1\n", "line 2", `begins with "x"`},
		{"garbage", "\x00\xff\xfegarbage", "line 1", "begins with"},
		{"other form", "p max 4 5\n", "line 1", "asn and min"},
		{"short problem line", "p asn 4\n", "line 1", "3 fields"},
		{"second problem line", "p asn 2 1\np asn 2 1\n", "line 2", "second problem line"},
		{"arc before the problem", "c x\na 1 2 3\n", "line 2", "before the problem line"},
		{"node out of range", "p asn 2 1\nn 3\n", "line 2", "from 1 to 2"},
		{"node zero", "p asn 2 1\nn 0\n", "line 2", "from 1 to 2"},
		{"node count too large", "p asn 2147483648 1\n", "line 1", "number of nodes"},
		{"count overflows", "p asn 2 99999999999999999999\n", "line 1", "number of arcs"},
		{"cost overflows", "p asn 2 1\nn 1\na 1 2 9223372036854775808\n", "line 3", "the cost"},
		{"cost out of range", "p asn 2 1\nn 1\na 1 2 -288230376151711745\n", "line 3", "the cost"},
		{"cost with a fraction", "p asn 2 1\nn 1\na 1 2 1.5\n", "line 3", `"1.5"`},
		{"too many arcs", "p asn 2 1\nn 1\na 1 2 1\na 1 2 2\n", "line 4", "one arc more"},
		{"too few arcs", "p asn 2 3\nn 1\na 1 2 1\n", "line 3", "1 of the 3 arcs"},
		{"nodes nobody names", "p asn 2000000000 1\nn 1\na 1 2 1\n", "line 1", "no line names"},
		{"left node twice", "p asn 2 1\nn 1\nn 1\na 1 2 1\n", "line 3", "second time"},
		{"arc between left nodes", "p asn 4 1\nn 1\nn 2\na 1 2 1\n", "line 4", "left node 2"},
		{"arc from a right node", "p asn 2 1\nn 1\na 2 1 1\n", "line 3", "no left node"},
		{"asn node with flow", "p asn 2 1\nn 1 1\n", "line 2", "3 fields"},
		{"min node without flow", "p min 2 1\nn 1\n", "line 2", "2 fields"},
		{"lower bound", strings.Replace(transport, "a 1 2 0 1 3", "a 1 2 1 1 3", 1), "line 5", "lower bound"},
		{"wide pair", strings.Replace(transport, "a 1 2 0 1 3", "a 1 2 0 2 3", 1), "line 5", "capacity 2"},
		{"second pair", strings.Replace(transport, "a 1 3 0 1 -4", "a 1 2 0 1 -4", 1), "line 6", "second arc from node 1 to node 2"},
		{"two sinks", strings.Replace(transport, "n 4 -2", "n 4 -2\nn 3 -1", 1), "line 5", "second sink"},
		{"no sink", strings.Replace(transport, "n 4 -2", "n 4 0", 1), "line 9", "no node is the sink"},
		{"volunteer to volunteer", strings.Replace(transport, "a 3 4 0 7 1", "a 3 2 0 7 1", 1), "line 9", "from node 3 to node 2"},
		{"from the sink", strings.Replace(transport, "a 3 4 0 7 1", "a 4 3 0 7 1", 1), "line 9", "from node 4 to node 3"},
		{"sink to itself", strings.Replace(transport, "a 3 4 0 7 1", "a 4 4 0 7 1", 1), "line 9", "from node 4 to node 4"},
		{"two exits", strings.Replace(transport, "a 3 4 0 7 1", "a 2 4 0 7 1", 1), "line 9", "second arc from the volunteer 2"},
		{"two penalties", strings.Replace(transport, "a 3 4 0 7 1", "a 1 4 0 2 1", 1), "line 9", "second arc from the request 1"},
		{"penalty for some seats", strings.Replace(transport, "a 1 4 0 2 50", "a 1 4 0 1 50", 1), "line 7", "below the supply of 2"},
		{"long line", "c " + strings.Repeat("x", 70_000) + "\np asn 0 0\n", "line 1", "longer than"},
		{"long last line", "p asn 0 0\n" + strings.Repeat("a", 70_000), "line 2", "longer than"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := dimacs.Read(strings.NewReader(c.file))
			require.Equal(t, aid.Invalid, aid.KindOf(err), "%v", err)
			e, ok := errors.AsType[*aid.Error](err)
			require.True(t, ok)
			require.Len(t, e.Problems, 1)
			require.Equal(t, c.line, e.Problems[0].Field)
			require.Contains(t, e.Problems[0].Message, c.says)
		})
	}
}

func TestReadRefusesAFileWithoutAProblem(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"", "\n\n", "c only a comment\n"} {
		_, err := dimacs.Read(strings.NewReader(file))
		require.Equal(t, aid.Invalid, aid.KindOf(err))
		require.ErrorContains(t, err, "no problem line")
	}
}

func TestReadTellsABrokenReaderFromABrokenFile(t *testing.T) {
	t.Parallel()
	cause := errors.New("disk gone")
	_, err := dimacs.Read(io.MultiReader(strings.NewReader(asn[:30]), iotest.ErrReader(cause)))
	require.Equal(t, aid.Unavailable, aid.KindOf(err))
	require.ErrorIs(t, err, cause)
}

func TestReadTakesAnyLineEndAndBlank(t *testing.T) {
	t.Parallel()
	for _, file := range []string{
		asn,
		strings.ReplaceAll(asn, "\n", "\r\n"),
		strings.ReplaceAll(asn, " ", " \t "),
		strings.ReplaceAll(asn, "\n", "\n\n"),
		strings.TrimSuffix(asn, "\n"),
	} {
		n, err := dimacs.Read(strings.NewReader(file))
		require.NoError(t, err)
		require.Equal(t, 4, n.Nodes())
	}
}
