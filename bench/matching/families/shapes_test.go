package families

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/bench/matching/instance"
	"github.com/linli/linli/matching/bmatch"
)

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

func solved(t interface {
	require.TestingT
	Context() context.Context
}, in *instance.Instance,
) *bmatch.Result {
	res, err := bmatch.Solve(t.Context(), in.Problem(), bmatch.Options{})
	require.NoError(t, err)
	return res
}

// TestANewcomerDisplacesTheWholeChain: every link has to move on by one.
func TestANewcomerDisplacesTheWholeChain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		links, width := rapid.IntRange(1, 40).Draw(t, "links"), rapid.IntRange(1, 5).Draw(t, "width")
		in := chain(links, width)
		require.NoError(t, in.Check())
		require.Equal(t, int64(2*links*width+width), solved(t, in).Objective)
	})
}

// TestAssignmentsHaveAPerfectMatching also with fewer arcs than a matching
// would be found in by chance.
func TestAssignmentsHaveAPerfectMatching(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "n")
		degree := rapid.IntRange(1, n).Draw(t, "degree")
		in := perfect(n, degree, seeded(rapid.Uint64().Draw(t, "seed")), func(left, right int) int64 { return int64(left * right) })
		require.NoError(t, in.Check())
		require.True(t, in.IsOneToOne())
		for r := range in.Requests {
			row, seen := in.Row(r), map[int32]bool{}
			require.GreaterOrEqual(t, len(row), degree)
			require.LessOrEqual(t, len(row), degree+1)
			for _, a := range row {
				require.False(t, seen[a.Volunteer], "an arc twice")
				require.Equal(t, int64(r)*int64(a.Volunteer), a.Cost)
				seen[a.Volunteer] = true
			}
		}
		require.Equal(t, n, solved(t, in).Pairs())
	})
}

func TestCostsAreThoseOfTheFamily(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	for name, allowed := range map[string]func(cost int64) bool{
		"all_equal":      func(c int64) bool { return c == 1_000 },
		"two_costs":      func(c int64) bool { return c == 1 || c == 1_000_000 },
		"low_costs":      func(c int64) bool { return c < 100 },
		"product_costs":  func(c int64) bool { return c >= 1 && c <= 1_000_000 },
		"asn_low_cost":   func(c int64) bool { return c <= 100 },
		"asn_high_cost":  func(c int64) bool { return c <= 100_000_000 },
		"asn_two_cost":   func(c int64) bool { return c == 100 || c == 100_000_000 },
		"asn_fixed_cost": func(c int64) bool { return c%100 == 0 && c >= 100 },
		"asn_geometric":  func(c int64) bool { return c <= 1_414_214 },
		"asn_dense":      func(c int64) bool { return c <= 10_000_000 },
	} {
		in := produce(t, s, family(t, name), 64)
		seen := map[int64]bool{}
		for _, c := range in.Cost {
			require.True(t, allowed(c), "%s has a cost of %d", name, c)
			seen[c] = true
		}
		switch name {
		case "all_equal":
			require.Len(t, seen, 1)
		case "two_costs", "asn_two_cost":
			require.Len(t, seen, 2)
		default:
			require.Greater(t, len(seen), 10, name)
		}
	}
}

// TestProductsFactor: the 2×2 determinants of a product matrix vanish.
func TestProductsFactor(t *testing.T) {
	t.Parallel()
	in := products(20, seeded(1)) // 20 candidates each: complete
	cost := func(r int, v int32) int64 {
		for _, a := range in.Row(r) {
			if a.Volunteer == v {
				return a.Cost
			}
		}
		return -1
	}
	for r := 1; r < 20; r++ {
		for v := int32(1); v < 20; v++ {
			require.Equal(t, cost(0, 0)*cost(r, v), cost(0, v)*cost(r, 0))
		}
	}
}

// TestDenseCityLacksVolunteers: that is what makes it hard.
func TestDenseCityLacksVolunteers(t *testing.T) {
	t.Parallel()
	in := denseCity(60, seeded(2))
	require.Equal(t, 60*60, in.Arcs())
	require.Less(t, int64(solved(t, in).Pairs()), in.Seats())
}

func TestDistinct(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n, k := rapid.IntRange(0, 30).Draw(t, "n"), rapid.IntRange(0, 40).Draw(t, "k")
		drawn := distinct(seeded(rapid.Uint64().Draw(t, "seed")), n, k)
		seen := map[int]bool{}
		for _, i := range drawn {
			require.True(t, i >= 0 && i < n && !seen[i])
			seen[i] = true
		}
		require.Len(t, drawn, min(n, k))
	})
}
