package instance

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/matching/bmatch"
	"github.com/linli/linli/matching/flow"
)

// draw makes any instance that Check accepts.
func draw(t *rapid.T) *Instance {
	in := &Instance{Capacity: rapid.SliceOfN(rapid.Int64Range(0, 3), 1, 5).Draw(t, "capacity"), First: []int{0}}
	hasCrews := rapid.Bool().Draw(t, "crews")
	for range rapid.IntRange(0, 5).Draw(t, "requests") {
		var row []bmatch.Arc
		for v := range in.Capacity {
			if rapid.Bool().Draw(t, "arc") {
				row = append(row, bmatch.Arc{Volunteer: int32(v), Cost: rapid.Int64Range(0, bmatch.MaxTotal).Draw(t, "cost")})
			}
		}
		q := bmatch.Request{Seats: rapid.Int64Range(0, 9).Draw(t, "seats"), Penalty: rapid.Int64Range(0, 1<<50).Draw(t, "penalty")}
		if !hasCrews && rapid.Bool().Draw(t, "mandatory") {
			q.Penalty = bmatch.Mandatory
		}
		in.Append(q, row)
		if hasCrews {
			in.MinPeople = append(in.MinPeople, 2+rapid.Int64Range(0, 3).Draw(t, "people"))
		}
	}
	return in
}

func TestAFileGivesBackWhatWasWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := draw(t)
		var file bytes.Buffer
		require.NoError(t, in.Write(&file))
		back, err := Read(&file, int64(file.Len()))
		require.NoError(t, err)
		require.Equal(t, in.Requests, append([]bmatch.Request(nil), back.Requests...))
		require.Equal(t, in.MinPeople, back.MinPeople)
		require.Equal(t, in.Capacity, back.Capacity)
		require.Equal(t, in.First, back.First)
		for r := range in.Requests {
			require.Equal(t, in.Row(r), back.Row(r))
		}
	})
}

func small() *Instance {
	in := &Instance{Capacity: []int64{1, 2}}
	in.Append(bmatch.Request{Seats: 2, Penalty: 50}, []bmatch.Arc{{Volunteer: 1, Cost: 7}, {Volunteer: 0, Cost: 3}})
	in.Append(bmatch.Request{Seats: 1, Penalty: 50}, []bmatch.Arc{{Volunteer: 0, Cost: 4}})
	return in
}

func TestFilesThatAreNone(t *testing.T) {
	t.Parallel()
	var whole bytes.Buffer
	require.NoError(t, small().Write(&whole))
	for name, c := range map[string]struct {
		file []byte
		says string
	}{
		"empty":     {nil, "ends early"},
		"foreign":   {bytes.Repeat([]byte("p min 3 "), 20), "is no instance file"},
		"truncated": {whole.Bytes()[:whole.Len()-1], "do not make its"},
		"longer":    {append(bytes.Clone(whole.Bytes()), 0), "do not make its"},
		"huge counts": {
			append(append([]byte(magic), bytes.Repeat([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}, 3)...), make([]byte, 64)...), "it announces",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Read(bytes.NewReader(c.file), int64(len(c.file)))
			require.ErrorContains(t, err, c.says)
		})
	}
}

func TestRowsThatDoNotFit(t *testing.T) {
	t.Parallel()
	for says, spoil := range map[string]func(*Instance){
		"first: ":       func(in *Instance) { in.First = in.First[:2] },
		"first[1]: ":    func(in *Instance) { in.First[1] = 9; in.First[2] = 3 },
		"min people: ":  func(in *Instance) { in.MinPeople = []int64{1} },
		"volunteer[1]:": func(in *Instance) { in.Volunteer[1] = 2 },
		"cost[0]: ":     func(in *Instance) { in.Cost[0] = -1 },
	} {
		in := small()
		spoil(in)
		require.ErrorContains(t, in.Check(), says)
		require.Error(t, in.Write(&bytes.Buffer{}), says)
	}
}

func TestSaveLeavesNothingHalfDone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "x.instance")
	broken := small()
	broken.First = nil
	require.Error(t, broken.Save(path))
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries)

	require.NoError(t, small().Save(path))
	back, err := Load(path)
	require.NoError(t, err)
	require.Equal(t, small(), back)
}

func TestProblemIsTheSame(t *testing.T) {
	t.Parallel()
	in := small()
	in.MinPeople = []int64{2, 1}
	in.Cost[2] = 2 // so that it is not worth a crew of two, if it may be one
	require.True(t, in.HasCrews())
	require.False(t, in.IsOneToOne())
	require.Equal(t, int64(3), in.Seats())
	p := in.Problem()
	require.Equal(t, []bmatch.Group{{Members: []int32{0}, MinPeople: 2}}, p.Groups)
	require.ElementsMatch(t, []bmatch.Arc{{Volunteer: 0, Cost: 3}, {Volunteer: 1, Cost: 7}}, p.Source.AppendBelow(nil, 0, 8))
	res, err := bmatch.Solve(t.Context(), p, bmatch.Options{})
	require.NoError(t, err)
	require.Equal(t, int64(3+7+50), res.Objective, "the crew takes both, the other seat stays open")

	plain, err := in.Flow()
	require.NoError(t, err)
	s, err := flow.New(plain, flow.Options{})
	require.NoError(t, err)
	require.NoError(t, s.Solve(t.Context()))
	require.Equal(t, int64(7+50+2), s.Cost(), "without the crew the second request gets volunteer 0")
	in.Volunteer[1] = 1
	_, err = in.Flow()
	require.Error(t, err, "a volunteer twice")
}

func FuzzRead(f *testing.F) {
	var file bytes.Buffer
	require.NoError(f, small().Write(&file))
	f.Add(file.Bytes())
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, text []byte) {
		in, err := Read(bytes.NewReader(text), int64(len(text)))
		if err != nil {
			return
		}
		var again bytes.Buffer
		require.NoError(t, in.Write(&again))
		require.Len(t, again.Bytes(), len(text))
	})
}
