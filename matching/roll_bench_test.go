package matching

import (
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/bmatch"
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
// one in a hundred of both gone and as many come since the last: each made from
// nothing, and out of the last one. Solve is what finding the plan takes, round is
// with laying out, checking and reasons. Times are medians of processor time.
func BenchmarkRounds(b *testing.B) {
	c := newChurned(b, 266_000, 10_000)
	last, err := Settle(b.Context(), c.problem, nil)
	require.NoError(b, err)
	spent := map[string][]float64{}
	for b.Loop() {
		c.pass()
		runtime.GC() // what the changes left behind is no part of a round
		cold, coldTimes := timed(b, c.problem, nil, func(m *model) (*bmatch.Settled, error) {
			return bmatch.Settle(b.Context(), &m.instance, bmatch.Options{})
		})
		runtime.GC()
		warm, warmTimes := timed(b, c.problem, last.model.places, func(m *model) (*bmatch.Settled, error) {
			next, err := last.next(m)
			if err != nil {
				return nil, err
			}
			return last.settled.Roll(b.Context(), next)
		})
		require.Equal(b, cold.plan.Objective, warm.plan.Objective)
		last = warm
		for i, unit := range []string{"solve-ms", "round-ms"} {
			spent["cold-"+unit] = append(spent["cold-"+unit], coldTimes[i])
			spent["warm-"+unit] = append(spent["warm-"+unit], warmTimes[i])
		}
	}
	for unit, times := range spent {
		slices.Sort(times)
		b.ReportMetric(times[len(times)/2], unit)
	}
	b.ReportMetric(float64(last.Bytes())/1e6, "MB-kept")
}

// timed makes a ledger and gives the processor milliseconds of its solve and of
// all.
func timed(b *testing.B, p Problem, also []aid.Point, solve func(*model) (*bmatch.Settled, error)) (*Ledger, [2]float64) {
	b.Helper()
	began := processTime()
	m, err := newModel(p, MethodOptimal, also)
	require.NoError(b, err)
	laid := processTime()
	settled, err := solve(m)
	require.NoError(b, err)
	solved := processTime()
	l := newLedger(m, settled)
	l.plan, err = m.finish(b.Context(), settled.Result(), MethodOptimal, nil, time.Now())
	require.NoError(b, err)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return l, [2]float64{ms(solved - laid), ms(processTime() - began)}
}

// processTime is the processor time of all threads of the process.
func processTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
