package aid_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
)

// bathing is a class to which two adults come, one of them with a course.
var bathing = aid.Risk{Class: "high", CheckMonths: 24, TwoDeep: true, Course: "protection"}

// known is somebody who may come to anything, and leads if they hold the course.
func known(courses ...aid.CourseID) aid.Vetted {
	v := suitable(need(1).Roles[0])
	v.Vetting = aid.Vetting{CheckedOn: aid.DateOf(noon), BirthDate: aid.Date{Year: 1980, Month: 2, Day: 3}}
	for _, c := range courses {
		v.Courses = append(v.Courses, aid.CourseHeld{Course: c})
	}
	return v
}

// but is somebody of whom something is known otherwise.
func but(v aid.Vetted, change func(*aid.Vetted)) aid.Vetted {
	change(&v)
	return v
}

// twoDeep is a need of the class for some people.
func twoDeep(minimum int, people ...int) aid.Need {
	n := crew(minimum, aid.Routine, people...)
	n.Risk, n.Window = bathing, hours(100, 102)
	return n
}

func TestNobodyComesAloneWhereTwoMustCome(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		need aid.Need
		want []string
	}{
		"two of three":         {twoDeep(2, 3), nil},
		"two in two roles":     {twoDeep(2, 1, 1), nil},
		"one is enough":        {twoDeep(1, 3), []string{"min_people"}},
		"nothing said":         {twoDeep(0, 3), []string{"min_people"}},
		"one person":           {twoDeep(1, 1), []string{"roles", "min_people"}},
		"one person, no class": {crew(1, aid.Routine, 1), nil},
		"no role":              {twoDeep(2), []string{"roles", "min_people", "roles"}},
		"as many roles as may be, and one to add":   {twoDeep(2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1), []string{"roles"}},
		"as many roles as may be":                   {twoDeep(2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), nil},
		"as many courses as may be, and one to add": {func() aid.Need { n := twoDeep(2, 2); n.Roles[0].Courses = words[aid.CourseID](64); return n }(), []string{"roles[0].courses"}},
		"one substitute":                            {func() aid.Need { n := twoDeep(1, 1); n.Serves = "vis-1"; return n }(), []string{"roles", "min_people"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, fieldsOf(t, c.need.Validate(noon)))
		})
	}
}

// fieldsOf names the fields that an error finds wrong.
func fieldsOf(t *testing.T, err error) (fields []string) {
	t.Helper()
	if err == nil {
		return nil
	}
	found, ok := errors.AsType[*aid.Error](err)
	require.True(t, ok)
	require.Equal(t, aid.Invalid, found.Kind)
	for _, p := range found.Problems {
		fields = append(fields, p.Field)
	}
	return fields
}

func TestOneSeatAsksForTheCourseOfTheClass(t *testing.T) {
	t.Parallel()
	role := func(people int, courses ...aid.CourseID) aid.RequestRole {
		return aid.RequestRole{Name: "helper", Courses: courses, People: people}
	}
	for name, c := range map[string]struct {
		risk       aid.Risk
		given, got []aid.RequestRole
	}{
		"a seat of the first": {bathing, []aid.RequestRole{role(3, "basics")}, []aid.RequestRole{role(1, "basics", "protection"), role(2, "basics")}},
		"the only seat of it": {bathing, []aid.RequestRole{role(1), role(1, "care")}, []aid.RequestRole{role(1, "protection"), role(1, "care")}},
		"one asks already":    {bathing, []aid.RequestRole{role(1), role(2, "protection")}, []aid.RequestRole{role(1), role(2, "protection")}},
		"no course":           {aid.Risk{Class: "c", TwoDeep: true}, []aid.RequestRole{role(2)}, []aid.RequestRole{role(2)}},
		"no class":            {aid.Risk{}, []aid.RequestRole{role(2)}, []aid.RequestRole{role(2)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := twoDeep(2, 2)
			n.Risk, n.Roles = c.risk, c.given
			n.MinPeople = min(2, n.People())
			s := tell(t, n)
			require.Equal(t, c.got, s.r.Roles)
			require.Equal(t, n.People(), s.r.People(), "no seat more and none less")
		})
	}
}

