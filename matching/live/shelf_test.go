package live

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching"
	"github.com/linli/linli/matching/index"
)

func TestTheShelfKeepsTheLastUsedThatItHasRoomFor(t *testing.T) {
	t.Parallel()
	ledger := func() *matching.Ledger {
		l, err := matching.Settle(t.Context(), matching.Problem{Index: index.New(), OneEach: true}, nil)
		require.NoError(t, err)
		return l
	}
	one := ledger()
	require.Positive(t, one.Bytes())
	s := shelf{most: 2 * one.Bytes()}
	for shard := range aid.Cell(3) {
		s.put(kept{shard: shard, ledger: ledger()})
	}
	require.Nil(t, s.take(0).ledger, "the longest unused made room")
	require.NotNil(t, s.take(1).ledger)
	require.Nil(t, s.take(1).ledger, "who takes one has it alone")

	s.put(kept{shard: 1, ledger: one})
	s.put(kept{shard: 2, ledger: one})
	require.Same(t, one, s.take(2).ledger, "one of each shard")
	require.NotNil(t, s.take(1).ledger)

	small := shelf{most: one.Bytes() - 1}
	small.put(kept{shard: 1, ledger: one})
	require.Nil(t, small.take(1).ledger, "too large to be kept")
}
