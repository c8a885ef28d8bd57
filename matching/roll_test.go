package matching

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/index"
)

// town is a place in which people and needs come, go and change. Everything that
// is asked of it is kept, so that it can be lived through again.
type town struct {
	index   *index.Index
	people  []aid.VolunteerID
	demands []Demand // Need is the place in the list
	made    int
}

func newTown(t require.TestingT) *town {
	w := &town{index: index.New()}
	// Whoever keeps every skill and course known is of no use to anybody.
	require.NoError(t, w.index.Upsert(index.Volunteer{
		ID: "far", Home: aid.Point{Lat: 40, Lng: 100}, Capacity: 1, MaxDistance: 1, Skills: []aid.Skill{"driving", "first_aid"},
		Courses: []aid.CourseHeld{{Course: "basics"}},
	}))
	return w
}

func (w *town) problem() Problem {
	p := Problem{Index: w.index, OneEach: true}
	for i, d := range w.demands {
		d.Need = i
		p.Needs = append(p.Needs, Need{Request: aid.RequestID(fmt.Sprint("r", d.Role)), MinPeople: 1})
		p.Demands = append(p.Demands, d)
	}
	return p
}

// event is one change of a town.
type event func(t require.TestingT, w *town)

func drawPlace(t *rapid.T, label string) aid.Point {
	return aid.Point{
		Lat: 45.75 + float64(rapid.IntRange(-30, 30).Draw(t, label+".lat"))/1000,
		Lng: 126.64 + float64(rapid.IntRange(-30, 30).Draw(t, label+".lng"))/1000,
	}
}

func drawPerson(t *rapid.T) index.Volunteer {
	v := index.Volunteer{
		Home: drawPlace(t, "home"), Skills: []aid.Skill{"driving", "first_aid"}[:rapid.IntRange(0, 2).Draw(t, "skills")],
		Capacity: rapid.IntRange(1, 2).Draw(t, "capacity"), MaxDistance: rapid.SampledFrom([]float64{1500, 4000, 20_000}).Draw(t, "reach"),
	}
	if rapid.Bool().Draw(t, "trained") {
		v.Courses = []aid.CourseHeld{{Course: "basics"}}
	}
	if rapid.IntRange(0, 2).Draw(t, "bound") == 0 {
		from := morning.Add(time.Duration(rapid.IntRange(0, 1).Draw(t, "bound.day")) * 24 * time.Hour)
		v.Bound = []aid.Window{{StartsAt: from, EndsAt: from.Add(time.Hour)}}
	}
	return v
}

func drawDemand(t *rapid.T) Demand {
	urgency := rapid.SampledFrom(aid.Urgencies).Draw(t, "urgency")
	start := morning.Add(time.Duration(rapid.IntRange(0, 1).Draw(t, "day")) * 24 * time.Hour)
	d := Demand{
		Seats: rapid.IntRange(1, 3).Draw(t, "seats"), Penalty: penalty(urgency), Standby: rapid.IntRange(0, 3).Draw(t, "standby") == 0,
		Query: index.Query{
			Place: drawPlace(t, "place"), Skills: []aid.Skill{"driving"}[:rapid.IntRange(0, 1).Draw(t, "needs")],
			Window: aid.Window{StartsAt: start, EndsAt: start.Add(2 * time.Hour)},
		},
	}
	if d.Standby {
		d.Penalty = StandbyPenalty
	}
	if rapid.IntRange(0, 3).Draw(t, "course") == 0 {
		d.Query.Courses = []aid.CourseID{"basics"}
	}
	return d
}

// drawEvent draws a change; which one it hits depends on who is there then.
func drawEvent(t *rapid.T) event {
	nth := rapid.IntRange(0, 1000).Draw(t, "nth")
	switch rapid.SampledFrom([]string{"comes", "comes", "changes", "leaves", "opens", "opens", "closes", "seats", "asked"}).Draw(t, "event") {
	case "comes":
		v := drawPerson(t)
		return func(t require.TestingT, w *town) {
			w.made++
			v.ID = aid.VolunteerID(fmt.Sprint("v", w.made))
			require.NoError(t, w.index.Upsert(v))
			w.people = append(w.people, v.ID)
		}
	case "changes":
		v := drawPerson(t)
		return func(t require.TestingT, w *town) {
			if len(w.people) > 0 {
				v.ID = w.people[nth%len(w.people)]
				require.NoError(t, w.index.Upsert(v))
			}
		}
	case "leaves":
		return func(_ require.TestingT, w *town) {
			if len(w.people) > 0 {
				i := nth % len(w.people)
				w.index.Remove(w.people[i])
				w.people = slices.Delete(w.people, i, i+1)
			}
		}
	case "opens":
		d := drawDemand(t)
		return func(_ require.TestingT, w *town) {
			w.made++
			d.Role = w.made // tells demands apart
			w.demands = slices.Insert(w.demands, nth%(len(w.demands)+1), d)
		}
	case "closes":
		return func(_ require.TestingT, w *town) {
			if len(w.demands) > 0 {
				i := nth % len(w.demands)
				w.demands = slices.Delete(w.demands, i, i+1)
			}
		}
	case "seats":
		seats, urgency := rapid.IntRange(0, 4).Draw(t, "seats"), rapid.SampledFrom(aid.Urgencies).Draw(t, "urgency")
		return func(_ require.TestingT, w *town) {
			if len(w.demands) > 0 {
				d := &w.demands[nth%len(w.demands)]
				d.Seats, d.Penalty = seats, penalty(urgency)
			}
		}
	default:
		return func(_ require.TestingT, w *town) {
			if len(w.demands) > 0 && len(w.people) > 0 {
				q := &w.demands[nth%len(w.demands)].Query
				q.Asked = append(slices.Clone(q.Asked), w.people[nth%len(w.people)])
			}
		}
	}
}

