package aid_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/linli/linli/aid"
)

func date(s string) aid.Date {
	d, err := aid.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func on(first, last string) aid.Days { return aid.Days{First: date(first), Last: date(last)} }

func TestEachRuleOfVetting(t *testing.T) {
	t.Parallel()
	checks := aid.Risk{Class: "c", CheckMonths: 24}
	adults := aid.Risk{Class: "m", MinorsBarred: true}
	pairs := aid.Risk{Class: "p", TwoDeep: true}
	day := on("2026-05-10", "2026-05-10")
	visits := on("2026-05-10", "2026-06-07")
	for name, c := range map[string]struct {
		who  aid.Vetting
		risk aid.Risk
		on   aid.Days
		want aid.VettingRule
	}{
		"nothing known, nothing asked":       {aid.Vetting{}, aid.Risk{}, day, ""},
		"never checked":                      {aid.Vetting{}, checks, day, aid.VettingCheck},
		"checked on the last good day":       {aid.Vetting{CheckedOn: date("2024-05-10")}, checks, day, ""},
		"checked a day before":               {aid.Vetting{CheckedOn: date("2024-05-09")}, checks, day, aid.VettingCheck},
		"it lapses before the last visit":    {aid.Vetting{CheckedOn: date("2024-05-10")}, checks, visits, aid.VettingCheck},
		"it holds to the last visit":         {aid.Vetting{CheckedOn: date("2024-06-07")}, checks, visits, ""},
		"no check is asked for":              {aid.Vetting{}, aid.Risk{Class: "free"}, day, ""},
		"age unknown where minors may come":  {aid.Vetting{}, aid.Risk{Class: "free"}, day, ""},
		"age unknown where they may not":     {aid.Vetting{ConsentUntil: date("2030-01-01")}, adults, day, aid.VettingMinor},
		"age unknown where two come":         {aid.Vetting{}, pairs, day, aid.VettingMinor},
		"of age that day":                    {aid.Vetting{BirthDate: date("2008-05-10")}, adults, day, ""},
		"of age the day after":               {aid.Vetting{BirthDate: date("2008-05-11"), ConsentUntil: date("2030-01-01")}, adults, day, aid.VettingMinor},
		"a minor does not make two":          {aid.Vetting{BirthDate: date("2008-05-11"), ConsentUntil: date("2030-01-01")}, pairs, day, aid.VettingMinor},
		"a minor without consent":            {aid.Vetting{BirthDate: date("2010-01-01")}, aid.Risk{}, day, aid.VettingMinor},
		"a minor whose consent has ended":    {aid.Vetting{BirthDate: date("2010-01-01"), ConsentUntil: date("2026-05-09")}, aid.Risk{}, day, aid.VettingMinor},
		"a minor with consent":               {aid.Vetting{BirthDate: date("2010-01-01"), ConsentUntil: date("2026-05-10")}, aid.Risk{}, day, ""},
		"consent ends before the last visit": {aid.Vetting{BirthDate: date("2010-01-01"), ConsentUntil: date("2026-06-06")}, aid.Risk{}, visits, aid.VettingMinor},
		"consent until they are of age":      {aid.Vetting{BirthDate: date("2008-05-20"), ConsentUntil: date("2026-05-19")}, aid.Risk{}, visits, ""},
		"consent to a day before that":       {aid.Vetting{BirthDate: date("2008-05-20"), ConsentUntil: date("2026-05-18")}, aid.Risk{}, visits, aid.VettingMinor},
		"the check is named before the age":  {aid.Vetting{}, aid.Risk{Class: "x", CheckMonths: 1, TwoDeep: true}, day, aid.VettingCheck},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, c.who.Fails(c.risk, c.on))
		})
	}
}

