package index

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// TestTheCheapestAmongMany has hundreds of leaves full of people with few and
// many skills, so that the cheapest are often not the nearest, and asks for up to
// six of them. Half the people come as updates.
func TestTheCheapestAmongMany(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	x := New()
	skill := func() aid.Skill { return manySkills.Skills[int(rng.ExpFloat64()*8)%len(manySkills.Skills)] }
	place := func() aid.Point { return aid.Point{Lat: 45.7 + rng.Float64()/10, Lng: 126.6 + rng.Float64()/10} }
	people := []Volunteer{manySkills}
	for i := range 20_000 {
		v := Volunteer{ID: aid.VolunteerID(fmt.Sprintf("v%05d", i)), Home: place(), Capacity: 1, MaxDistance: float64(1000 + i%9*1000)}
		for range rng.IntN(7) {
			v.Skills = append(v.Skills, skill())
		}
		slices.Sort(v.Skills)
		v.Skills = slices.Compact(v.Skills)
		for _, c := range []aid.CourseID{"first_aid", "safety"}[:rng.IntN(3)] {
			v.Courses = append(v.Courses, aid.CourseHeld{Course: c, Until: aid.Date{Year: 2026, Month: 3, Day: 1 + rng.IntN(3)}})
		}
		people = append(people, v)
	}
	load(t, x, people[:10_000])
	for _, v := range people[10_000:] {
		require.NoError(t, x.Upsert(v))
	}
	requireSound(t, x)
	for i := range 60 {
		q := Query{Place: place(), Window: window(0, 1), Courses: []aid.CourseID{"first_aid", "safety"}[:max(0, i%6-3)]}
		for range i % 7 {
			q.Skills = append(q.Skills, skill())
		}
		want, _ := scan(people, q, nil)
		best, err := x.Candidates(q, 32)
		require.NoError(t, err)
		require.Equal(t, append([]Match(nil), want[:min(32, len(want))]...), best)
	}
}
