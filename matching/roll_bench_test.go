package matching

import (
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/matching/files"
	"github.com/linli/linli/matching/index"
	"github.com/linli/linli/matching/scenario"
)

// churned is a province in which one in a hundred requests and volunteers goes
// between two rounds, and as many come.
type churned struct {
	b        *testing.B
	problem  Problem
	demands  []Demand // those open now are in the problem, the others wait
	away     []files.Volunteer
	here     []files.Volunteer
	requests int
	at       int
}

func newChurned(b *testing.B, volunteers, requests int) *churned {
	b.Helper()
	made, err := scenario.Generate(b.Context(), scenario.Config{Volunteers: volunteers + volunteers/100, Requests: requests + requests/100, Seed: 1})
	require.NoError(b, err)
	for i := range made.Requests {
		made.Requests[i].MinPeople = 1
	}
	c := &churned{b: b, requests: requests}
	// Every hundredth waits, wherever they live.
	for i, v := range made.Volunteers {
		if i%101 == 0 {
			c.away = append(c.away, v)
		} else {
			c.here = append(c.here, v)
		}
	}
	c.problem, err = FromFiles(c.here, made.Requests)
	require.NoError(b, err)
	c.problem.OneEach = true
	c.demands = c.problem.Demands
	c.open()
	return c
}

// open has the requests in a window of the list open, which goes round.
func (c *churned) open() {
	c.problem.Demands = nil
	for i := range c.requests {
		c.problem.Demands = append(c.problem.Demands, c.demands[(c.at+i)%len(c.demands)])
	}
}

// pass lets the time between two rounds pass.
func (c *churned) pass() {
	c.b.Helper()
	c.at = (c.at + c.requests/100) % len(c.demands)
	c.open()
	n := len(c.away)
	gone := slices.Clone(c.here[:n])
	for _, v := range gone {
		c.problem.Index.Remove(v.ID)
	}
	for _, v := range c.away {
		require.NoError(c.b, c.problem.Index.Upsert(index.Volunteer{
			ID: v.ID, Home: v.Home, Skills: v.Skills, Courses: v.Courses, Availability: v.Availability,
			Capacity: v.Capacity, MaxDistance: v.MaxDistance,
		}))
	}
	c.here, c.away = append(c.here[n:], c.away...), gone
}

// BenchmarkRounds is rounds of 10,000 requests among 266,000 available volunteers,
// one in a hundred of both gone and as many come since the last: solved from
// nothing, and from where the last round ended.
func BenchmarkRounds(b *testing.B) {
	run := func(b *testing.B, round func(last *Ledger, p Problem) (*Ledger, error)) {
		c := newChurned(b, 266_000, 10_000)
		last, err := Settle(b.Context(), c.problem, nil)
		require.NoError(b, err)
		var spent, solving []float64
		for b.Loop() {
			b.StopTimer()
			c.pass()
			runtime.GC() // what the changes left behind is not the round's
			b.StartTimer()
			began := time.Now()
			if last, err = round(last, c.problem); err != nil {
				b.Fatal(err)
			}
			spent = append(spent, time.Since(began).Seconds())
			solving = append(solving, last.Plan().SolveSeconds)
		}
		b.ReportMetric(1000*median(spent), "median-ms")
		b.ReportMetric(1000*median(solving), "median-solve-ms")
		b.ReportMetric(float64(last.Bytes())/1e6, "MB-kept")
	}
	b.Run("cold", func(b *testing.B) {
		run(b, func(_ *Ledger, p Problem) (*Ledger, error) { return Settle(b.Context(), p, nil) })
	})
	b.Run("warm", func(b *testing.B) {
		run(b, func(last *Ledger, p Problem) (*Ledger, error) { return last.Roll(b.Context(), p) })
	})
}

func median(of []float64) float64 {
	slices.Sort(of)
	return of[len(of)/2]
}
