package files

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// good reads whatever is there and gives the good rows; every error must be
// one that a person can act on.
func good[T any](t *testing.T, r *Reader[T], err error) []T {
	var values []T
	if err != nil {
		require.Equal(t, aid.Invalid, aid.KindOf(err))
		return nil
	}
	for row, err := range r.Rows() {
		if err == nil {
			values = append(values, row.Value)
			continue
		}
		require.Equal(t, aid.Invalid, aid.KindOf(err))
		if bad, ok := errors.AsType[*RowError](err); ok {
			require.NotEmpty(t, bad.Problems)
			require.Positive(t, bad.Row)
		}
	}
	return values
}

func FuzzVolunteers(f *testing.F) {
	f.Add([]byte(volunteerHeader + goodVolunteer))
	f.Add([]byte("\xef\xbb\xbf" + volunteerHeader + "v1,91,,;,-1,x,a:b,c,d\r\n\"\n"))
	f.Add([]byte("\xff\xfei\x00d\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := NewVolunteers(bytes.NewReader(data))
		for _, v := range good(t, r, err) {
			require.NoError(t, v.Home.Validate())
			require.True(t, aid.ValidID(v.ID) && v.Capacity >= 1 && v.MaxDistance > 0)
		}
	})
}

// FuzzRequests also writes what it read and reads it again: times keep their
// second, everything else is kept.
func FuzzRequests(f *testing.F) {
	f.Add([]byte(requestHeader + goodRequest))
	f.Add([]byte(requestHeader + "r1,0,0,,1,2,,soon,2026-03-02T09:00:00Z,2026-03-02T08:00:00Z\n"))
	f.Add([]byte(requestHeader + "r1,0,0,,1,,,urgent,0000-01-01T00:00:00+01:00,9999-12-31T23:59:59-01:00\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := NewRequests(bytes.NewReader(data))
		values := good(t, r, err)
		for i := range values {
			v := &values[i]
			require.True(t, v.People >= v.MinPeople && v.MinPeople >= 1 && v.Urgency.Weight() > 0)
			require.True(t, v.Window.EndsAt.After(v.Window.StartsAt))
			v.Place = aid.Point{}
			v.Window = aid.Window{StartsAt: v.Window.StartsAt.Truncate(1e9), EndsAt: v.Window.EndsAt.Truncate(1e9).Add(1e9)}
		}
		var out bytes.Buffer
		require.NoError(t, WriteRequests(&out, values))
		r, err = NewRequests(&out)
		require.NoError(t, err)
		again := good(t, r, nil)
		require.Empty(t, cmp.Diff(values, again))
	})
}