func TestACrewStandsWithSomebodyWhoHoldsTheCourse(t *testing.T) {
	t.Parallel()
	s := tell(t, twoDeep(2, 3)) // role 0 leads
	s.r.Vetted = map[aid.VolunteerID]aid.Vetted{"lea": known("protection"), "lou": known("protection"), "ann": known(), "bob": known()}
	s.ask("lea", "ann/1", "bob/1").accepts("ann", "bob")
	s.is(aid.RequestOffered)
	require.Equal(t, aid.PairingForming, s.pairing("ann").Status, "two without the course are no crew")
	require.NotZero(t, s.r.QuorumBy())
	s.accepts("lea").is(aid.RequestPaired)
	require.Zero(t, s.r.QuorumBy())

	s.withdraws("bob").is(aid.RequestPaired)
	s.withdraws("lea").is(aid.RequestOpen)
	require.Equal(t, aid.PairingForming, s.pairing("ann").Status, "forming again until the seat is taken")
	require.Equal(t, []aid.Vacancy{{Role: 0, Seats: 1}, {Role: 1, Seats: 1}}, s.r.Vacancies(1))
	s.r.Vetted["cid"] = known()
	s.ask("cid/1").accepts("cid").is(aid.RequestOpen)
	s.refused(s.r.BeginService(s.at(100).now), aid.Conflict, aid.ReasonWrongTime)
	s.at(99).ask("lou").accepts("lou").is(aid.RequestPaired)
}

func TestACrewWithoutTheCourseIsReleasedInTime(t *testing.T) {
	t.Parallel()
	s := tell(t, twoDeep(2, 3))
	s.r.Vetted = map[aid.VolunteerID]aid.Vetted{"ann": known(), "bob": known()}
	s.ask("ann/1", "bob/1").accepts("ann", "bob")
	s.at(76).r.MissQuorum(s.now)
	s.is(aid.RequestUnfilled)
	require.Empty(t, s.r.Bound())

	s = tell(t, twoDeep(2, 3))
	s.r.Vetted = map[aid.VolunteerID]aid.Vetted{"ann": known(), "bob": known()}
	s.ask("ann/1", "bob/1").accepts("ann", "bob").r.EndSearch(aid.ReasonCounts{Course: 9}, s.now)
	s.is(aid.RequestUnfilled)
}

func TestWhoMayNotComeCannotAccept(t *testing.T) {
	t.Parallel()
	last := aid.DateOf(hours(100, 102).StartsAt)
	child := aid.Vetting{CheckedOn: aid.DateOf(noon), BirthDate: aid.Date{Year: noon.Year() - 15, Month: 1, Day: 1}, ConsentUntil: last}
	lapsed := []aid.CourseHeld{{Course: "basics", Until: aid.DateOf(hours(72, 73).StartsAt)}}
	for name, c := range map[string]struct {
		as   string
		who  aid.Vetted
		want string // a word of the message; empty when they may
	}{
		"known, with the course":      {"lea", known("protection"), ""},
		"known":                       {"lea/1", known(), ""},
		"without the course":          {"lea", known("basics"), "course"},
		"never checked":               {"lea/1", but(known(), func(v *aid.Vetted) { v.CheckedOn = aid.Date{} }), "check"},
		"a child, with consent":       {"lea/1", but(known(), func(v *aid.Vetted) { v.Vetting = child }), "of age"},
		"nobody knows how old":        {"lea/1", but(known(), func(v *aid.Vetted) { v.BirthDate = aid.Date{} }), "of age"},
		"struck off":                  {"lea/1", but(known(), func(v *aid.Vetted) { v.Active = false }), "active"},
		"without the role's skill":    {"lea/1", but(known(), func(v *aid.Vetted) { v.Skills = nil }), "skill"},
		"without the role's course":   {"lea/1", but(known(), func(v *aid.Vetted) { v.Courses = nil }), "course"},
		"the role's course is over":   {"lea/1", but(known(), func(v *aid.Vetted) { v.Courses = lapsed }), "course"},
		"nobody looked up what there": {"", aid.Vetted{}, "active"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := tell(t, twoDeep(2, 3))
			if c.as == "" {
				s.ask("lea/1").r.Vetted = nil
			} else {
				s.ask(c.as)
				s.r.Vetted = map[aid.VolunteerID]aid.Vetted{"lea": c.who}
			}
			_, err := s.accept("lea")
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			s.refused(err, aid.Conflict, aid.ReasonNotEligible)
			require.ErrorContains(t, err, c.want)
			require.Empty(t, s.r.Pairings)
		})
	}
}

