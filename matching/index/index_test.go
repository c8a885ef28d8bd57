package index

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func window(fromHour, toHour int) aid.Window {
	return aid.Window{StartsAt: noon.Add(time.Duration(fromHour) * time.Hour), EndsAt: noon.Add(time.Duration(toHour) * time.Hour)}
}

// hasParked is the definition of the rule.
func hasParked(v Volunteer, q Query) bool {
	metres := math.Round(q.Place.Distance(v.Home))
	return !q.Now.IsZero() && slices.ContainsFunc(v.Parked, func(p Parked) bool { return p.Category == q.Category && metres >= p.Within })
}

// isResting is the definition of the rule.
func isResting(v Volunteer, q Query) bool {
	return !q.Now.IsZero() && (q.Now.Before(v.RestsUntil) || v.Quiet.Hold(aid.InZone(q.Now, v.Availability.Zone)))
}

// scan is the definition of the answer: every volunteer judged by the domain's
// own rules, with no index at all.
func scan(people []Volunteer, q Query, taken map[aid.VolunteerID]bool) (matches []Match, t Tally) {
	for _, v := range people {
		metres := q.Place.Distance(v.Home)
		record := aid.Volunteer{Skills: v.Skills, Courses: v.Courses}
		parked, rests := hasParked(v, q), isResting(v, q)
		returns := v.RestsUntil.Before(q.Window.EndsAt) || v.RestsUntil.Equal(aid.Indefinitely)
		couldComeIfFree := v.Availability.Covers(q.Window) && !slices.Contains(q.Apart, v.ID) && !parked && returns
		switch {
		case metres > v.MaxDistance, q.Within > 0 && metres > q.Within:
			t.Reasons.TooFar++
		case !record.HasSkills(q.Skills):
			t.Reasons.Skill++
		case !record.HoldsCourses(q.Courses, daysOf(q).First):
			t.Reasons.Course++
		case barredBy(v, q) == Check:
			t.Reasons.Check++
		case barredBy(v, q) == Minor:
			t.Reasons.Minor++
		case slices.Contains(q.Asked, v.ID):
			t.Reasons.Asked++
		case !v.Availability.Covers(q.Window), slices.ContainsFunc(v.Bound, q.Window.Overlaps):
			t.Reasons.Time++
			if couldComeIfFree {
				t.Busy++
			}
		case v.Capacity <= len(v.Bound):
			t.Reasons.Capacity++
			if couldComeIfFree {
				t.Busy++
			}
		case slices.Contains(q.Apart, v.ID):
			t.Reasons.Unsuited++
		case parked:
			t.Reasons.Parked++
		case rests:
			t.Reasons.Resting++
			if returns {
				t.Busy++
			}
		default:
			spare := 0
			for _, s := range v.Skills {
				if !slices.Contains(q.Skills, s) {
					spare++
				}
			}
			matches = append(matches, Match{v.ID, aid.Cost{Distance: int64(math.Round(metres)), SpareSkills: 250 * int64(spare)}})
			if taken[v.ID] {
				t.Reasons.Capacity++
				t.Taken++
			} else {
				t.Eligible++
			}
		}
	}
	slices.SortFunc(matches, compareMatches)
	return matches, t
}

// centres of the drawn worlds: a city, both poles, the antimeridian and two
// pentagons, where a grid could go wrong.
var centres = []aid.Point{
	{Lat: 45.75, Lng: 126.64},
	{Lat: 90},
	{Lat: -89.99, Lng: 10},
	{Lat: 51.9, Lng: 179.99},
	{Lat: -17, Lng: -180},
	{Lat: 64.7, Lng: 10.536},
	{Lat: 58.157, Lng: 11.59},
	{Lat: 2.3, Lng: -5.24},
}