func TestMonthsAndYearsOfDifferentLength(t *testing.T) {
	t.Parallel()
	require.Equal(t, date("2026-03-01"), date("2008-02-29").OfAgeOn())
	require.Equal(t, date("2028-03-01"), date("2010-03-01").OfAgeOn())
	require.Equal(t, date("2026-02-28"), aid.EarliestCheck(date("2026-03-28"), 1))
	require.Equal(t, date("2026-03-01"), aid.EarliestCheck(date("2026-03-29"), 1), "a check of 28 February holds until 28 March")
	require.Equal(t, date("2024-02-28"), aid.EarliestCheck(date("2026-02-28"), 24))
	require.Equal(t, date("2024-03-01"), aid.EarliestCheck(date("2026-03-01"), 24), "one of 29 February held until the day before")
}

func TestACheckHoldsAsLongAsItsMonths(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		day := aid.DateOf(time.Date(2026, 1, rapid.IntRange(1, 2000).Draw(t, "day"), 0, 0, 0, 0, time.UTC))
		months := rapid.IntRange(1, aid.MaxCheckMonths).Draw(t, "months")
		earliest := aid.EarliestCheck(day, months)
		risk := aid.Risk{CheckMonths: months}
		holds := func(d aid.Date) bool {
			return aid.Vetting{CheckedOn: d}.Fails(risk, aid.Days{First: day, Last: day}) == ""
		}
		before := aid.DateOf(time.Date(earliest.Year, earliest.Month, earliest.Day-1, 0, 0, 0, 0, time.UTC))
		require.True(t, holds(earliest))
		require.True(t, holds(day))
		require.False(t, holds(before))
		// Until the same day of the month, some months later, and never a month more.
		at := func(d aid.Date) time.Time {
			return time.Date(d.Year, d.Month+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
		}
		month := time.Date(day.Year, day.Month, 1, 0, 0, 0, 0, time.UTC)
		require.False(t, at(earliest).Before(month))
		require.False(t, at(before).After(month))
	})
}

func TestDaysThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	require.NoError(t, aid.Vetting{}.Validate(noon))
	tomorrow := aid.DateOf(noon.AddDate(0, 0, 1))
	require.NoError(t, aid.Vetting{CheckedOn: tomorrow}.Validate(noon), "somewhere it is that day already")
	for field, v := range map[string]aid.Vetting{
		"checked_on":             {CheckedOn: aid.DateOf(noon.AddDate(0, 0, 2))},
		"birth_date":             {BirthDate: aid.Date{Year: 1899, Month: 12, Day: 31}},
		"guardian_consent_until": {ConsentUntil: aid.Date{Year: 3000, Month: 1, Day: 1}},
	} {
		require.Equal(t, []string{field}, fieldsOf(t, v.Validate(noon)))
	}
	require.Equal(t, []string{"birth_date"}, fieldsOf(t, aid.Vetting{BirthDate: aid.DateOf(noon.AddDate(0, 0, 2))}.Validate(noon)))
	require.Equal(t, []string{"checked_on"}, fieldsOf(t, aid.Vetting{CheckedOn: aid.Date{Year: 1, Month: 1, Day: 1}}.Validate(noon)))
}

func TestTheDaysOfWindows(t *testing.T) {
	t.Parallel()
	require.Equal(t, aid.Days{First: aid.DateOf(noon), Last: aid.DateOf(noon.AddDate(0, 0, 2))},
		aid.DaysOf([]aid.Window{hours(30, 31), hours(1, 2), hours(48, 49)}, "UTC"))
	west := time.FixedZone("west", -11*3600)
	evening := []aid.Window{{StartsAt: hours(5, 6).StartsAt.In(west), EndsAt: hours(5, 6).EndsAt}} // 17:00 in UTC
	require.Equal(t, aid.DateOf(noon), aid.DaysOf(evening, "UTC").First, "the day is that of the zone, however the instant is written")
	require.Equal(t, aid.DateOf(noon.AddDate(0, 0, 1)), aid.DaysOf(evening, aid.DefaultZone).First)
}

