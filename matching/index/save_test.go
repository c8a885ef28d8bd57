package index

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"
	"unique"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
)

// snapshotOf is the bytes of an index with a little of everything.
func snapshotOf(t testing.TB) []byte {
	t.Helper()
	x := New()
	var people []Volunteer
	for i := range 300 {
		v := Volunteer{
			ID: aid.VolunteerID(fmt.Sprintf("v%03d", i)), Home: aid.Point{Lat: 45 + float64(i%17)/50, Lng: 126 + float64(i%13)/50},
			Skills: []aid.Skill{"driving", aid.Skill(fmt.Sprint("s", i%80))}, Capacity: 1 + i%2, MaxDistance: float64(1000 + i),
			Courses: []aid.CourseHeld{{Course: "basics"}, {Course: "care", Until: aid.Date{Year: 2026, Month: 3, Day: 1 + i%9}}},
		}
		if i%4 == 0 {
			v.Vetting = aid.Vetting{CheckedOn: aid.DateOf(noon), BirthDate: aid.Date{Year: 1990 + i%30, Month: 1, Day: 1}, ConsentUntil: aid.Date{Year: 2100, Month: 1, Day: 1 + i%9}}
		}
		if i%3 == 0 {
			v.Bound = []aid.Window{window(i%5, i%5+1)}
			v.Availability = aid.Availability{
				Zone: "Asia/Shanghai", Weekly: []aid.WeeklyHours{{Day: 1, From: 0, To: 1440}}, From: noon,
				Away: []aid.DateRange{{From: aid.Date{Year: 2026, Month: 1, Day: 1}, To: aid.Date{Year: 2026, Month: 1, Day: 2 + i%4}}},
			}
		}
		people = append(people, v)
	}
	load(t, x, people)
	var b bytes.Buffer
	n, err := x.Snapshot(-42).WriteTo(&b)
	require.NoError(t, err)
	require.EqualValues(t, b.Len(), n)
	return b.Bytes()
}

// all is every volunteer of an index as a record, by id.
func all(x *Index) map[string]record {
	s := x.state.Load()
	out := map[string]record{}
	for _, root := range []*node{s.available, s.taken} {
		root.each(func(l *leaf) {
			for i := range l.n {
				var r record
				l.record(i, &r)
				out[r.id] = r
			}
		})
	}
	return out
}

func TestASnapshotBringsEverythingBack(t *testing.T) {
	t.Parallel()
	written := snapshotOf(t)
	x, y := New(), New()
	mark, err := x.Restore(iotest.OneByteReader(bytes.NewReader(written)))
	require.NoError(t, err)
	require.EqualValues(t, -42, mark)
	require.Equal(t, 300, x.Len())
	requireSound(t, x)
	_, err = y.Restore(bytes.NewReader(written))
	require.NoError(t, err)
	var again bytes.Buffer
	_, err = y.Snapshot(-42).WriteTo(&again)
	require.NoError(t, err)
	require.Equal(t, written, again.Bytes(), "the same volunteers have the same bytes")
	require.Empty(t, cmp.Diff(all(x), all(y), cmp.AllowUnexported(record{}, course{}, span{}, pause{}, parked{}, vetting{}, age{}),
		cmp.Comparer(func(a, b unique.Handle[string]) bool { return a == b }),
		cmp.Comparer(func(a, b *pattern) bool { return a == b || a != nil && b != nil && a.key == b.key })))
	got, err := x.Explain(Query{Place: aid.Point{Lat: 45, Lng: 126}, Window: window(0, 1)}, "v000")
	require.NoError(t, err)
	require.Equal(t, Time, got.Fails, "what binds a volunteer is kept")
}

func TestARestoredIndexGoesOn(t *testing.T) {
	t.Parallel()
	x := New()
	_, err := x.Restore(bytes.NewReader(snapshotOf(t)))
	require.NoError(t, err)
	for i := range 300 {
		id := aid.VolunteerID(fmt.Sprintf("v%03d", i))
		if i%2 == 0 {
			require.True(t, x.Remove(id))
			continue
		}
		require.NoError(t, x.Upsert(Volunteer{ID: id, Home: aid.Point{Lat: 45 + float64(i)/1000, Lng: 126}, Skills: []aid.Skill{"new"}, Capacity: 1, MaxDistance: 1}))
	}
	require.Equal(t, 150, x.Len())
	requireSound(t, x)
}