func drawSkills(t *rapid.T, label string, most int) []aid.Skill {
	var out []aid.Skill
	for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(0, 89), 0, most, rapid.ID).Draw(t, label) {
		out = append(out, aid.Skill(fmt.Sprintf("skill%02d", n%7*14))) // seven skills, two of which have no bit of their own
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func drawPoint(t *rapid.T, centre aid.Point, label string) aid.Point {
	spread := rapid.SampledFrom([]float64{0.001, 0.05, 0.5, 5}).Draw(t, label+".spread")
	return aid.Point{
		Lat: min(90, max(-90, centre.Lat+rapid.Float64Range(-spread, spread).Draw(t, label+".lat"))),
		Lng: math.Remainder(centre.Lng+rapid.Float64Range(-spread, spread).Draw(t, label+".lng"), 360),
	}
}

func drawVolunteer(t *rapid.T, centre aid.Point, id string) Volunteer {
	v := Volunteer{
		ID: aid.VolunteerID(id), Home: drawPoint(t, centre, id), Skills: drawSkills(t, id+".skills", 4),
		Capacity:    rapid.IntRange(1, 2).Draw(t, id+".capacity"),
		MaxDistance: rapid.SampledFrom([]float64{50, 2_000, 30_000, 500_000, 2e7}).Draw(t, id+".reach"),
	}
	if rapid.Bool().Draw(t, id+".trained") {
		v.Courses = []aid.CourseHeld{{Course: "first_aid", Until: aid.Date{Year: 2026, Month: 3, Day: rapid.IntRange(1, 3).Draw(t, id+".until")}}}
	}
	if rapid.IntRange(0, 3).Draw(t, id+".limited") == 0 {
		v.Availability = aid.Availability{From: noon.Add(-time.Hour), Until: noon.Add(5 * time.Hour)}
	}
	if rapid.IntRange(0, 3).Draw(t, id+".bound") == 0 {
		v.Bound = []aid.Window{window(2, 4)}
	}
	if rapid.Bool().Draw(t, id+".known") {
		v.Vetting = drawVetting(t, id)
	}
	switch rapid.IntRange(0, 7).Draw(t, id+".pause") {
	case 0:
		v.Quiet = aid.QuietHours{From: 22 * 60, To: 7 * 60}
	case 1:
		v.RestsUntil = noon.Add(time.Duration(rapid.IntRange(-6, 6).Draw(t, id+".rests")) * time.Hour)
	case 2:
		v.RestsUntil = aid.Indefinitely
	case 3:
		v.Parked = []Parked{{"bathing", rapid.SampledFrom([]float64{0, 1_000, 20_000}).Draw(t, id+".within")}, {"reading", 0}}
	}
	return v
}

func drawQuery(t *rapid.T, centre aid.Point, people []Volunteer) Query {
	from := rapid.IntRange(-3, 5).Draw(t, "from")
	q := Query{
		Place: drawPoint(t, centre, "place"), Skills: drawSkills(t, "skills", 2),
		Window: window(from, from+rapid.IntRange(1, 3).Draw(t, "hours")), Zone: drawZone(t),
	}
	if rapid.IntRange(0, 2).Draw(t, "course") == 0 {
		q.Courses = []aid.CourseID{"first_aid"}
	}
	if rapid.IntRange(0, 2).Draw(t, "ring") == 0 {
		q.Within = rapid.SampledFrom([]float64{1, 500, 3_000, 20_000}).Draw(t, "within")
	}
	if rapid.Bool().Draw(t, "class") {
		q.Risk = drawRisk(t)
	}
	if rapid.Bool().Draw(t, "by the clock") {
		q.Now = noon.Add(time.Duration(rapid.IntRange(-6, 12).Draw(t, "now")) * time.Hour)
		q.Category = rapid.SampledFrom([]string{"bathing", "reading", "shopping"}).Draw(t, "category")
	}
	if len(people) > 0 && rapid.Bool().Draw(t, "asked") {
		q.Asked = []aid.VolunteerID{rapid.SampledFrom(people).Draw(t, "asked.one").ID}
	}
	if len(people) > 0 && rapid.Bool().Draw(t, "apart") {
		q.Apart = []aid.VolunteerID{rapid.SampledFrom(people).Draw(t, "apart.one").ID}
	}
	return q
}

// manySkills makes an index know 90 skills, so that some share a bit.
var manySkills = func() Volunteer {
	v := Volunteer{ID: "many", Home: aid.Point{Lat: 1}, Capacity: 1, MaxDistance: 1}
	for n := range 90 {
		v.Skills = append(v.Skills, aid.Skill(fmt.Sprintf("skill%02d", n)))
	}
	return v
}()

// load fills an index at once.
func load(t require.TestingT, x *Index, people []Volunteer) {
	require.NoError(t, x.Load(func(l *Loader) error {
		for _, v := range people {
			if err := l.Upsert(v); err != nil {
				return err
			}
		}
		return nil
	}))
}

// TestTheIndexAnswersAsAScanDoes grows and shrinks an index and holds every
// query against the scan of the same people.
func TestTheIndexAnswersAsAScanDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		centre := rapid.SampledFrom(centres).Draw(t, "centre")
		x := New()
		var people []Volunteer
		for i := range rapid.IntRange(0, 200).Draw(t, "people") {
			people = append(people, drawVolunteer(t, centre, fmt.Sprintf("v%02d", i)))
		}
		loaded := rapid.IntRange(0, len(people)).Draw(t, "loaded")
		load(t, x, append(people[:loaded:loaded], manySkills))
		for _, v := range people[loaded:] {
			require.NoError(t, x.Upsert(v))
		}
		require.True(t, x.Remove(manySkills.ID))
		for range rapid.IntRange(0, min(30, len(people))).Draw(t, "changes") {
			i := rapid.IntRange(0, len(people)-1).Draw(t, "who")
			require.True(t, x.Remove(people[i].ID))
			people[i] = drawVolunteer(t, centre, string(people[i].ID)+"x")
			require.NoError(t, x.Upsert(people[i]))
			people[i].MaxDistance *= 2 // and once more as an update in place
			require.NoError(t, x.Upsert(people[i]))
		}
		if rapid.Bool().Draw(t, "restored") {
			x = copied(t, x)
		}
		require.Equal(t, len(people), x.Len())
		requireSound(t, x)
		q := drawQuery(t, centre, people)
		taken := map[aid.VolunteerID]bool{}
		for _, v := range people {
			taken[v.ID] = rapid.Bool().Draw(t, "taken")
		}
		want, tally := scan(people, q, taken)

		got, err := x.Reasons(q, func(id aid.VolunteerID) bool { return taken[id] })
		require.NoError(t, err)
		require.Equal(t, tally, got)

		k := rapid.IntRange(1, 12).Draw(t, "k")
		best, err := x.Candidates(q, k)
		require.NoError(t, err)
		require.Equal(t, want[:min(k, len(want))], best)

		limit := rapid.SampledFrom([]int64{0, 1, 3_000, 200_000, 10_000_000, 40_000_000}).Draw(t, "limit")
		within := slices.DeleteFunc(slices.Clone(want), func(m Match) bool { return m.Cost.Total() >= limit })
		var near []Match
		require.NoError(t, x.Near(q, limit, func(m Match) bool { near = append(near, m); return true }))
		require.ElementsMatch(t, within, near)

		view, err := x.View([]aid.Point{q.Place})
		require.NoError(t, err)
		search, err := view.Search(q)
		require.NoError(t, err)
		var below []Match
		require.NoError(t, search.Below(limit, func(n int32, c aid.Cost) {
			below = append(below, Match{view.ID(n), c})
			again, rule := search.Cost(n)
			require.Equal(t, c, again)
			require.Empty(t, rule)
			require.Positive(t, view.Free(n))
		}))
		require.ElementsMatch(t, within, below)
		var scanned []Match
		view.Scanner().Below(search, limit, func(n int32, c aid.Cost) { scanned = append(scanned, Match{view.ID(n), c}) })
		require.ElementsMatch(t, within, scanned)
	})
}

