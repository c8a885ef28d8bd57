package index

import (
	"slices"

	"github.com/linli/linli/aid"
)

// word is an interned skill or course.
type word uint16

// ownBits is how many skills have a bit of their own in a set; those interned
// later share rareBit, and the records list them.
const (
	ownBits = 63
	rareBit = uint64(1) << ownBits
)

// words interns skills and courses, which are few and repeat endlessly.
type words struct {
	skills  map[aid.Skill]word
	courses map[aid.CourseID]word
}

func newWords() words {
	return words{map[aid.Skill]word{}, map[aid.CourseID]word{}}
}

// skillSet is a set of skills: a bit for each of the first, a list of the rest.
type skillSet struct {
	bits  uint64
	rare  []word
	count int
}

func (s *skillSet) add(w word) {
	if w < ownBits {
		if s.bits>>w&1 == 0 {
			s.count++
		}
		s.bits |= 1 << w
		return
	}
	if i, found := slices.BinarySearch(s.rare, w); !found {
		s.rare = slices.Insert(s.rare, i, w)
		s.count++
	}
	s.bits |= rareBit
}

// intern gives the set of the skills, adding those it has not met.
func (w words) intern(skills []aid.Skill) skillSet {
	var set skillSet
	for _, s := range skills {
		set.add(internOne(w.skills, s))
	}
	return set
}

// find gives the set of the skills, and whether anybody ever had all of them.
func (w words) find(skills []aid.Skill) (skillSet, bool) {
	var set skillSet
	for _, s := range skills {
		at, known := w.skills[s]
		if !known {
			return skillSet{}, false
		}
		set.add(at)
	}
	return set, true
}

func internOne[T ~string](known map[T]word, s T) word {
	at, ok := known[s]
	if !ok {
		at = word(len(known))
		known[s] = at
	}
	return at
}

// room tells whether so many more words could still be told apart.
func (w words) room(skills, courses int) bool {
	const most = 1 << 16
	return len(w.skills)+skills <= most && len(w.courses)+courses <= most
}
