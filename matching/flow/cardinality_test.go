package flow

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// Trees that are grafted find as many seats a volunteer as paths sought one by one.
func TestGraftedTreesFindAGreatestMatching(t *testing.T) {
	t.Parallel()
	const requests, volunteers = 90, 60
	random := rand.New(rand.NewPCG(5, 6))
	grafted := 0
	for range 100 {
		first, eligible, hard := []int{0}, []int32{}, []int32{}
		for r := range int32(requests) {
			for range 1 + random.IntN(3) {
				if v := r*2/3 + random.Int32N(6) - 3; v >= 0 && v < volunteers && !slices.Contains(eligible[first[r]:], v) {
					eligible = append(eligible, v)
				}
			}
			first, hard = append(first, len(eligible)), append(hard, r)
		}
		rows, err := NewRows(first, eligible, make([]int64, len(eligible)))
		require.NoError(t, err)
		p := &Problem{Requests: make([]Request, requests), Capacity: make([]int64, volunteers), Source: rows}
		for r := range p.Requests {
			p.Requests[r] = Request{Seats: 1 + random.Int64N(2), Penalty: 1}
		}
		for v := range p.Capacity {
			p.Capacity[v] = 1 + random.Int64N(2)
		}
		s, err := New(p, Options{})
		require.NoError(t, err)
		z := s.newZones(hard)
		found := 0
		for grown := 1; grown > 0; found += grown {
			grown, err = z.augment(hard)
			require.NoError(t, err)
		}
		if s.reverse != nil {
			grafted++
		}
		require.Equal(t, greatest(p, rows), found)
	}
	require.Positive(t, grafted)
}

// greatest is the most seats that can be filled (H. W. Kuhn, one path after the other).
func greatest(p *Problem, rows *Rows) (found int) {
	has := make([][]int32, len(p.Capacity)) // who has each volunteer
	var seen []bool
	var seek func(r int32) bool
	seek = func(r int32) bool {
		for _, v := range rows.volunteers[rows.first[r]:rows.first[r+1]] {
			if seen[v] || slices.Contains(has[v], r) {
				continue
			}
			seen[v] = true
			if int64(len(has[v])) < p.Capacity[v] {
				has[v] = append(has[v], r)
				return true
			}
			for i, o := range has[v] {
				if seek(o) {
					has[v][i] = r
					return true
				}
			}
		}
		return false
	}
	for r := range int32(rows.Len()) {
		for range p.Requests[r].Seats {
			seen = make([]bool, len(p.Capacity))
			if seek(r) {
				found++
			}
		}
	}
	return found
}