// TestManyLeaves spreads enough volunteers that trees are three levels high, and
// checks searches against the scan.
func TestManyLeaves(t *testing.T) {
	t.Parallel()
	for _, centre := range centres {
		x := New()
		var people []Volunteer
		for i := range 9000 {
			at := aid.Point{
				Lat: min(90, max(-90, centre.Lat+float64(i%61-30)*0.05)),
				Lng: math.Remainder(centre.Lng+float64(i%67-33)*0.07, 360),
			}
			if math.Abs(centre.Lat) > 85 {
				at.Lng = math.Remainder(float64(i)*7.3, 360)
			}
			v := Volunteer{ID: aid.VolunteerID(fmt.Sprintf("v%04d", i)), Home: at, Capacity: 1, MaxDistance: float64(500 + i%40*1000)}
			people = append(people, v)
		}
		load(t, x, people[:4000])
		for _, v := range people[4000:] {
			require.NoError(t, x.Upsert(v))
		}
		requireSound(t, x)
		for i := range 12 {
			q := Query{Place: aid.Point{Lat: min(90, max(-90, centre.Lat+float64(i)*0.1)), Lng: centre.Lng}, Window: window(0, 1)}
			want, tally := scan(people, q, nil)
			got, err := x.Reasons(q, nil)
			require.NoError(t, err)
			require.Equal(t, tally, got)
			best, err := x.Candidates(q, 32)
			require.NoError(t, err)
			require.Equal(t, want[:min(32, len(want))], best)
			view, err := x.View([]aid.Point{q.Place})
			require.NoError(t, err)
			search, err := view.Search(q)
			require.NoError(t, err)
			seen := map[aid.VolunteerID]bool{}
			require.NoError(t, search.Below(1e9, func(n int32, _ aid.Cost) { seen[view.ID(n)] = true }))
			require.Len(t, seen, len(want), "the view of one place has everybody who would go there")
		}
	}
}

