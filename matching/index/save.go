package index

import (
	"bufio"
	"encoding/binary"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/linli/linli/aid"
)

// Snapshot is all volunteers at one moment, for writing them down. It never
// changes, however the index goes on, and is safe for concurrent use.
type Snapshot struct {
	state *state
	mark  int64
}

// Snapshot freezes the index; that takes no time. mark is the place in a change
// feed up to which the volunteers are told, for whoever reads the snapshot.
func (x *Index) Snapshot(mark int64) Snapshot { return Snapshot{x.state.Load(), mark} }

// WriteTo implements [io.WriterTo]. The bytes depend on nothing but the volunteers
// and the order of the updates that brought them about.
func (s Snapshot) WriteTo(to io.Writer) (int64, error) {
	w := &frameWriter{to: to}
	b := append(w.open(kindHeader), frameMagic...)
	b = binary.LittleEndian.AppendUint32(b, frameVersion)
	w.close(binary.LittleEndian.AppendUint64(b, uint64(s.mark)))
	writeWords(w, kindSkill, s.state.skills)
	writeWords(w, kindCourse, s.state.courses)
	numbered := s.writePatterns(w)
	for i, root := range []*node{s.state.available, s.state.taken} {
		writeTree(w, []kind{kindFree, kindTaken}[i], root, numbered)
	}
	w.close(binary.AppendUvarint(w.open(kindEnd), uint64(s.state.available.count()+s.state.taken.count())))
	w.flush()
	return w.written, w.err
}

func writeWords[T ~string](w *frameWriter, k kind, words lexicon[T]) {
	for _, name := range slices.Sorted(maps.Keys(words)) {
		w.close(appendText(binary.AppendUvarint(w.open(k), uint64(words[name])), string(name)))
	}
}

// writePatterns writes the availabilities that anybody has, and gives each of
// them with the number by which the records name it: its place among them.
func (s Snapshot) writePatterns(w *frameWriter) map[*pattern]*pattern {
	numbered := map[*pattern]*pattern{}
	for _, root := range []*node{s.state.available, s.state.taken} {
		root.each(func(l *leaf) {
			for i := range l.n {
				if p := l.when[i]; p != nil && numbered[p] == nil {
					numbered[p] = &pattern{number: int32(len(numbered))}
					w.close(appendText(w.open(kindPattern), p.key))
				}
			}
		})
	}
	return numbered
}

// writeTree writes the volunteers leaf by leaf, with how many they are.
func writeTree(w *frameWriter, k kind, root *node, numbered map[*pattern]*pattern) {
	var r record
	root.each(func(l *leaf) {
		b := binary.AppendUvarint(w.open(k), uint64(l.n))
		for i := range l.n {
			l.record(i, &r)
			r.when = numbered[r.when]
			b = r.append(b)
		}
		w.close(b)
	})
}

// each visits the leaves in their order.
func (n *node) each(visit func(*leaf)) {
	if n == nil {
		return
	}
	for _, below := range n.nodes {
		below.each(visit)
	}
	for _, l := range n.leaves {
		visit(l)
	}
}

// Save writes the snapshot to a file that is there whole or not at all: a new
// one takes the name of the old one only once it is on the disk.
func (s Snapshot) Save(path string) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return unsaved(err)
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
			err = unsaved(err)
		}
	}()
	buffered := bufio.NewWriterSize(f, frameFull)
	if _, err := s.WriteTo(buffered); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func unsaved(err error) error {
	return &aid.Error{Kind: aid.Unavailable, Message: "the snapshot could not be saved: " + err.Error(), Err: err}
}
