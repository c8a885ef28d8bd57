package index

import (
	"bytes"
	"io"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/scenario"
)

// provincial is the number of registered volunteers of the province.
const provincial = 2_659_000

// province makes up volunteers, of whom so many in ten have capacity left, all
// with quiet hours, checked once and of known age, one in ten resting and one in
// fifty with a category put off; and needs.
func province(b *testing.B, available int) ([]Volunteer, []Query) {
	b.Helper()
	made, err := scenario.Generate(b.Context(), scenario.Config{Volunteers: provincial, Requests: 20_000, Seed: 1})
	require.NoError(b, err)
	people := make([]Volunteer, len(made.Volunteers))
	for i, v := range made.Volunteers {
		people[i] = Volunteer{
			ID: v.ID, Home: v.Home, Skills: v.Skills, Courses: v.Courses, Availability: v.Availability,
			Capacity: v.Capacity, MaxDistance: v.MaxDistance, Quiet: aid.QuietHours{From: 22 * 60, To: 7 * 60},
			Vetting: aid.Vetting{CheckedOn: aid.Date{Year: 2025, Month: 1 + time.Month(i%12), Day: 1 + i%28}, BirthDate: aid.Date{Year: 1930 + i%83, Month: 1 + time.Month(i%12), Day: 1 + i%28}},
		}
		if i%20 == 3 {
			people[i].Vetting.ConsentUntil = aid.Date{Year: 2027, Month: 1, Day: 1 + i%28}
		}
		if i%10 == 5 {
			people[i].RestsUntil = scenario.BaseDate.Add(time.Duration(i%100) * time.Hour)
		}
		if i%50 == 7 {
			people[i].Parked = []Parked{{"bathing", 2_000}}
		}
		for i%10 >= available && len(people[i].Bound) < people[i].Capacity {
			day := scenario.BaseDate.AddDate(0, 0, i%28+len(people[i].Bound))
			people[i].Bound = append(people[i].Bound, aid.Window{StartsAt: day, EndsAt: day.Add(2 * time.Hour)})
		}
	}
	queries := make([]Query, len(made.Requests))
	for i, r := range made.Requests {
		queries[i] = Query{Place: r.Place, Skills: r.Skills, Courses: r.Courses, Window: r.Window, Category: "bathing", Now: scenario.BaseDate.Add(12 * time.Hour)}
	}
	return people, queries
}

func filled(b *testing.B, available int) (*Index, []Volunteer, []Query) {
	b.Helper()
	people, queries := province(b, available)
	x := New()
	load(b, x, people)
	runtime.GC()
	return x, people, queries
}

// BenchmarkLoad is the whole province from memory, and what it takes at rest.
func BenchmarkLoad(b *testing.B) {
	people, _ := province(b, 1)
	before := heap()
	x := New()
	for b.Loop() {
		began := processTime()
		load(b, x, people)
		b.ReportMetric((processTime() - began).Seconds(), "cpu-s/op")
	}
	b.ReportMetric(float64(heap()-before)/1e6, "MB-at-rest")
	runtime.KeepAlive(people)
	runtime.KeepAlive(x)
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkCandidates is the 32 cheapest: among the available, a tenth of the
// province, and when all are. Percentiles are of processor time.
func BenchmarkCandidates(b *testing.B) {
	for _, c := range []struct {
		name      string
		available int
	}{{"available", 1}, {"province", 10}} {
		b.Run(c.name, func(b *testing.B) {
			x, _, queries := filled(b, c.available)
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				began := threadTime()
				if _, err := x.Candidates(queries[i%len(queries)], 32); err != nil {
					b.Fatal(err)
				}
				took = append(took, threadTime()-began)
			}
			reportPercentiles(b, took)
		})
	}
}

func reportPercentiles(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2])/1e3, "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100])/1e3, "p99-µs")
}

// BenchmarkUpdate moves people by a kilometre, teaches, binds and frees them,
// while another goroutine asks without a pause.
func BenchmarkUpdate(b *testing.B) {
	x, people, queries := filled(b, 1)
	stop := make(chan struct{})
	var asking sync.WaitGroup
	asking.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				_, _ = x.Candidates(queries[i%len(queries)], 32)
			}
		}
	})
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		v := people[i*7919%len(people)]
		switch i % 4 {
		case 0:
			v.Home.Lat += 0.01
		case 1:
			v.Skills = append(slices.Clone(v.Skills), "telephone_chain")
		case 2:
			v.Availability = aid.Availability{Away: []aid.DateRange{{From: aid.DateOf(scenario.BaseDate), To: aid.DateOf(scenario.BaseDate)}}}
		case 3:
			v.Bound = nil
		}
		began := threadTime()
		if err := x.Upsert(v); err != nil {
			b.Fatal(err)
		}
		took = append(took, threadTime()-began)
	}
	close(stop)
	asking.Wait()
	reportPercentiles(b, took)
}

func BenchmarkReasons(b *testing.B) {
	x, _, queries := filled(b, 1)
	for i := 0; b.Loop(); i++ {
		if _, err := x.Reasons(queries[i%len(queries)], nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkView is what a round copies: for one urgent request, and for all of
// the province at once.
func BenchmarkView(b *testing.B) {
	x, _, queries := filled(b, 10)
	places := make([]aid.Point, len(queries))
	for i, q := range queries {
		places[i] = q.Place
	}
	for _, n := range []int{1, len(places)} {
		b.Run(map[bool]string{true: "one", false: "province"}[n == 1], func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				at := i % (len(places) - n + 1)
				if _, err := x.View(places[at : at+n]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSnapshot(b *testing.B) {
	x, _, _ := filled(b, 1)
	var bytes bytes.Buffer
	_, err := x.Snapshot(0).WriteTo(&bytes)
	require.NoError(b, err)
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			if _, err := x.Snapshot(0).WriteTo(io.Discard); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(bytes.Len())/1e6, "MB")
	})
	b.Run("restore", func(b *testing.B) {
		y, whole := New(), bytes.Bytes()
		for b.Loop() {
			began := processTime()
			if _, err := y.Restore(newReader(whole)); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric((processTime() - began).Seconds(), "cpu-s/op")
		}
	})
}

func newReader(b []byte) io.Reader { return bytes.NewReader(b) }