// The day is that of the place: in the morning it is yesterday still in UTC.
func TestTheDayOfHelpIsThatOfThePlace(t *testing.T) {
	t.Parallel()
	morning := aid.Window{StartsAt: time.Date(2026, 6, 1, 23, 0, 0, 0, time.UTC), EndsAt: time.Date(2026, 6, 2, 1, 0, 0, 0, time.UTC)}
	for zone, last := range map[string]aid.Date{ // the day on which consent, check and course must hold
		"":                  date("2026-06-02"), // one window: 07:00 in Harbin
		"Asia/Shanghai":     date("2026-06-02"),
		"America/Anchorage": date("2026-06-01"),
	} {
		n := crew(1, aid.Routine, 1)
		n.Window, n.Risk = morning, aid.Risk{Class: "c", CheckMonths: 12}
		if zone != "" {
			n.Cadence = &aid.Cadence{Rule: "FREQ=DAILY", First: morning.StartsAt, Minutes: 120, Zone: zone}
		}
		r := tell(t, n).r
		who := suitable(n.Roles[0])
		who.CheckedOn = aid.Date{Year: 2025, Month: last.Month, Day: last.Day}
		who.BirthDate, who.ConsentUntil = aid.Date{Year: 2012, Month: 1, Day: 1}, last
		who.Courses[0].Until = last
		require.Empty(t, r.Bars(who, 0), zone)
		before := aid.DateOf(time.Date(last.Year, last.Month, last.Day-1, 0, 0, 0, 0, time.UTC))
		for rule, spoilt := range map[aid.VettingRule]aid.Vetted{
			aid.VettingMinor:  but(who, func(v *aid.Vetted) { v.ConsentUntil = before }),
			aid.VettingCheck:  but(who, func(v *aid.Vetted) { v.CheckedOn.Day-- }),
			aid.VettingCourse: but(who, func(v *aid.Vetted) { v.Courses = []aid.CourseHeld{{Course: v.Courses[0].Course, Until: before}} }),
		} {
			require.Equal(t, rule, r.Bars(spoilt, 0), zone)
		}
	}
}

// steady is a standing pairing with mei on each of the coming days in a class that
// asks for checks of the last two months.
func steady(t *testing.T) *story {
	t.Helper()
	s := lasting(t)
	s.r.Risk = aid.Risk{Class: "c", CheckMonths: 2}
	return s
}

// advancesWith lets the pairing advance with what is known of mei.
func (s *story) advancesWith(known aid.Vetting) []aid.EventKind {
	s.Helper()
	mei := aid.Volunteer{ID: "mei", Active: true, Vetting: known, Courses: []aid.CourseHeld{{Course: "basics"}}}
	s.r.AdvanceStanding(aid.StandingFacts{
		Ahead: s.days(12), Busy: func(aid.VolunteerID, aid.Window) bool { return false },
		Volunteers: map[aid.VolunteerID]aid.Volunteer{"mei": mei},
	}, aid.DefaultStandingPolicy(), s.now)
	s.sound()
	return s.events()
}

func TestACheckThatLapsesAheadIsSaidAndStoodInFor(t *testing.T) {
	t.Parallel()
	s := steady(t)
	lapses := aid.DateOf(noon.AddDate(0, 0, 8))
	known := aid.Vetting{CheckedOn: aid.Date{Year: lapses.Year, Month: lapses.Month - 2, Day: lapses.Day}}
	count := func(kinds []aid.EventKind, kind aid.EventKind) (n int) {
		for _, k := range kinds {
			if k == kind {
				n++
			}
		}
		return n
	}
	first := s.advancesWith(known)
	require.Equal(t, 1, count(first, aid.EventCheckLapsing), "once for all visits to come: %v", first)
	require.Zero(t, count(first, aid.EventVisitHandedOver), "there is time to renew it")
	require.Zero(t, count(s.advancesWith(known), aid.EventCheckLapsing), "and once in all")
	for _, v := range s.r.Visits {
		require.Equal(t, aid.DateOf(v.Window.StartsAt).Compare(lapses) > 0, v.Reason == aid.HandedOverCheck)
	}

	s.at(24 * 2.5)
	require.Equal(t, 1, count(s.advancesWith(known), aid.EventVisitHandedOver), "a week before the visit")
	sought := s.r.Unsought(s.now)
	require.Len(t, sought, 1)
	require.Equal(t, aid.HandedOverCheck, sought[0].Reason)
	substitute := s.r.SubstituteNeed(sought[0], s.now)
	require.Equal(t, s.r.Risk, substitute.Risk, "the substitute is held to the same class")
	require.NoError(t, substitute.Validate(s.now))

	known.CheckedOn = aid.DateOf(s.now)
	require.Zero(t, count(s.advancesWith(known), aid.EventCheckLapsing))
	for _, v := range s.r.Visits {
		require.Equal(t, v.ID == sought[0].ID, v.Reason != "", "what was renewed lapses no more")
	}
}

