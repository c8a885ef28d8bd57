package index

import (
	"math/bits"
	"slices"
)

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

// newDigest makes the digest of leaves with their summaries; of none it is empty.
func newDigest(parts []summary, leaves []*leaf) digest {
	if len(leaves) == 0 {
		return digest{}
	}
	var d digest
	d.skills, d.courses = ownWords(parts)
	d.rows = make([]uint64, len(leaves)*(few+bits.OnesCount64(d.skills)+bits.OnesCount64(d.courses)))
	for i, l := range leaves {
		d.fill(i, len(leaves), l)
	}
	return d
}

// with gives the digest after another leaf has come in the place of one.
func (d *digest) with(parts []summary, leaves []*leaf, at int) digest {
	if skills, courses := ownWords(parts); skills != d.skills || courses != d.courses {
		return newDigest(parts, leaves)
	}
	c := digest{slices.Clone(d.rows), d.skills, d.courses}
	for i := at; i < len(c.rows); i += len(leaves) {
		c.rows[i] = 0
	}
	c.fill(at, len(leaves), leaves[at])
	return c
}

// ownWords is the words with a bit of their own that anybody has.
func ownWords(parts []summary) (skills, courses uint64) {
	for i := range parts {
		skills |= parts[i].skills &^ rareBit
		courses |= parts[i].courses &^ rareBit
	}
	return skills, courses
}

// fill notes in rows of that width who of a leaf has what.
func (d *digest) fill(i, width int, l *leaf) {
	for slot := range l.n {
		for most := int(l.count[slot]); most < few; most++ {
			d.rows[most*width+i] |= 1 << slot
		}
	}
	for at, w := range l.skills.word {
		if w < ownBits {
			d.rows[d.skill(w)*width+i] = l.skills.who[at]
		}
	}
	for at, w := range l.courses.word {
		if w < ownBits {
			d.rows[d.course(w)*width+i] = l.courses.who[at]
		}
	}
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
