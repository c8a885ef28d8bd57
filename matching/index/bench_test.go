package index

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/scenario"
)

// province is an index of 100,000 volunteers and 1,000 needs.
func province(b *testing.B) (*Index, []Volunteer, []Query) {
	b.Helper()
	made, err := scenario.Generate(b.Context(), scenario.Config{Volunteers: 100_000, Requests: 1_000, Seed: 1})
	require.NoError(b, err)
	x := New()
	var people []Volunteer
	for _, v := range made.Volunteers {
		people = append(people, Volunteer{
			ID: v.ID, Home: v.Home, Skills: v.Skills, Courses: v.Courses, Availability: v.Availability,
			Capacity: v.Capacity, MaxDistance: v.MaxDistance,
		})
		require.NoError(b, x.Upsert(people[len(people)-1]))
	}
	var queries []Query
	for _, r := range made.Requests {
		queries = append(queries, Query{Place: r.Place, Skills: r.Skills, Courses: r.Courses, Window: r.Window})
	}
	return x, people, queries
}

func BenchmarkCandidates32(b *testing.B) {
	x, _, queries := province(b)
	i := 0
	for b.Loop() {
		if _, err := x.Candidates(queries[i%len(queries)], 32); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

func BenchmarkReasons(b *testing.B) {
	x, _, queries := province(b)
	i := 0
	for b.Loop() {
		if _, err := x.Reasons(queries[i%len(queries)], nil); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

func BenchmarkUpsert(b *testing.B) {
	x, people, _ := province(b)
	i := 0
	for b.Loop() {
		if err := x.Upsert(people[i%len(people)]); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

// BenchmarkViewOfOnePlace is what a round for one urgent request copies.
func BenchmarkViewOfOnePlace(b *testing.B) {
	x, _, queries := province(b)
	i := 0
	for b.Loop() {
		if _, err := x.View([]aid.Point{queries[i%len(queries)].Place}); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