func TestConsentThatLapsesAheadIsSaidAndStoodInFor(t *testing.T) {
	t.Parallel()
	s := lasting(t)
	known := aid.Vetting{BirthDate: aid.Date{Year: noon.Year() - 16, Month: 1, Day: 1}, ConsentUntil: aid.DateOf(noon.AddDate(0, 0, 2))}
	kinds := s.advancesWith(known)
	require.Contains(t, kinds, aid.EventConsentLapsing)
	require.Contains(t, kinds, aid.EventVisitHandedOver)
	for _, v := range s.r.Visits {
		if aid.DateOf(v.Window.StartsAt).Compare(known.ConsentUntil) > 0 {
			require.Equal(t, aid.HandedOverMinor, v.Reason)
		}
	}
}

func TestCoordinatorsHearOfALapse(t *testing.T) {
	t.Parallel()
	s := steady(t)
	s.r.AdvanceStanding(aid.StandingFacts{
		Ahead: s.days(12), Busy: func(aid.VolunteerID, aid.Window) bool { return false },
		Volunteers: map[aid.VolunteerID]aid.Volunteer{"mei": {ID: "mei", Active: true, Courses: []aid.CourseHeld{{Course: "basics"}}}},
	}, aid.DefaultStandingPolicy(), s.now)
	events := s.r.TakeEvents()
	told := s.r.Tellings(events)
	for i, e := range events {
		if e.Kind == aid.EventCheckLapsing {
			require.Len(t, told[i], 1)
			require.Equal(t, aid.NoticeCheckLapsing, told[i][0].Kind)
			require.Equal(t, []aid.VolunteerID{"mei"}, told[i][0].Volunteers)
			require.True(t, told[i][0].Coordinators)
			return
		}
	}
	require.Fail(t, "nobody was told")
}

// What an offer for a standing pairing asked for decides when it is accepted, not
// the visits that have come into the horizon since.
func TestAnAnswerIsJudgedByTheVisitsThatWereAskedFor(t *testing.T) {
	t.Parallel()
	n := crew(1, aid.Routine, 1)
	n.Window, n.Risk = hours(1, 2), aid.Risk{Class: "c", CheckMonths: 2}
	n.Cadence = &aid.Cadence{Rule: "FREQ=DAILY", First: n.Window.StartsAt, Minutes: 60, Zone: "UTC"}
	s := tell(t, n)
	s.r.Ahead = s.days(6)
	s.ask("mei")
	lapses := aid.DateOf(s.r.Ahead[5].StartsAt)
	who := suitable(n.Roles[0])
	who.Vetting = aid.Vetting{CheckedOn: aid.Date{Year: lapses.Year, Month: lapses.Month - 2, Day: lapses.Day}}
	require.Empty(t, s.r.Bars(who, 0))
	s.r.Ahead = s.days(7)
	require.Equal(t, aid.VettingCheck, s.r.Bars(who, 0), "nobody would be asked now")
	s.r.Vetted = map[aid.VolunteerID]aid.Vetted{"mei": who}
	s.accepts("mei").is(aid.RequestPaired)
}