// TestARestSaysWhenItEnds: by the clock, by quiet hours, by quiet hours into which
// it ends; and not where only an answer ends it.
func TestARestSaysWhenItEnds(t *testing.T) {
	t.Parallel()
	at := aid.Point{Lat: 45.75, Lng: 126.64}
	evening := aid.QuietHours{From: 19 * 60, To: 7 * 60} // noon in UTC is 20:00 in Harbin
	seven := time.Date(2026, 3, 2, 23, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		rests time.Time
		quiet aid.QuietHours
		want  time.Time
	}{
		"not at all":                {noon, aid.QuietHours{}, time.Time{}},
		"a while":                   {noon.Add(time.Hour), aid.QuietHours{}, noon.Add(time.Hour)},
		"quiet hours":               {time.Time{}, evening, seven},
		"a while into quiet hours":  {noon.Add(time.Hour), evening, seven},
		"beyond quiet hours":        {seven.Add(time.Hour), evening, seven.Add(time.Hour)},
		"into the next quiet hours": {seven.Add(13 * time.Hour), evening, seven.Add(24 * time.Hour)},
		"until an answer":           {aid.Indefinitely, evening, time.Time{}},
	} {
		x := New()
		require.NoError(t, x.Upsert(Volunteer{
			ID: "v", Home: at, Capacity: 1, MaxDistance: 1000, RestsUntil: test.rests, Quiet: test.quiet,
			Availability: aid.Availability{Zone: "Asia/Shanghai"},
		}))
		got, err := x.Explain(Query{Place: at, Window: window(0, 2), Now: noon}, "v")
		require.NoError(t, err)
		require.Equal(t, test.want, got.Until, name)
	}
}

