package index

import "math/bits"

// digest is who of the leaves below a node has what, as a search looks at it: in
// rows of one set for each leaf, side by side in memory, so that it need not
// fetch a leaf to learn that nobody there will do. Like a summary it follows from
// the leaves.
//
//	no skill │ at most 1 │ … 3 │ each skill │ each course     each a row of len(leaves) sets of slots
type digest struct {
	rows            []uint64
	skills, courses uint64 // bits of the words that have a row: not those that share a bit
}

// few is how many rows tell who has no more than so many skills, from none on.
const few = 4

// newDigest makes the digest of leaves.
func newDigest(leaves []*leaf) digest {
	var d digest
	for _, l := range leaves {
		d.skills |= l.skills.own &^ rareBit
		d.courses |= l.courses.own &^ rareBit
	}
	n := len(leaves)
	d.rows = make([]uint64, n*(few+bits.OnesCount64(d.skills)+bits.OnesCount64(d.courses)))
	for i, l := range leaves {
		for slot := range l.n {
			for most := int(l.count[slot]); most < few; most++ {
				d.rows[most*n+i] |= 1 << slot
			}
		}
		for at, w := range l.skills.word {
			if w < ownBits {
				d.rows[d.skill(w)*n+i] = l.skills.who[at]
			}
		}
		for at, w := range l.courses.word {
			if w < ownBits {
				d.rows[d.course(w)*n+i] = l.courses.who[at]
			}
		}
	}
	return d
}

// skill and course give the row of a word that has one.
func (d *digest) skill(w word) int { return few + bits.OnesCount64(d.skills&(w.bit()-1)) }

func (d *digest) course(w word) int {
	return few + bits.OnesCount64(d.skills) + bits.OnesCount64(d.courses&(w.bit()-1))
}

// able is the slots of a leaf that have every skill asked and hold every course,
// though it may have lapsed, and how many skills beside those asked each of them
// has at least. The leaf must have all the bits asked in its summary.
func (n *node) able(s *search, leaf int) (who uint64, spare int) {
	d, width := &n.digest, len(n.leaves)
	who = ^uint64(0) >> (leafSize - n.parts[leaf].count)
	for _, w := range s.skills {
		if w < ownBits {
			who &= d.rows[d.skill(w)*width+leaf]
		} else {
			who &= n.leaves[leaf].skills.has(w)
		}
	}
	for _, w := range s.courses {
		if w < ownBits {
			who &= d.rows[d.course(w)*width+leaf]
		} else {
			who &= n.leaves[leaf].courses.has(w)
		}
	}
	most := len(s.skills)
	for most < few && who&d.rows[most*width+leaf] == 0 {
		most++
	}
	return who, most - len(s.skills)
}
