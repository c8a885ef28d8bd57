package flow

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Lists of any length keep what was written into them while others come and go.
func TestStoreKeepsListsApart(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		type list struct {
			place uint32
			n     int
		}
		m := newStore()
		lists := map[int32]list{}
		for id := range int32(rapid.IntRange(1, 60).Draw(rt, "lists")) {
			n := rapid.OneOf(rapid.IntRange(1, 40), rapid.IntRange(1, 70_000)).Draw(rt, "length")
			place, ok := m.reserve(n)
			require.True(rt, ok)
			require.LessOrEqual(rt, n, roomFor(n))
			lists[id] = list{place, n}
			whole := m.at(place, int32(roomFor(n)))
			for i := range whole {
				whole[i].to = id
			}
			if gone := rapid.Int32Range(0, id).Draw(rt, "gone"); rapid.Bool().Draw(rt, "leaves") {
				m.leave(lists[gone].place, lists[gone].n)
				delete(lists, gone)
			}
			for id, l := range lists {
				for _, a := range m.at(l.place, int32(l.n)) {
					if a.to != id {
						rt.Fatalf("list %d holds what was written into %d", id, a.to)
					}
				}
			}
		}
	})
}

func TestStoreUsesGapsAgain(t *testing.T) {
	t.Parallel()
	m := newStore()
	place, _ := m.reserve(7)
	m.leave(place, 7)
	again, _ := m.reserve(8)
	require.Equal(t, place, again)
	other, _ := m.reserve(8)
	require.NotEqual(t, place, other)
}