func TestEachHardRule(t *testing.T) {
	t.Parallel()
	home := aid.Point{Lat: 45.75, Lng: 126.64}
	near := aid.Point{Lat: 45.76, Lng: 126.64} // 1,112 m
	able := Volunteer{
		ID: "v", Home: home, Skills: []aid.Skill{"driving", "first_aid", "haircut"}, Capacity: 2, MaxDistance: 1_200,
		Courses: []aid.CourseHeld{{Course: "basics", Until: aid.DateOf(noon)}, {Course: "safety"}},
	}
	need := Query{Place: near, Skills: []aid.Skill{"driving"}, Courses: []aid.CourseID{"basics", "safety"}, Window: window(0, 2)}
	for _, c := range []struct {
		name   string
		change func(*Volunteer, *Query)
		want   Rule
	}{
		{"fits", func(*Volunteer, *Query) {}, ""},
		{"farther than they go", func(v *Volunteer, _ *Query) { v.MaxDistance = 1_111 }, TooFar},
		{"just as far as they go", func(v *Volunteer, _ *Query) { v.MaxDistance = home.Distance(near) }, ""},
		{"skill missing", func(_ *Volunteer, q *Query) { q.Skills = []aid.Skill{"driving", "law"} }, Skill},
		{"no skill asked", func(_ *Volunteer, q *Query) { q.Skills = nil }, ""},
		{"course lapsed the day before", func(_ *Volunteer, q *Query) { q.Window = window(24, 25) }, Course},
		{"course counts to the end of its day", func(_ *Volunteer, q *Query) { q.Zone, q.Window = "UTC", window(11, 26) }, ""},
		{"it is the day after in Harbin", func(_ *Volunteer, q *Query) { q.Window = window(11, 26) }, Course},
		{"the day is that of the zone, however the instant is written", func(_ *Volunteer, q *Query) {
			q.Zone = "UTC"
			q.Window.StartsAt = window(13, 0).StartsAt.In(time.FixedZone("behind", -8*3600))
			q.Window.EndsAt = window(0, 14).EndsAt
		}, Course},
		{"course never held", func(_ *Volunteer, q *Query) { q.Courses = []aid.CourseID{"rescue"} }, Course},
		{"a renewal counts", func(v *Volunteer, q *Query) {
			v.Courses = append(v.Courses, aid.CourseHeld{Course: "basics"})
			q.Window = window(24, 25)
		}, ""},
		{"a renewal counts in whatever order it is told", func(v *Volunteer, q *Query) {
			v.Courses = []aid.CourseHeld{{Course: "safety"}, {Course: "basics"}, {Course: "basics", Until: aid.DateOf(noon)}}
			q.Window = window(24, 25)
		}, ""},
		{"checked long enough", func(v *Volunteer, q *Query) {
			q.Risk.CheckMonths, v.Vetting.CheckedOn = 1, aid.Date{Year: 2026, Month: 2, Day: 2}
		}, ""},
		{"checked a day too early", func(v *Volunteer, q *Query) {
			q.Risk.CheckMonths, v.Vetting.CheckedOn = 1, aid.Date{Year: 2026, Month: 2, Day: 1}
		}, Check},
		{"the check lapses before the last visit", func(v *Volunteer, q *Query) {
			q.Risk.CheckMonths, v.Vetting.CheckedOn = 1, aid.Date{Year: 2026, Month: 2, Day: 2}
			q.Also = []aid.Window{window(24, 25)}
		}, Check},
		{"never checked", func(_ *Volunteer, q *Query) { q.Risk.CheckMonths = 600 }, Check},
		{"a minor without consent", func(v *Volunteer, _ *Query) { v.Vetting.BirthDate = aid.Date{Year: 2008, Month: 3, Day: 3} }, Minor},
		{"a minor with consent", func(v *Volunteer, _ *Query) {
			v.Vetting = aid.Vetting{BirthDate: aid.Date{Year: 2008, Month: 3, Day: 3}, ConsentUntil: aid.DateOf(noon)}
		}, ""},
		{"of age that day", func(v *Volunteer, q *Query) {
			v.Vetting.BirthDate, q.Risk.MinorsBarred = aid.Date{Year: 2008, Month: 3, Day: 2}, true
		}, ""},
		{"a minor where they are barred", func(v *Volunteer, q *Query) {
			v.Vetting = aid.Vetting{BirthDate: aid.Date{Year: 2008, Month: 3, Day: 3}, ConsentUntil: aid.DateOf(noon)}
			q.Risk.TwoDeep = true
		}, Minor},
		{"age unknown where minors are barred", func(_ *Volunteer, q *Query) { q.Risk.MinorsBarred = true }, Minor},
		{"age unknown elsewhere", func(_ *Volunteer, q *Query) { q.Risk.Class = "free" }, ""},
		{"no day, no vetting", func(v *Volunteer, q *Query) {
			q.Risk, q.Window, q.Courses = aid.Risk{CheckMonths: 1, TwoDeep: true}, aid.Window{}, nil
		}, ""},
		{"available for a part only", func(v *Volunteer, _ *Query) { v.Availability.Until = noon.Add(time.Hour) }, Time},
		{"bound at that time", func(v *Volunteer, _ *Query) { v.Bound = []aid.Window{window(1, 9)} }, Time},
		{"bound just after", func(v *Volunteer, _ *Query) { v.Bound = []aid.Window{window(2, 9)} }, ""},
		{"no capacity left", func(v *Volunteer, _ *Query) { v.Bound = []aid.Window{window(2, 3), window(4, 5)} }, Capacity},
		{"asked before", func(_ *Volunteer, q *Query) { q.Asked = []aid.VolunteerID{"u", "v"} }, AlreadyAsked},
		{"asked before, and bound by it", func(v *Volunteer, q *Query) {
			q.Asked, v.Bound = []aid.VolunteerID{"v"}, []aid.Window{q.Window}
		}, AlreadyAsked},
		{"asked before, and at capacity by it", func(v *Volunteer, q *Query) {
			q.Asked, v.Capacity, v.Bound = []aid.VolunteerID{"v"}, 1, []aid.Window{q.Window}
		}, AlreadyAsked},
		{"kept apart", func(_ *Volunteer, q *Query) { q.Apart = []aid.VolunteerID{"w", "v"} }, NotSuitable},
		{"parked beyond a distance", func(v *Volunteer, q *Query) {
			v.Parked, q.Now, q.Category = []Parked{{"reading", 0}, {"bathing", 1_111}}, noon, "bathing"
		}, Parks},
		{"parked beyond a longer distance", func(v *Volunteer, q *Query) {
			v.Parked, q.Now, q.Category = []Parked{{"reading", 0}, {"bathing", 1_113}}, noon, "bathing"
		}, ""},
		{"resting", func(v *Volunteer, q *Query) { v.RestsUntil, q.Now = noon.Add(1), noon }, Resting},
		{"rested", func(v *Volunteer, q *Query) { v.RestsUntil, q.Now = noon, noon }, ""},
		{"resting without a clock", func(v *Volunteer, _ *Query) { v.RestsUntil = aid.Indefinitely }, ""},
		{"a quiet hour in their zone", func(v *Volunteer, q *Query) {
			v.Quiet, v.Availability.Zone, q.Now = aid.QuietHours{From: 19 * 60, To: 7 * 60}, "Asia/Shanghai", noon // 20:00 there
		}, Resting},
		{"no quiet hour in their zone", func(v *Volunteer, q *Query) {
			v.Quiet, v.Availability.Zone, q.Now = aid.QuietHours{From: 21 * 60, To: 7 * 60}, "Asia/Shanghai", noon
		}, ""},
		{"the first rule failed is named", func(v *Volunteer, q *Query) {
			q.Skills, v.Bound = []aid.Skill{"law"}, []aid.Window{window(0, 1)}
		}, Skill},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v, q := able, need
			c.change(&v, &q)
			x := New()
			require.NoError(t, x.Upsert(v))
			got, err := x.Explain(q, "v")
			require.NoError(t, err)
			require.Equal(t, c.want, got.Fails)
			require.InDelta(t, 1112, got.Distance, 1)
			best, err := x.Candidates(q, 5)
			require.NoError(t, err)
			require.Equal(t, c.want == "", len(best) == 1)
			if c.name == "fits" {
				require.Equal(t, aid.Cost{Distance: 1112, SpareSkills: 500}, got.Cost)
				require.Equal(t, got.Cost, best[0].Cost)
			}
		})
	}
	_, err := New().Explain(need, "v")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
}

