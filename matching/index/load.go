package index

import (
	"runtime"
	"slices"
	"sync"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/grid"
)

// Loader takes in the volunteers of a load. It is for the goroutine that
// [Index.Load] calls.
type Loader struct {
	terms  terms
	roster roster
	record record

	// Records wait in chunks until everybody is known and can be put in order.
	chunks [][]byte
	at     []place // by handle
}

// place is where a record waits: chunk, offset, and a bit for no capacity left.
type place uint64

const (
	chunkBits = 20
	gone      = place(1<<64 - 1)
)

func placeOf(chunk, offset int, taken bool) place {
	at := place(chunk)<<chunkBits | place(offset)
	if taken {
		return at<<1 | 1
	}
	return at << 1
}

func (p place) taken() bool { return p&1 == 1 }

// Load replaces all volunteers by those that fill gives, in about a microsecond
// for each. Until fill has returned queries go on with the old ones; if it fails,
// so does Load, and nothing has changed. Other updates wait.
func (x *Index) Load(fill func(*Loader) error) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	l := &Loader{terms: newTerms(), roster: newRoster()}
	if err := fill(l); err != nil {
		return err
	}
	next := l.finish()
	x.terms, x.roster = l.terms, l.roster
	x.publish(next)
	return nil
}

// Upsert adds a volunteer or replaces the one with the same id. A record that
// cannot be placed is refused with [aid.Invalid] and is no hindrance to others.
func (l *Loader) Upsert(v Volunteer) error {
	if err := v.Validate(); err != nil {
		return err
	}
	if err := v.fill(&l.record, &l.terms); err != nil {
		return err
	}
	l.terms.use(&l.record)
	at := l.store()
	hash, rank := l.roster.hash(v.ID), grid.Rank(grid.VecOf(v.Home))
	h, known := l.find(hash, v.ID)
	if known {
		l.replace(h, at)
		l.roster.keys[h] = keyOf(rank, h)
		return nil
	}
	h, err := l.roster.add(hash, rank)
	if err != nil {
		l.terms.release(&l.record)
		return err
	}
	if int(h) == len(l.at) {
		l.at = append(l.at, at)
	} else {
		l.at[h] = at
	}
	return nil
}

// Remove takes a volunteer out and tells whether they were there.
func (l *Loader) Remove(id aid.VolunteerID) bool {
	hash := l.roster.hash(id)
	h, known := l.find(hash, id)
	if known {
		l.replace(h, gone)
		l.roster.remove(hash, h)
	}
	return known
}

// replace puts a volunteer's record elsewhere.
func (l *Loader) replace(h handle, at place) {
	l.read(l.at[h], &l.record)
	l.terms.release(&l.record)
	l.at[h] = at
}

func (l *Loader) find(hash uint32, id aid.VolunteerID) (handle, bool) {
	return l.roster.find(hash, func(h handle) bool {
		d := l.decoder(l.at[h])
		return string(d.bytes()) == string(id)
	})
}

// store puts the record in a chunk.
func (l *Loader) store() place {
	last := len(l.chunks) - 1
	const most = 32 << 10 // no record takes more
	if last < 0 || len(l.chunks[last])+most > 1<<chunkBits {
		l.chunks = append(l.chunks, make([]byte, 0, 1<<chunkBits))
		last++
	}
	at := placeOf(last, len(l.chunks[last]), l.record.free == 0)
	l.chunks[last] = l.record.append(l.chunks[last])
	return at
}

func (l *Loader) decoder(at place) decoder {
	at >>= 1
	return decoder{rest: l.chunks[at>>chunkBits][at&(1<<chunkBits-1):]}
}

func (l *Loader) read(at place, r *record) {
	d := l.decoder(at)
	d.record(r, &l.terms)
}

// finish puts everybody in order and makes the trees.
func (l *Loader) finish() state {
	l.roster.keys = slices.Clone(l.roster.keys) // in no more memory than they need
	taken := 0
	for _, at := range l.at {
		if at != gone && at.taken() {
			taken++
		}
	}
	orders := [2][]key{make([]key, 0, l.roster.used-taken), make([]key, 0, taken)}
	for h, at := range l.at {
		if at == gone {
			continue
		}
		tree := 0
		if at.taken() {
			tree = 1
		}
		orders[tree] = append(orders[tree], l.roster.keys[h])
	}
	inParallel(len(orders), func(from, to int) {
		for i := from; i < to; i++ {
			slices.Sort(orders[i])
		}
	})
	return state{available: l.tree(orders[0]), taken: l.tree(orders[1])}
}

// tree makes a tree of the volunteers with the keys, which ascend.
func (l *Loader) tree(order []key) *node {
	pieces := make([]piece, (len(order)+packedLeaf-1)/packedLeaf)
	inParallel(len(pieces), func(from, to int) {
		var r record
		var b leafBuilder
		var waiting [packedLeaf]decoder
		var ids [packedLeaf][]byte
		for i := from; i < to; i++ {
			members := order[i*packedLeaf : min((i+1)*packedLeaf, len(order))]
			// Records lie all over memory. All are opened before any is read, so
			// that the processor fetches them side by side.
			for j, k := range members {
				waiting[j] = l.decoder(l.at[k.handle()])
				ids[j] = waiting[j].bytes()
			}
			for j, k := range members {
				r.id = string(ids[j])
				waiting[j].but(&r, &l.terms)
				b.add(&r, k.handle())
			}
			pieces[i] = leafPiece(b.done(), members[0])
		}
	})
	return stack(pieces)
}

// inParallel splits a range among the processors.
func inParallel(n int, work func(from, to int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	var all sync.WaitGroup
	for i := range workers {
		all.Go(func() { work(i*n/workers, (i+1)*n/workers) })
	}
	all.Wait()
}
