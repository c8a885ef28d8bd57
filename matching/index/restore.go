package index

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"io"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/grid"
)

// Restore replaces all volunteers by those of a snapshot, and gives its mark. It
// takes about half as long as [Index.Load], since nothing has to be put in order.
// What is no whole and sound snapshot is refused with [aid.Invalid], and the
// index stays as it was. Until it is read queries go on with the old volunteers;
// other updates wait.
func (x *Index) Restore(from io.Reader) (mark int64, err error) {
	r := &restorer{frames: frameReader{from: from}, terms: newTerms(), roster: newRoster()}
	mark, err = r.header()
	for ended := false; err == nil && !ended; {
		ended, err = r.frame()
	}
	if err != nil {
		return 0, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.terms, x.roster = r.terms, r.roster
	x.terms.sweep()
	x.publish(state{available: stack(r.pieces[0]), taken: stack(r.pieces[1])})
	return mark, nil
}

// Open is [Index.Restore] from a file. One that is not there is [aid.NotFound].
func (x *Index) Open(path string) (mark int64, err error) {
	f, err := os.Open(path)
	if os.IsNotExist(err) {
		return 0, &aid.Error{Kind: aid.NotFound, Message: "there is no snapshot of volunteers at " + path, Err: err}
	}
	if err != nil {
		return 0, &aid.Error{Kind: aid.Unavailable, Message: "the snapshot could not be read: " + err.Error(), Err: err}
	}
	defer f.Close()
	return x.Restore(bufio.NewReaderSize(f, frameFull))
}

// restorer builds an index from frames.
type restorer struct {
	frames frameReader
	last   kind // of the frames so far
	terms  terms
	roster roster

	pieces  [2][]piece // leaves of the available and the taken
	rank    [2]uint64  // highest so far
	record  record
	builder leafBuilder
}

func (r *restorer) header() (mark int64, err error) {
	k, payload, err := r.frames.next()
	if err != nil {
		return 0, err
	}
	rest, ok := strings.CutPrefix(string(payload), frameMagic)
	if k != kindHeader || !ok || len(rest) != 12 {
		return 0, corrupt("it begins with something else")
	}
	if v := binary.LittleEndian.Uint32([]byte(rest)); v != frameVersion {
		return 0, corrupt("it has version %d and this program reads %d", v, frameVersion)
	}
	r.last = kindHeader
	return int64(binary.LittleEndian.Uint64([]byte(rest[4:]))), nil
}

// frame takes one more frame in and tells whether it was the end.
func (r *restorer) frame() (ended bool, err error) {
	k, payload, err := r.frames.next()
	if err != nil {
		return false, err
	}
	if strings.IndexByte(frameKinds, byte(k)) < strings.IndexByte(frameKinds, byte(r.last)) {
		return false, corrupt("a part %q comes after a part %q", k, r.last)
	}
	r.last = k
	d := decoder{rest: payload}
	for len(d.rest) > 0 && err == nil {
		switch k {
		case kindSkill:
			err = restoreWord(&d, r.terms.skills)
		case kindCourse:
			err = restoreWord(&d, r.terms.courses)
		case kindPattern:
			err = r.pattern(&d)
		case kindFree:
			err = r.leaf(&d, 0)
		case kindTaken:
			err = r.leaf(&d, 1)
		case kindEnd:
			if d.uvarint() != uint64(r.roster.used) || d.broken || len(d.rest) > 0 {
				return false, corrupt("volunteers are missing")
			}
			ended = true
		default:
			return false, corrupt("a part is of the unknown kind %q", k)
		}
	}
	if err == nil && d.broken {
		err = corrupt("a part %q is garbled", k)
	}
	return ended, err
}

func restoreWord[T ~string](d *decoder, w *words[T]) error {
	at, name := d.below(maxWords), T(d.text())
	if _, known := w.known[name]; known || d.broken {
		return corrupt("a skill or course is there twice or garbled")
	}
	for int(at) >= len(w.uses) {
		w.uses = append(w.uses, unused)
	}
	if w.uses[at] != unused {
		return corrupt("two skills or courses have the number %d", at)
	}
	w.uses[at] = 0
	w.known[name] = word(at)
	return nil
}

func (r *restorer) pattern(d *decoder) error {
	inner := decoder{rest: d.bytes()}
	key := string(inner.rest)
	p := inner.pattern()
	p.key = key
	if d.broken || inner.broken || len(inner.rest) > 0 || r.terms.patterns.known[key] != nil {
		return corrupt("an availability is there twice or garbled")
	}
	r.terms.patterns.add(&p)
	return nil
}

// leaf takes a leaf into one of the trees.
func (r *restorer) leaf(d *decoder, tree int) error {
	n := d.below(leafSize + 1)
	if n == 0 {
		return corrupt("a leaf is empty or garbled")
	}
	least, highest := key(1<<64-1), r.rank[tree]
	for range n {
		d.record(&r.record, &r.terms)
		rank := grid.Rank(grid.VecOf(r.record.home))
		if d.broken || rank < r.rank[tree] || !r.record.sound(&r.terms) || r.record.free == 0 != (tree == 1) {
			return corrupt("a volunteer is garbled")
		}
		id := aid.VolunteerID(r.record.id)
		hash := r.roster.hash(id)
		if _, known := r.roster.find(hash, func(h handle) bool { return r.id(h) == id }); known {
			return corrupt("volunteer %s is there twice", id)
		}
		h, err := r.roster.add(hash, rank)
		if err != nil {
			return err
		}
		r.terms.use(&r.record)
		r.builder.add(&r.record, h)
		least, highest = min(least, keyOf(rank, h)), max(highest, rank)
	}
	r.pieces[tree] = append(r.pieces[tree], leafPiece(r.builder.done(), least))
	r.rank[tree] = highest
	return nil
}

// id is that of a volunteer who has been taken in. Handles were given in the
// order of the leaves.
func (r *restorer) id(h handle) aid.VolunteerID {
	if b := &r.builder; b.leaf.n > 0 && h >= b.people[0].handle {
		slot := int(h - b.people[0].handle)
		return aid.VolunteerID(b.ids[begin(b.leaf.idEnd[:], slot):b.leaf.idEnd[slot]])
	}
	all := r.pieces[0]
	if taken := r.pieces[1]; len(taken) > 0 && h >= taken[0].leaf.people[0].handle {
		all = taken
	}
	at, found := slices.BinarySearchFunc(all, h, func(p piece, h handle) int { return cmp.Compare(p.leaf.people[0].handle, h) })
	if !found {
		at--
	}
	l := all[at].leaf
	return l.id(int(h - l.people[0].handle))
}

// sound tells whether a record that was read is one that could have been written.
func (r *record) sound(t *terms) bool {
	for i, s := range r.skills {
		if t.skills.uses[s] == unused || i > 0 && r.skills[i-1] >= s {
			return false
		}
	}
	for i, c := range r.held {
		if t.courses.uses[c.word] == unused || i > 0 && r.held[i-1].word >= c.word {
			return false
		}
	}
	return r.id != "" && len(r.id) <= aid.MaxIDLength && r.home.Validate() == nil &&
		r.reach > 0 && !math.IsInf(r.reach, 0) &&
		len(r.skills) <= maxListed && len(r.held) <= maxListed && len(r.bound) <= maxBound && r.pause.sound() && r.vetting.sound()
}