func TestSnapshotsThatAreNotWholeAreRefused(t *testing.T) {
	t.Parallel()
	whole := snapshotOf(t)
	x := New()
	require.NoError(t, x.Upsert(Volunteer{ID: "stays", Capacity: 1, MaxDistance: 1}))
	refused := func(what string, b []byte) {
		_, err := x.Restore(bytes.NewReader(b))
		require.Equal(t, aid.Invalid, aid.KindOf(err), what)
		require.ErrorContains(t, err, "load the volunteers from their source", what)
		require.Equal(t, 1, x.Len(), "%s: the index stays as it was", what)
	}
	for n := range len(whole) {
		if n < 2000 || n > len(whole)-2000 || n%97 == 0 {
			refused(fmt.Sprint("cut after ", n), whole[:n])
			flipped := bytes.Clone(whole)
			flipped[n] ^= 1 << (n % 8)
			refused(fmt.Sprint("bit flipped in ", n), flipped)
		}
	}
	refused("foreign", []byte("id,lat,lng,skills\nv1,45,126,driving\n"))
	newer := bytes.Clone(whole)
	newer[frameHead+len(frameMagic)]++
	resum(newer)
	_, err := x.Restore(bytes.NewReader(newer))
	require.ErrorContains(t, err, "it has version 5 and this program reads 4")

	_, err = x.Restore(iotest.ErrReader(errors.New("disk on fire")))
	require.Equal(t, aid.Unavailable, aid.KindOf(err))
}

func TestNobodyIsTwiceInASnapshot(t *testing.T) {
	t.Parallel()
	x := New()
	load(t, x, []Volunteer{{ID: "aa", Capacity: 1, MaxDistance: 1}, {ID: "ab", Capacity: 1, MaxDistance: 1}})
	var b bytes.Buffer
	_, err := x.Snapshot(0).WriteTo(&b)
	require.NoError(t, err)
	twice := bytes.Replace(b.Bytes(), []byte("ab"), []byte("aa"), 1)
	resum(twice)
	_, err = New().Restore(bytes.NewReader(twice))
	require.ErrorContains(t, err, "volunteer aa is there twice")
}

// resum makes the checksums of all frames right.
func resum(b []byte) {
	for len(b) >= frameHead {
		n := frameHead + int(binary.LittleEndian.Uint32(b[1:]))
		if n < frameHead || n+frameTail > len(b) {
			return
		}
		binary.LittleEndian.PutUint32(b[n:], crc32.Checksum(b[:n], castagnoli))
		b = b[n+frameTail:]
	}
}

// TestGarbledSnapshotsWithRightChecksums goes past the checksums: whatever comes
// out must be refused or be an index that holds together.
func TestGarbledSnapshotsWithRightChecksums(t *testing.T) {
	t.Parallel()
	whole := snapshotOf(t)
	rapid.Check(t, func(t *rapid.T) {
		b := bytes.Clone(whole)
		for range rapid.IntRange(1, 4).Draw(t, "changes") {
			b[rapid.IntRange(0, len(b)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "to")
		}
		resum(b)
		requireRefusedOrSound(t, b)
	})
}

func FuzzRestore(f *testing.F) {
	f.Add(snapshotOf(f))
	var empty bytes.Buffer
	_, err := New().Snapshot(0).WriteTo(&empty)
	require.NoError(f, err)
	f.Add(empty.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		resum(b)
		requireRefusedOrSound(t, b)
	})
}

func requireRefusedOrSound(t require.TestingT, b []byte) {
	x := New()
	if _, err := x.Restore(bytes.NewReader(b)); err != nil {
		require.Equal(t, aid.Invalid, aid.KindOf(err))
		require.Zero(t, x.Len())
		return
	}
	requireSound(t, x)
	_, err := x.Candidates(Query{Place: aid.Point{Lat: 45, Lng: 126}, Skills: []aid.Skill{"driving"}, Window: window(0, 1)}, 5)
	require.NoError(t, err)
}

func TestSaveLeavesAWholeFileOrTheOldOne(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "volunteers.snapshot")
	x := New()
	_, err := x.Open(path)
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	_, err = x.Restore(bytes.NewReader(snapshotOf(t)))
	require.NoError(t, err)
	for mark := range int64(2) {
		require.NoError(t, x.Snapshot(mark).Save(path))
		y := New()
		got, err := y.Open(path)
		require.NoError(t, err)
		require.Equal(t, mark, got)
		require.Equal(t, x.Len(), y.Len())
	}
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1, "nothing is left lying about")
	info, err := left[0].Info()
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "homes are for the owner's eyes only")
	err = x.Snapshot(0).Save(filepath.Join(dir, "no", "such", "folder"))
	require.Equal(t, aid.Unavailable, aid.KindOf(err))

	_, err = x.Snapshot(0).WriteTo(failingWriter{})
	require.ErrorIs(t, err, io.ErrShortWrite)
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

// TestLeavesOutOfOrderAreRefused: who is in a tree is looked for in its order.
func TestLeavesOutOfOrderAreRefused(t *testing.T) {
	t.Parallel()
	x := New()
	var people []Volunteer
	for i := range 2 * packedLeaf {
		people = append(people, Volunteer{ID: aid.VolunteerID(fmt.Sprint(i)), Home: aid.Point{Lat: float64(i) / 10}, Capacity: 1, MaxDistance: 1})
	}
	load(t, x, people)
	whole := *x.state.Load()
	leaves := whole.available
	require.Len(t, leaves.leaves, 2)
	whole.available = newNode([]piece{leaves.piece(1), leaves.piece(0)})
	var b bytes.Buffer
	_, err := Snapshot{state: &whole}.WriteTo(&b)
	require.NoError(t, err)
	_, err = New().Restore(&b)
	require.Equal(t, aid.Invalid, aid.KindOf(err))
}
