package verify

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func (s sum) big() *big.Int {
	x := new(big.Int).Lsh(big.NewInt(s.hi), 64)
	return x.Add(x, new(big.Int).SetUint64(s.lo))
}

func TestSumAgreesWithBigIntegers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var s sum
		want := new(big.Int)
		for range rapid.IntRange(0, 8).Draw(t, "terms") {
			a, b := rapid.Int64().Draw(t, "a"), rapid.Int64().Draw(t, "b")
			var product sum
			product.addProduct(a, b)
			s.add(a)
			s.addSum(product.negated())
			want.Add(want, big.NewInt(a))
			want.Sub(want, new(big.Int).Mul(big.NewInt(a), big.NewInt(b)))
		}
		x := rapid.Int64().Draw(t, "x")
		require.Equal(t, want.String(), s.big().String())
		require.Equal(t, want.Cmp(big.NewInt(x)), s.compare(x))
		if want.IsInt64() {
			require.Equal(t, want.String(), s.String())
		}
	})
}
