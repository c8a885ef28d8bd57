package index

import (
	"bytes"
	"math/bits"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/matching/grid"
)

// copied is the index after a way through a snapshot.
func copied(t require.TestingT, x *Index) *Index {
	var b bytes.Buffer
	_, err := x.Snapshot(7).WriteTo(&b)
	require.NoError(t, err)
	y := New()
	mark, err := y.Restore(&b)
	require.NoError(t, err)
	require.EqualValues(t, 7, mark)
	for _, root := range []*node{y.state.Load().available, y.state.Load().taken} {
		root.each(func(l *leaf) {
			for i := range l.n {
				rank := grid.Rank(grid.VecOf(l.people[i].home))
				h := l.people[i].handle
				require.Equal(t, keyOf(rank, h), y.roster.keys[h], "ranks follow from homes")
			}
		})
	}
	return y
}

// requireSound holds an index against everything that its parts promise each
// other.
func requireSound(t require.TestingT, x *Index) {
	s := x.state.Load()
	met := map[handle]bool{}
	skills, courses, patterns := map[word]int32{}, map[word]int32{}, map[*pattern]int32{}
	var r record
	for i, root := range []*node{s.available, s.taken} {
		last, depth := key(0), -1
		var check func(n *node, level int)
		check = func(n *node, level int) {
			require.LessOrEqual(t, len(n.parts), fan)
			require.Equal(t, newDigest(n.parts, n.leaves), n.digest, "a digest is that of the leaves")
			for c := range n.parts {
				require.Equal(t, n.piece(c).summary, n.parts[c])
				if len(n.nodes) > 0 {
					require.Equal(t, n.nodes[c].summary(), n.parts[c], "a summary is that of what is below")
					check(n.nodes[c], level+1)
					continue
				}
				require.True(t, depth < 0 || depth == level, "all leaves are equally deep")
				depth = level
				l := n.leaves[c]
				require.Equal(t, l.summary(n.parts[c].least), n.parts[c])
				require.LessOrEqual(t, last, n.parts[c].least)
				require.Len(t, l.courses.until, func() (n int) {
					for _, who := range l.courses.who {
						n += bits.OnesCount64(who)
					}
					return n
				}())
				for slot := range l.n {
					h := l.people[slot].handle
					k := x.roster.keys[h]
					require.GreaterOrEqual(t, k, n.parts[c].least, "keys are in order from leaf to leaf")
					require.Equal(t, h, k.handle())
					require.Equal(t, i == 1, l.people[slot].free == 0, "who has capacity is in the first tree")
					require.False(t, met[h])
					met[h] = true
					found, ok := x.find(x.roster.hash(l.id(slot)), l.id(slot))
					require.True(t, ok)
					require.Equal(t, h, found)
					l.record(slot, &r)
					for _, w := range r.skills {
						skills[w]++
					}
					for _, c := range r.held {
						courses[c.word]++
					}
					if r.when != nil {
						patterns[r.when]++
					}
				}
				for slot := range l.n {
					last = max(last, x.roster.keys[l.people[slot].handle])
				}
			}
		}
		if root != nil {
			check(root, 0)
		}
	}
	require.Len(t, met, x.roster.used)
	require.Len(t, x.terms.patterns.known, len(patterns), "no pattern outlives its last volunteer")
	for p, uses := range patterns {
		require.Equal(t, uses, p.uses)
		require.Same(t, p, x.terms.patterns.numbered[p.number])
	}
	requireUses(t, x.terms.skills, skills)
	requireUses(t, x.terms.courses, courses)
}

func requireUses[T ~string](t require.TestingT, w *words[T], uses map[word]int32) {
	require.Len(t, w.known, len(uses), "no word outlives its last volunteer")
	for _, at := range w.known {
		require.Equal(t, uses[at], w.uses[at])
	}
}
