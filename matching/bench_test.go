package matching

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/scenario"
)

func province(b *testing.B, requests int) Problem {
	b.Helper()
	made, err := scenario.Generate(b.Context(), scenario.Config{Volunteers: 100_000, Requests: requests, Seed: 1})
	require.NoError(b, err)
	p, err := FromFiles(made.Volunteers, made.Requests)
	require.NoError(b, err)
	return p
}

// BenchmarkOptimal10k is `linli match` on 100,000 volunteers and 10,000
// requests without reading and writing files.
func BenchmarkOptimal10k(b *testing.B) {
	p := province(b, 10_000)
	for b.Loop() {
		plan, err := Optimal(b.Context(), p, nil)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(100*plan.Gap, "gap-%")
	}
}

// BenchmarkRoundForOneUrgentRequest is what a caseworker waits for.
func BenchmarkRoundForOneUrgentRequest(b *testing.B) {
	p := province(b, 1000)
	p.OneEach = true
	i := 0
	for b.Loop() {
		one := p
		d := p.Demands[i%len(p.Demands)]
		d.Need, d.Seats, d.Penalty = 0, 1, penalty(aid.Urgent)
		standby := d
		standby.Seats, standby.Penalty, standby.Standby = 2, StandbyPenalty, true
		one.Needs, one.Demands = []Need{{Request: "r"}}, []Demand{d, standby}
		if _, err := Optimal(b.Context(), one, nil); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
