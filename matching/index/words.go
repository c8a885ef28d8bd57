package index

import (
	"maps"

	"github.com/linli/linli/aid"
)

// word is an interned skill or course; each kind has numbers of its own.
type word uint16

// ownBits is how many words have a bit of their own in the sets that summaries
// keep; all others share rareBit, and only the leaves tell them apart.
const (
	ownBits = 63
	rareBit = uint64(1) << ownBits
)

// maxWords is how many words of a kind can be told apart.
const maxWords = 1 << 16

// bit is the word's place in a summary's set.
func (w word) bit() uint64 { return 1 << min(w, ownBits) }

// lexicon is the words of a kind that are in use. It never changes.
type lexicon[T ~string] map[T]word

// words interns the names of one kind, which are few and repeat endlessly. A
// word that nobody uses any more is forgotten, so that names that come and go do
// not pile up. It is for one goroutine at a time; lexicons are handed out to all.
type words[T ~string] struct {
	known  lexicon[T]
	shared bool    // known has been handed out: copy it before changing it
	uses   []int32 // volunteers with each word, or unused
	lowest int     // no number below is free
}

// unused marks a number that no name has.
const unused = -1

func newWords[T ~string]() *words[T] { return &words[T]{known: lexicon[T]{}} }

// lexicon gives the words as they are now.
func (w *words[T]) lexicon() lexicon[T] {
	w.shared = true
	return w.known
}

// intern gives the word of a name. It fails with [aid.Invalid] when there are
// too many names.
func (w *words[T]) intern(name T) (word, error) {
	if at, known := w.known[name]; known {
		return at, nil
	}
	for w.lowest < len(w.uses) && w.uses[w.lowest] != unused {
		w.lowest++
	}
	if w.lowest == maxWords {
		return 0, aid.Errorf(aid.Invalid, "%q is one skill or course too many: volunteers have %d different ones already", name, maxWords)
	}
	if w.lowest == len(w.uses) {
		w.uses = append(w.uses, 0)
	}
	w.own()
	w.uses[w.lowest] = 0
	w.known[name] = word(w.lowest)
	return word(w.lowest), nil
}

func (w *words[T]) own() {
	if w.shared {
		w.known, w.shared = maps.Clone(w.known), false
	}
}

func (w *words[T]) use(at word) { w.uses[at]++ }

// release counts one use less and tells whether it was the last, which is a
// reason to sweep.
func (w *words[T]) release(at word) bool {
	w.uses[at]--
	return w.uses[at] == 0
}

// sweep forgets the words that nobody has.
func (w *words[T]) sweep() {
	w.own()
	maps.DeleteFunc(w.known, func(_ T, at word) bool {
		if w.uses[at] != 0 {
			return false
		}
		w.uses[at] = unused
		w.lowest = min(w.lowest, int(at))
		return true
	})
}