// A child may come where nothing bars them, with the consent of their guardian.
func TestAChildNeedsConsentEverywhere(t *testing.T) {
	t.Parallel()
	s := tell(t, crew(1, aid.Routine, 2)).ask("kim", "ann")
	child := aid.Vetting{BirthDate: aid.Date{Year: noon.Year() - 15, Month: 1, Day: 1}}
	kim := s.r.Vetted["kim"]
	kim.Vetting = child
	s.r.Vetted["kim"] = kim
	_, err := s.accept("kim")
	s.refused(err, aid.Conflict, aid.ReasonNotEligible)
	kim.ConsentUntil = aid.DateOf(noon)
	s.r.Vetted["kim"] = kim
	s.accepts("kim", "ann")
}

func TestRiskClassesAreSound(t *testing.T) {
	t.Parallel()
	sound := aid.RiskClass{Risk: bathing, NameZh: "高", Categories: []string{"bathing", "night_watch"}}
	require.NoError(t, sound.Validate())
	for field, spoil := range map[string]func(*aid.RiskClass){
		"id":            func(k *aid.RiskClass) { k.Class = "a b" },
		"name_zh":       func(k *aid.RiskClass) { k.NameZh = "" },
		"check_months":  func(k *aid.RiskClass) { k.CheckMonths = 601 },
		"course":        func(k *aid.RiskClass) { k.TwoDeep = false },
		"categories[1]": func(k *aid.RiskClass) { k.Categories = []string{"a", "A"} },
		"categories[0]": func(k *aid.RiskClass) { k.Categories = []string{"a b"} },
	} {
		k := sound
		spoil(&k)
		require.Equal(t, []string{field}, fieldsOf(t, k.Validate()), field)
	}
	classes := []aid.RiskClass{{Risk: aid.Risk{Class: "low"}, Categories: []string{"reading"}}, sound}
	require.Equal(t, bathing, aid.RiskOf(classes, "night_watch"))
	require.Zero(t, aid.RiskOf(classes, "shopping"))
}

// However somebody spells a category, its class protects whoever is helped.
func TestACategoryHasOneSpelling(t *testing.T) {
	t.Parallel()
	classes := []aid.RiskClass{{Risk: bathing, Categories: []string{"Bathing", "night_watch"}}}
	for _, spelled := range []string{"bathing", "Bathing", "BATHING", "Night_Watch"} {
		require.Equal(t, bathing, aid.RiskOf(classes, spelled), spelled)
	}
	n := crew(1, aid.Routine, 1)
	n.Category = "Night_Watch"
	require.Equal(t, "night_watch", tell(t, n).r.Category)
}

// Whatever happens in whatever order, nobody is promised to a beneficiary alone,
// or without somebody who holds the course.
func TestNoLifeLeavesAnybodyAlone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := newLifeOf(t, func(n *aid.Need) {
			n.Risk = bathing
			n.Roles[0].People++
			n.MinPeople = rapid.IntRange(2, n.People()).Draw(t, "min of two")
		})
		l.r.Vetted = map[aid.VolunteerID]aid.Vetted{}
		for _, v := range people {
			l.r.Vetted[v] = known("protection")
		}
		l.before = clone(l.r)
		steps := l.steps()
		steps[""] = func(t *rapid.T) {
			l.verify(t)
			holding, leads := 0, 0
			for _, p := range l.r.Pairings {
				if p.Status == aid.PairingConfirmed {
					holding++
					if p.Role == 0 {
						leads++
					}
				}
			}
			if holding > 0 || l.r.Status == aid.RequestPaired || l.r.Status == aid.RequestInService {
				require.GreaterOrEqual(t, holding, 2)
				require.Positive(t, leads)
			}
		}
		t.Repeat(steps)
	})
}
