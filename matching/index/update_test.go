package index

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// TestUpdatesAreSeenWhollyOrNotAtAll runs under the race detector too. One
// volunteer moves between two far towns and changes skill and capacity on the way:
// every question sees exactly one of their two states.
func TestUpdatesAreSeenWhollyOrNotAtAll(t *testing.T) {
	t.Parallel()
	x := New()
	crowd(t, x, 500)
	here, there := aid.Point{Lat: 45.75, Lng: 126.64}, aid.Point{Lat: 47.35, Lng: 123.92}
	states := []Volunteer{
		{ID: "mover", Home: here, Skills: []aid.Skill{"rowing"}, Capacity: 1, MaxDistance: 1e6},
		{ID: "mover", Home: there, Skills: []aid.Skill{"rowing", "diving"}, Capacity: 2, MaxDistance: 1e6},
	}
	require.NoError(t, x.Upsert(states[0]))
	var readers, writer sync.WaitGroup
	stop := make(chan struct{})
	writer.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			if err := x.Upsert(states[i%2]); err != nil {
				t.Error(err)
				return
			}
		}
	})
	want := []Match{{"mover", aid.Cost{}}, {"mover", aid.Cost{Distance: int64(here.Distance(there) + 0.5), SpareSkills: 250}}}
	for range 3 {
		readers.Go(func() {
			for range 300 {
				got, err := x.Candidates(Query{Place: here, Skills: []aid.Skill{"rowing"}}, 3)
				if err != nil || len(got) != 1 || got[0] != want[0] && got[0] != want[1] {
					t.Errorf("found %v, %v", got, err)
					return
				}
				tally, err := x.Reasons(Query{Place: here, Skills: []aid.Skill{"rowing"}}, nil)
				if err != nil || tally.Eligible != 1 {
					t.Errorf("counted %v, %v", tally, err)
					return
				}
				if _, err := x.Explain(Query{Place: here}, "mover"); err != nil {
					t.Error(err)
					return
				}
				view, err := x.View([]aid.Point{here})
				if err != nil {
					t.Error(err)
					return
				}
				search, err := view.Search(Query{Place: here, Skills: []aid.Skill{"rowing"}})
				if err != nil {
					t.Error(err)
					return
				}
				seen := 0
				if err := search.Below(1e7, func(int32, aid.Cost) { seen++ }); err != nil || seen != 1 {
					t.Errorf("the view has %d, %v", seen, err)
					return
				}
			}
		})
	}
	readers.Wait()
	close(stop)
	writer.Wait()
	requireSound(t, x)
}

// crowd fills an index with people of few skills.
func crowd(t require.TestingT, x *Index, n int) []Volunteer {
	rng := rand.New(rand.NewPCG(1, 2))
	people := make([]Volunteer, n)
	for i := range people {
		people[i] = somebody(rng, i)
	}
	load(t, x, people)
	return people
}

func somebody(rng *rand.Rand, i int) Volunteer {
	return Volunteer{
		ID: aid.VolunteerID(fmt.Sprint("v", i)), Home: aid.Point{Lat: 45 + rng.Float64(), Lng: 126 + rng.Float64()},
		Skills: []aid.Skill{aid.Skill(fmt.Sprint("skill", rng.IntN(9)))}, Capacity: rng.IntN(3), MaxDistance: 5000,
	}
}

// TestNamesThatComeAndGoDoNotPileUp gives people ever new skills, courses,
// hours and places, and looks at what is left.
func TestNamesThatComeAndGoDoNotPileUp(t *testing.T) {
	t.Parallel()
	x := New()
	rng := rand.New(rand.NewPCG(3, 4))
	const people = 300
	for i := range 20_000 {
		v := somebody(rng, i%people)
		v.Skills = append(v.Skills, aid.Skill(fmt.Sprint("fashion", i)))
		v.Courses = []aid.CourseHeld{{Course: aid.CourseID(fmt.Sprint("course", i))}}
		v.Availability.Away = []aid.DateRange{{From: aid.Date{Year: 2000 + i, Month: 1, Day: 1}, To: aid.Date{Year: 2000 + i, Month: 1, Day: 2}}}
		require.NoError(t, x.Upsert(v))
		if i%7 == 0 {
			x.Remove(aid.VolunteerID(fmt.Sprint("v", rng.IntN(people))))
		}
	}
	requireSound(t, x)
	require.LessOrEqual(t, len(x.terms.skills.uses), people+10)
	require.LessOrEqual(t, len(x.terms.courses.uses), people+1)
	require.LessOrEqual(t, len(x.terms.patterns.numbered), people+1)
	require.LessOrEqual(t, len(x.roster.keys), people)
	leaves := 0
	for _, root := range []*node{x.state.Load().available, x.state.Load().taken} {
		root.each(func(*leaf) { leaves++ })
	}
	require.Less(t, leaves, 40, "leaves that empty are joined")
	for i := range people {
		x.Remove(aid.VolunteerID(fmt.Sprint("v", i)))
	}
	require.Zero(t, x.Len())
	require.Nil(t, x.state.Load().available)
	require.Nil(t, x.state.Load().taken)
	require.Empty(t, x.terms.skills.known)
	requireSound(t, x)
}

