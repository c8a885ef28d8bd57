package index

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
)

// failed lists all the rules that a volunteer fails, by the domain's own rules.
func failed(v Volunteer, q Query) (rules []Rule) {
	record := aid.Volunteer{Skills: v.Skills, Courses: v.Courses}
	for rule, fails := range map[Rule]bool{
		TooFar:       q.Place.Distance(v.Home) > v.MaxDistance,
		Skill:        !record.HasSkills(q.Skills),
		Course:       !record.HoldsCourses(q.Courses, daysOf(q).First),
		Check:        barredBy(v, q) == Check,
		Minor:        barredBy(v, q) == Minor,
		Time:         !v.Availability.Covers(q.Window) || slices.ContainsFunc(v.Bound, q.Window.Overlaps),
		Capacity:     v.Capacity <= len(v.Bound),
		AlreadyAsked: slices.Contains(q.Asked, v.ID),
		NotSuitable:  slices.Contains(q.Apart, v.ID),
		Parks:        hasParked(v, q),
		Resting:      isResting(v, q),
	} {
		if fails {
			rules = append(rules, rule)
		}
	}
	return rules
}

// scanAlmost looks at everybody.
func scanAlmost(people []Volunteer, q Query) (misses []Miss) {
	for _, rule := range Rules {
		if rule == NotSuitable || rule == Minor {
			continue // nobody is named who is kept apart or too young
		}
		var all []Miss
		for _, v := range people {
			if slices.Equal(failed(v, q), []Rule{rule}) {
				all = append(all, Miss{v.ID, rule, q.Place.Distance(v.Home)})
			}
		}
		if len(all) > 0 {
			misses = append(misses, slices.MinFunc(all, func(a, b Miss) int {
				return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.Volunteer, b.Volunteer))
			}))
		}
	}
	return misses
}

func TestAlmostFindsTheNearestWhoFailsOneRule(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		centre := rapid.SampledFrom(centres).Draw(t, "centre")
		people := []Volunteer{manySkills}
		if rapid.Bool().Draw(t, "unknown skills") {
			people = nil
		}
		for i := range rapid.IntRange(0, 150).Draw(t, "people") {
			people = append(people, drawVolunteer(t, centre, fmt.Sprintf("v%03d", i)))
		}
		if len(people) > 1 { // neighbours who differ by id alone
			twin := people[len(people)-1]
			twin.ID = "a-twin"
			people = append(people, twin)
		}
		x := New()
		load(t, x, people)
		q := drawQuery(t, centre, people)
		q.Within = 0
		got, err := x.Almost(q)
		require.NoError(t, err)
		require.Equal(t, scanAlmost(people, q), got)
	})
}

func TestAlmostRefusesAPlaceThatIsNone(t *testing.T) {
	t.Parallel()
	_, err := New().Almost(Query{Place: aid.Point{Lat: 91}})
	require.Equal(t, aid.Invalid, aid.KindOf(err))
}

// BenchmarkAlmost asks in a dense town of 100,000, where everybody goes far.
func BenchmarkAlmost(b *testing.B) {
	x := New()
	var people []Volunteer
	for i := range 100_000 {
		people = append(people, Volunteer{
			ID:   aid.VolunteerID(fmt.Sprintf("v%d", i)),
			Home: aid.Point{Lat: 45.5 + float64(i%316)/600, Lng: 126.3 + float64(i/316)/600}, Capacity: 1, MaxDistance: 5000,
		})
	}
	load(b, x, people)
	q := Query{Place: aid.Point{Lat: 45.75, Lng: 126.6}, Skills: []aid.Skill{"law"}}
	for b.Loop() {
		if _, err := x.Almost(q); err != nil {
			b.Fatal(err)
		}
	}
}