// live lets rounds pass and gives the plan of each. A ledger that rolls on is held
// against one that is made anew.
func live(t *testing.T, rt *rapid.T, rounds [][]event) []*Plan {
	w := newTown(rt)
	var rolled *Ledger
	var plans []*Plan
	for _, events := range rounds {
		for _, happens := range events {
			happens(rt, w)
		}
		p := w.problem()
		anew, err := Settle(t.Context(), p, nil)
		require.NoError(rt, err)
		if rolled == nil {
			rolled = anew
			continue
		}
		rolled, err = rolled.Roll(t.Context(), p)
		require.NoError(rt, err)
		plan := rolled.Plan()
		require.True(rt, plan.Warm)
		require.Equal(rt, anew.Plan().Objective, plan.Objective)
		require.Equal(rt, plan.Objective, plan.DualBound)
		sameAnswers(t, rt, w, p, anew, rolled)
		plan.Seconds, plan.SolveSeconds = 0, 0
		plans = append(plans, plan)
	}
	return plans
}

// sameAnswers asks two ledgers of one problem what choices would cost.
func sameAnswers(t *testing.T, rt *rapid.T, w *town, p Problem, want, got *Ledger) {
	for i, d := range p.Demands {
		for _, id := range w.people {
			if d.Standby {
				continue
			}
			a, err := want.WhyNot(t.Context(), p.Needs[i].Request, d.Role, id)
			require.NoError(rt, err)
			b, err := got.WhyNot(t.Context(), p.Needs[i].Request, d.Role, id)
			require.NoError(rt, err)
			require.Equal(rt, a, b)
		}
	}
	area := func(aid.RequestID) aid.AreaID { return "hlj" }
	a, err := want.Scarcity(t.Context(), 100, area)
	require.NoError(rt, err)
	b, err := got.Scarcity(t.Context(), 100, area)
	require.NoError(rt, err)
	for _, all := range [][]aid.Scarcity{a, b} {
		for i := range all {
			all[i].OpenSeats = 0 // among plans of one cost either of two seats may be the open one
		}
	}
	require.ElementsMatch(rt, a, b)
}

func TestALedgerThatRollsOnPlansLikeOneMadeAnew(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var rounds [][]event
		for range rapid.IntRange(2, 6).Draw(rt, "rounds") {
			rounds = append(rounds, rapid.SliceOfN(rapid.Custom(drawEvent), 0, 12).Draw(rt, "events"))
		}
		plans := live(t, rt, rounds)
		require.Equal(rt, plans, live(t, rt, rounds), "the same changes give the same plans")
	})
}

func TestALedgerSaysWhenItIsToBeMadeAnew(t *testing.T) {
	t.Parallel()
	volunteer := func(i int) index.Volunteer {
		return index.Volunteer{
			ID: aid.VolunteerID(fmt.Sprint("v", i)), Home: aid.Point{Lat: here.Lat + float64(i)*0.0001, Lng: here.Lng},
			Capacity: 1, MaxDistance: 30_000,
		}
	}
	for name, change := range map[string]func(t *testing.T, p *Problem){
		"minimum":       func(t *testing.T, p *Problem) { p.Needs[0].MinPeople = 2 },
		"capacity":      func(t *testing.T, p *Problem) { p.OneEach = false },
		"another index": func(t *testing.T, p *Problem) { p.Index = index.New() },
		"a new skill": func(t *testing.T, p *Problem) {
			v := volunteer(1)
			v.Skills = []aid.Skill{"new"}
			require.NoError(t, p.Index.Upsert(v))
		},
		"many newcomers": func(t *testing.T, p *Problem) { fill(t, p.Index, 100, volunteer) },
		"all others": func(_ *testing.T, p *Problem) {
			for i := range 100 {
				p.Index.Remove(volunteer(i).ID)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := Problem{Index: index.New(), OneEach: true, Needs: []Need{{Request: "r"}}, Demands: []Demand{{
				Seats: 2, Penalty: penalty(aid.Routine), Query: index.Query{Place: here},
			}}}
			if name == "all others" {
				fill(t, p.Index, 100, volunteer)
			}
			l, err := Settle(t.Context(), p, nil)
			require.NoError(t, err)
			change(t, &p)
			_, err = l.Roll(t.Context(), p)
			_, anew := errors.AsType[*AnewError](err)
			require.True(t, anew, "%v", err)
		})
	}
}

func fill(t *testing.T, x *index.Index, n int, volunteer func(int) index.Volunteer) {
	t.Helper()
	for i := range n {
		require.NoError(t, x.Upsert(volunteer(i)))
	}
}