// TestWhatIsLeftOfACrowdMovesTogether guards that searches of a shrunken index do
// not pay for those who are gone.
func TestWhatIsLeftOfACrowdMovesTogether(t *testing.T) {
	t.Parallel()
	x := New()
	for _, v := range crowd(t, x, 6000)[:5900] {
		require.True(t, x.Remove(v.ID))
	}
	requireSound(t, x)
	leaves := 0
	for _, root := range []*node{x.state.Load().available, x.state.Load().taken} {
		root.each(func(*leaf) { leaves++ })
	}
	require.Less(t, leaves, 100/sparse+10)
}

func TestAnAnswerIsRememberedForItsQueryOnly(t *testing.T) {
	t.Parallel()
	p := newPatterns().intern(&aid.Availability{Zone: "UTC", Weekly: []aid.WeeklyHours{{Day: noon.Weekday(), From: 12 * 60, To: 14 * 60}}}, aid.QuietHours{})
	var m seen
	for hour, want := range map[int]bool{0: true, 1: true, 2: false, -1: false} {
		m.forget()
		require.Equal(t, want, m.covers(p, &search{window: window(hour, hour+1)}))
		require.Equal(t, want, m.covers(p, &search{window: window(hour, hour+1)}))
	}
}

func TestALoadReplacesEverybodyOrNobody(t *testing.T) {
	t.Parallel()
	x := New()
	crowd(t, x, 100)
	broken := errors.New("connection lost")
	require.ErrorIs(t, x.Load(func(l *Loader) error {
		require.NoError(t, l.Upsert(Volunteer{ID: "w", Capacity: 1, MaxDistance: 1}))
		return broken
	}), broken)
	require.Equal(t, 100, x.Len())
	require.NoError(t, x.Load(func(l *Loader) error {
		bad := Volunteer{ID: "bad", Home: aid.Point{Lat: 100}, Capacity: 1, MaxDistance: 1}
		require.Equal(t, aid.Invalid, aid.KindOf(l.Upsert(bad)), "one who is refused is no hindrance")
		for i := range 3 {
			require.NoError(t, l.Upsert(Volunteer{ID: "twice", Skills: []aid.Skill{aid.Skill(fmt.Sprint(i))}, Capacity: i, MaxDistance: 1}))
		}
		require.NoError(t, l.Upsert(Volunteer{ID: "leaves", Skills: []aid.Skill{"x"}, Capacity: 1, MaxDistance: 1}))
		require.True(t, l.Remove("leaves"))
		require.False(t, l.Remove("leaves"))
		return l.Upsert(Volunteer{ID: "once", Capacity: 1, MaxDistance: 1})
	}))
	requireSound(t, x)
	got, err := x.Candidates(Query{Skills: []aid.Skill{"2"}}, 5)
	require.NoError(t, err)
	require.Equal(t, []Match{{Volunteer: "twice"}}, got, "of one who is told twice the last counts")
	require.Equal(t, 2, x.Len())
}

func TestTheRosterKeepsItsPeople(t *testing.T) {
	t.Parallel()
	r := newRoster()
	rng := rand.New(rand.NewPCG(5, 6))
	here := map[uint32]handle{}
	for range 20_000 {
		hash := rng.Uint32N(3000) << 20 // few and crowded homes
		h, known := r.find(hash, func(h handle) bool { return h == here[hash] })
		want, there := here[hash]
		require.Equal(t, there, known)
		require.Equal(t, want, h)
		if known {
			r.remove(hash, h)
			delete(here, hash)
			continue
		}
		h, err := r.add(hash, 7)
		require.NoError(t, err)
		require.Equal(t, keyOf(7, h), r.keys[h])
		here[hash] = h
	}
	require.Len(t, here, r.used)
}

func TestWindowsAreKeptToTheMicrosecond(t *testing.T) {
	t.Parallel()
	edge := noon.Add(1500 * time.Nanosecond)
	s := spanOf(aid.Window{StartsAt: edge, EndsAt: edge.Add(time.Nanosecond)})
	require.Equal(t, span{noon.UnixMicro() + 1, noon.UnixMicro() + 2}, s, "widened, never narrowed")
	before := spanOf(aid.Window{StartsAt: noon, EndsAt: noon.Add(time.Microsecond)})
	require.False(t, s.overlaps(before))
	require.True(t, s.overlaps(spanOf(aid.Window{StartsAt: noon, EndsAt: noon.Add(1001 * time.Nanosecond)})))
}
