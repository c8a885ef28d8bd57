package worker_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// BenchmarkAnAnswer is the time from a volunteer's yes to the true answer, with
// everything real but durability, for one caller at a time.
func BenchmarkAnAnswer(b *testing.B) {
	s := newSystem(b)
	s.policy.AsksPerSeat = map[aid.Urgency]int{aid.Urgent: 1}
	s.work()
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		id, v := aid.RequestID(fmt.Sprintf("r%05d", i)), aid.VolunteerID(fmt.Sprintf("w%05d", i))
		require.NoError(b, s.store.AddVolunteer(b.Context(), aid.Volunteer{
			ID: v, Name: "张", Area: harbin.ID, Home: home, Cell: cellOf(home), Capacity: 1, MaxDistance: 50_000, Active: true,
		}))
		require.NoError(b, s.store.AddAccount(b.Context(), aid.Account{ID: aid.AccountID(v), Role: aid.RoleVolunteer, Name: "张", Volunteer: v}, nil))
		s.open(id, 1, time.Hour)
		s.becomes(id, aid.RequestOffered)
		offer := s.request(id).Offers[0]
		b.StartTimer()
		begin := time.Now()
		_, err := s.accept(b.Context(), offer)
		took = append(took, time.Since(begin))
		require.NoError(b, err)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
}
