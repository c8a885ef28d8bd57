package dimacs_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/bmatch"
	"github.com/linli/linli/matching/dimacs"
)

// Whatever comes in, there is an answer of a known kind, and a solution is
// always proven.
func FuzzRun(f *testing.F) {
	for _, seed := range []string{
		"", asn, transport,
		"p asn 4 2\nn 1\nn 2\na 1 3 5\na 2 3 9\n",
		"p min 3 2\nn 1 4000000000000\nn 3 -4000000000000\na 1 2 0 1 0\na 1 3 0 4000000000000 -288230376151711744\n",
		"p asn 2 1\nn 1\na 1 2 99999999999999999999\n",
		"p min 2147483646 9223372036854775807\nn 1 9223372036854775807\n",
		strings.ReplaceAll(asn, "\n", "\r\n"),
		"\x00\xff",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		var out bytes.Buffer
		c, err := dimacs.Run(t.Context(), bytes.NewReader(file), &out, bmatch.Options{})
		switch {
		case errors.Is(err, dimacs.ErrInfeasible):
			require.Equal(t, dimacs.StatusInfeasible, c.Status)
		case err != nil:
			require.Equal(t, aid.Invalid, aid.KindOf(err))
			require.Empty(t, out.String())
		default:
			require.Equal(t, c.Cost, c.Dual)
			require.True(t, strings.HasPrefix(out.String(), "s "))
		}
	})
}