func TestUpsertRefusesWhatCannotBePlaced(t *testing.T) {
	t.Parallel()
	x := New()
	good := Volunteer{ID: "v", Home: aid.Point{Lat: 45}, Capacity: 1, MaxDistance: 1000}
	require.NoError(t, x.Upsert(good))
	for _, change := range []func(*Volunteer){
		func(v *Volunteer) { v.ID = "" },
		func(v *Volunteer) { v.Home.Lat = 126 },
		func(v *Volunteer) { v.Capacity = -1 },
		func(v *Volunteer) { v.MaxDistance = math.NaN() },
		func(v *Volunteer) { v.MaxDistance = math.Inf(1) },
		func(v *Volunteer) { v.Skills = make([]aid.Skill, 300) },
	} {
		v := good
		change(&v)
		require.Equal(t, aid.Invalid, aid.KindOf(x.Upsert(v)))
	}
	require.Equal(t, 1, x.Len())
	got, err := x.Explain(Query{Place: good.Home}, "v")
	require.NoError(t, err)
	require.Empty(t, got.Fails)
	_, err = x.Candidates(Query{Place: aid.Point{Lat: 91}}, 1)
	require.Equal(t, aid.Invalid, aid.KindOf(err))
	require.False(t, x.Remove("w"))
}

