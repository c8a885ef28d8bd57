package index

import (
	"hash/maphash"

	"github.com/linli/linli/aid"
)

// roster finds volunteers by id: an open hash table of their handles, and where
// each handle is. Ids themselves are in the leaves only. It is for one goroutine
// at a time.
type roster struct {
	seed  maphash.Seed
	slots []uint64 // upper half of the hash, then handle + 1; 0 is empty
	used  int

	keys []key    // by handle
	idle []handle // given back
}

func newRoster() roster { return roster{seed: maphash.MakeSeed(), slots: make([]uint64, 16)} }

func (r *roster) hash(id aid.VolunteerID) uint32 {
	return uint32(maphash.String(r.seed, string(id)) >> 32)
}

// home is where the search for a hash begins: tables grow without the ids.
func (r *roster) home(hash uint32) int {
	return int(uint64(hash) * uint64(len(r.slots)) >> 32)
}

func (r *roster) next(at int) int {
	if at++; at == len(r.slots) {
		return 0
	}
	return at
}

// find gives the handle of an id; is tells whether a handle has it.
func (r *roster) find(hash uint32, is func(handle) bool) (handle, bool) {
	for at := r.home(hash); r.slots[at] != 0; at = r.next(at) {
		if h := handle(uint32(r.slots[at]) - 1); r.slots[at]>>32 == uint64(hash) && is(h) {
			return h, true
		}
	}
	return 0, false
}

// add takes a volunteer in who is not there yet. It fails with [aid.Invalid]
// when there are too many.
func (r *roster) add(hash uint32, rank uint64) (handle, error) {
	if 4*(r.used+1) > 3*len(r.slots) {
		r.grow()
	}
	var h handle
	switch last := len(r.idle) - 1; {
	case last >= 0:
		h, r.idle = r.idle[last], r.idle[:last]
	case len(r.keys) == maxHandles-1:
		return 0, aid.Errorf(aid.Invalid, "the index is full: it holds %d volunteers", maxHandles-1)
	default:
		h = handle(len(r.keys))
		r.keys = append(r.keys, 0)
	}
	r.keys[h] = keyOf(rank, h)
	r.place(uint64(hash)<<32 | uint64(h+1))
	r.used++
	return h, nil
}

func (r *roster) place(entry uint64) {
	at := r.home(uint32(entry >> 32))
	for r.slots[at] != 0 {
		at = r.next(at)
	}
	r.slots[at] = entry
}

// remove gives a handle back.
func (r *roster) remove(hash uint32, h handle) {
	entry := uint64(hash)<<32 | uint64(h+1)
	at := r.home(hash)
	for r.slots[at] != entry {
		at = r.next(at)
	}
	r.slots[at] = 0
	// What follows without a gap may have been put there past this place.
	for at = r.next(at); r.slots[at] != 0; at = r.next(at) {
		moved := r.slots[at]
		r.slots[at] = 0
		r.place(moved)
	}
	r.used--
	r.idle = append(r.idle, h)
}

func (r *roster) grow() {
	old := r.slots
	r.slots = make([]uint64, 2*len(old))
	for _, entry := range old {
		if entry != 0 {
			r.place(entry)
		}
	}
}
