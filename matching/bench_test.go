package matching

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/scenario"
)

func province(b *testing.B, requests int) Problem {
	b.Helper()
	return populated(b, 100_000, requests)
}

func populated(b *testing.B, volunteers, requests int) Problem {
	b.Helper()
	made, err := scenario.Generate(b.Context(), scenario.Config{Volunteers: volunteers, Requests: requests, Seed: 1})
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

// BenchmarkWholeProvince100k is the whole province with 100,000 requests, from the
// index to a plan verified over the implicit graph.
func BenchmarkWholeProvince100k(b *testing.B) {
	p := populated(b, 2_659_000, 100_000)
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

// BenchmarkLedger10k is what the answers of a round with 10,000 requests cost
// beyond its plan: the scarcest kinds of person, then the extra cost of pairs.
func BenchmarkLedger10k(b *testing.B) { benchmarkLedger(b, province(b, 10_000)) }

// BenchmarkLedgerWholeProvince is the same of one plan over everybody.
func BenchmarkLedgerWholeProvince(b *testing.B) { benchmarkLedger(b, populated(b, 2_659_000, 100_000)) }

func benchmarkLedger(b *testing.B, p Problem) {
	b.Helper()
	p.OneEach = true
	ledger, err := Settle(b.Context(), p, nil)
	require.NoError(b, err)
	b.Run("scarcity", func(b *testing.B) {
		for b.Loop() {
			if _, err := ledger.Scarcity(b.Context(), 32, func(aid.RequestID) aid.AreaID { return "" }); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("extra", func(b *testing.B) {
		picks := ledger.Plan().Picks
		i := 0
		for b.Loop() {
			one, other := picks[i%len(picks)], picks[(i+1)%len(picks)]
			if _, err := ledger.WhyNot(b.Context(), one.Request, one.Role, other.Volunteer); err != nil {
				b.Fatal(err)
			}
			i++
		}
	})
	b.Run("settle", func(b *testing.B) {
		for b.Loop() {
			if _, err := Settle(b.Context(), p, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
}