// TestSearchesReachJustAsFarAsTheLimit puts volunteers in all four directions
// at the very edge of what a limit allows.
func TestSearchesReachJustAsFarAsTheLimit(t *testing.T) {
	t.Parallel()
	x := New()
	place := aid.Point{Lat: 60, Lng: 25}
	for i, home := range []aid.Point{{Lat: 60.2, Lng: 25}, {Lat: 59.8, Lng: 25}, {Lat: 60, Lng: 25.4}, {Lat: 60, Lng: 24.6}} {
		require.NoError(t, x.Upsert(Volunteer{ID: aid.VolunteerID(fmt.Sprint(i)), Home: home, Capacity: 1, MaxDistance: place.Distance(home)}))
	}
	q := Query{Place: place}
	view, err := x.View([]aid.Point{place})
	require.NoError(t, err)
	search, err := view.Search(q)
	require.NoError(t, err)
	best, err := x.Candidates(q, 9)
	require.NoError(t, err)
	require.Len(t, best, 4)
	for i, m := range best {
		for limit, want := range map[int64]int{m.Cost.Total(): i, m.Cost.Total() + 1: i + 1} {
			if i > 0 && best[i-1].Cost == m.Cost || i < 3 && best[i+1].Cost == m.Cost {
				want = -1 // equal costs: found together
			}
			ring, band := 0, 0
			require.NoError(t, search.Below(limit, func(int32, aid.Cost) { ring++ }))
			view.Scanner().Below(search, limit, func(int32, aid.Cost) { band++ })
			require.Equal(t, ring, band)
			if want >= 0 {
				require.Equal(t, want, ring, "below %d", limit)
			}
		}
	}
}

func TestNearStopsWhenTold(t *testing.T) {
	t.Parallel()
	x := New()
	for i := range 50 {
		require.NoError(t, x.Upsert(Volunteer{ID: aid.VolunteerID(fmt.Sprint(i)), Home: aid.Point{Lat: float64(i) / 100}, Capacity: 1, MaxDistance: 1e6}))
	}
	seen := 0
	require.NoError(t, x.Near(Query{}, 1e6, func(Match) bool { seen++; return seen < 3 }))
	require.Equal(t, 3, seen)
}

func TestAViewStaysAsItWas(t *testing.T) {
	t.Parallel()
	x := New()
	v := Volunteer{ID: "v", Home: aid.Point{Lat: 45}, Skills: []aid.Skill{"a"}, Capacity: 2, MaxDistance: 1000}
	busy := Volunteer{ID: "busy", Home: v.Home, Capacity: 1, MaxDistance: 1000, Bound: []aid.Window{window(0, 1)}}
	var far []Volunteer // so many that they split off to leaves of their own
	for i := range 200 {
		far = append(far, Volunteer{ID: aid.VolunteerID(fmt.Sprint("far", i)), Home: aid.Point{Lat: 50}, Capacity: 1, MaxDistance: 1000})
	}
	load(t, x, append(far, v, busy))
	view, err := x.View([]aid.Point{v.Home})
	require.NoError(t, err)
	require.True(t, x.Remove("v"))
	require.NoError(t, x.Upsert(Volunteer{ID: "w", Home: v.Home, Skills: []aid.Skill{"b"}, Capacity: 1, MaxDistance: 1000}))
	require.Less(t, view.Len(), leafSize, "those of far leaves are left out")
	search, err := view.Search(Query{Place: v.Home})
	require.NoError(t, err)
	var seen []aid.VolunteerID
	require.NoError(t, search.Below(1e6, func(n int32, _ aid.Cost) {
		seen = append(seen, view.ID(n))
		require.Equal(t, 2, view.Free(n))
	}))
	require.Equal(t, []aid.VolunteerID{"v"}, seen, "neither the busy one nor who came later")
}

// TestQueriesWhileUpdated runs under the race detector too: a volunteer who is
// only ever moved is found by every query.
func TestQueriesWhileUpdated(t *testing.T) {
	t.Parallel()
	x := New()
	place := aid.Point{Lat: 45.75, Lng: 126.64}
	move := func(i int) Volunteer {
		return Volunteer{ID: "mover", Home: aid.Point{Lat: 45.5 + float64(i%50)/100, Lng: 126.64}, Capacity: 1, MaxDistance: 100_000}
	}
	require.NoError(t, x.Upsert(move(0)))
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range 500 {
			if err := x.Upsert(move(i)); err != nil {
				t.Error(err)
			}
		}
	})
	for range 500 {
		best, err := x.Candidates(Query{Place: place}, 3)
		require.NoError(t, err)
		require.Len(t, best, 1)
		view, err := x.View([]aid.Point{place})
		require.NoError(t, err)
		require.Equal(t, 1, view.Len())
	}
	wg.Wait()
}
