package postgres_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres"
)

const benchVolunteers = 100_000

// manyVolunteers are the rows of a file of volunteers spread over some degrees.
func manyVolunteers(n int) postgres.Rows[aid.Volunteer] {
	return func(yield func(postgres.Numbered[aid.Volunteer], error) bool) {
		for i := range n {
			v := fileVolunteer(aid.VolunteerID(fmt.Sprintf("v%07d", i)))
			v.Home = aid.Point{Lat: 45 + float64(i%1000)/300, Lng: 126 + float64(i/1000)/300}
			if !yield(postgres.Numbered[aid.Volunteer]{Row: i + 2, Value: v}, nil) {
				return
			}
		}
	}
}

func BenchmarkImportVolunteers(b *testing.B) {
	for _, again := range []bool{false, true} {
		b.Run(map[bool]string{false: "new", true: "again"}[again], func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				w := newWorld(b)
				runs := 1
				if again {
					runs = 2
				}
				for run := range runs {
					if run == runs-1 {
						b.StartTimer()
					}
					_, err := w.ImportVolunteers(b.Context(), harbin.ID, manyVolunteers(benchVolunteers), postgres.ImportWatch{})
					require.NoError(b, err)
				}
			}
			b.ReportMetric(benchVolunteers*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func BenchmarkCandidates(b *testing.B) {
	w := newWorld(b)
	_, err := w.ImportVolunteers(b.Context(), harbin.ID, manyVolunteers(benchVolunteers), postgres.ImportWatch{})
	require.NoError(b, err)
	var mark postgres.Mark
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			n := 0
			mark, err = w.Candidates(b.Context(), func(aid.Candidate) error { n++; return nil })
			require.NoError(b, err)
			require.Equal(b, benchVolunteers, n)
		}
		b.ReportMetric(benchVolunteers*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
	b.Run("nothing-new", func(b *testing.B) {
		for b.Loop() {
			mark, err = w.CandidatesSince(b.Context(), mark, func(aid.Candidate) error { return nil })
			require.NoError(b, err)
		}
	})
}

// BenchmarkAccept is one volunteer's answer: one transaction under the lock of
// the request, with many requests at once.
func BenchmarkAccept(b *testing.B) {
	w := newWorld(b)
	var next atomic.Int64
	n := max(b.N, 1)
	for i := range n {
		v, r := aid.VolunteerID(fmt.Sprintf("v%d", i)), aid.RequestID(fmt.Sprintf("r%d", i))
		w.volunteer(v, 1)
		w.request(r, w.need(1, 3))
		w.ask(r, 1, v)
	}
	b.ResetTimer()
	b.SetParallelism(8)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := next.Add(1) - 1
			if err := w.accept(b.Context(), aid.RequestID(fmt.Sprintf("r%d", i)), aid.VolunteerID(fmt.Sprintf("v%d", i))); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "answers/s")
}

// BenchmarkMakeOffers is one round's offers for one request of three seats.
func BenchmarkMakeOffers(b *testing.B) {
	w := newWorld(b)
	ids := w.volunteers(60)
	n := w.need(3, 3)
	require.NoError(b, w.sql("UPDATE volunteers SET capacity = 20"))
	i := 0
	for b.Loop() {
		b.StopTimer()
		i++
		id := aid.RequestID(fmt.Sprintf("r%d", i))
		w.request(id, n)
		b.StartTimer()
		made, _, err := w.MakeOffers(b.Context(), "round", id, picks(id, ids[i%20*3], ids[i%20*3+1], ids[i%20*3+2]), asking(1))
		b.StopTimer()
		require.NoError(b, err)
		require.Len(b, made, 3)
		_, err = w.Change(b.Context(), id, func(r *aid.HelpRequest, now time.Time) error { return r.Cancel("mistake", "c1", now) })
		require.NoError(b, err)
		b.StartTimer()
	}
}
