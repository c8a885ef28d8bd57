package report

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/bench/matching/families"
)

// TestExponentOfAPowerIsFound: a power law gives its own exponent, whatever the
// factor and the sizes.
func TestExponentOfAPowerIsFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e, factor := rapid.Float64Range(0.2, 3).Draw(t, "exponent"), rapid.Float64Range(1e-6, 10).Draw(t, "factor")
		var samples []sample
		for size := 100.0; size <= 1e5; size *= rapid.Float64Range(2, 10).Draw(t, "step") {
			samples = append(samples, sample{size, factor * math.Pow(size, e)})
		}
		require.InDelta(t, e, exponent(samples), 1e-9)
	})
}

func TestNLogNHasItsExponent(t *testing.T) {
	t.Parallel()
	f := func(n float64) float64 { return n * math.Log(n) }
	require.InDelta(t, exponent([]sample{{1e3, f(1e3)}, {1e5, f(1e5)}}), nLogN(1e3, 1e5), 1e-12)
}

func TestGrowths(t *testing.T) {
	t.Parallel()
	r := Results{Solves: []Instance{row("m_calm", 10_000, 10), row("m_calm", 1_000, 1), row("m_busy", 1_000, 1)}}
	other := row("asn_dense", 10, 1)
	other.Suite = families.DIMACS
	r.Solves = append(r.Solves, other)
	other.Requests = 100
	r.Solves = append(r.Solves, other)
	growths := r.Growths()
	require.Len(t, growths, 3, "one size says nothing, a reached limit neither, and other suites are too small")
	require.Equal(t, Ours, growths[0].Solver)
	require.Equal(t, []int{1_000, 10_000}, []int{growths[0].From, growths[0].To})
	require.InDelta(t, 1, growths[0].Exponent, 1e-9)
}
