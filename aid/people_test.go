package aid_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

func volunteer(change func(*aid.Volunteer)) aid.Volunteer {
	v := aid.Volunteer{
		ID: "v-1", Name: "林晓明", Phone: "10000000001", Area: "hlj.harbin", Home: aid.Point{Lat: 45.8, Lng: 126.5},
		Skills: []aid.Skill{"cooking", "first_aid"}, Courses: []aid.CourseHeld{{Course: "basics"}},
		Capacity: 2, MaxDistance: 5000, Active: true,
	}
	change(&v)
	return v
}

func TestVolunteerValidate(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*aid.Volunteer)
		want   []string
	}{
		"sound":             {func(*aid.Volunteer) {}, nil},
		"least":             {func(v *aid.Volunteer) { v.Capacity, v.MaxDistance, v.Skills, v.Phone = 1, 1, nil, "" }, nil},
		"most":              {func(v *aid.Volunteer) { v.Capacity, v.MaxDistance = aid.MaxCapacity, aid.MaxTravel }, nil},
		"no id":             {func(v *aid.Volunteer) { v.ID = "" }, []string{"id"}},
		"no name":           {func(v *aid.Volunteer) { v.Name = "" }, []string{"name"}},
		"long name":         {func(v *aid.Volunteer) { v.Name = strings.Repeat("林", 67) }, []string{"name"}},
		"name in GBK":       {func(v *aid.Volunteer) { v.Name = "\xc1\xd6" }, []string{"name"}},
		"name with NUL":     {func(v *aid.Volunteer) { v.Name = "a\x00b" }, []string{"name"}},
		"long phone":        {func(v *aid.Volunteer) { v.Phone = strings.Repeat("1", 41) }, []string{"phone"}},
		"off the Earth":     {func(v *aid.Volunteer) { v.Home.Lat = 91 }, []string{"home.lat"}},
		"never available":   {func(v *aid.Volunteer) { v.Availability.Zone = "Mars/Olympus" }, []string{"availability.zone"}},
		"no capacity":       {func(v *aid.Volunteer) { v.Capacity = 0 }, []string{"capacity"}},
		"too much capacity": {func(v *aid.Volunteer) { v.Capacity = aid.MaxCapacity + 1 }, []string{"capacity"}},
		"goes nowhere":      {func(v *aid.Volunteer) { v.MaxDistance = 0 }, []string{"max_km"}},
		"goes too far":      {func(v *aid.Volunteer) { v.MaxDistance = aid.MaxTravel + 1 }, []string{"max_km"}},
		"malformed skill":   {func(v *aid.Volunteer) { v.Skills[1] = "first aid" }, []string{"skills[1]"}},
		"skill twice":       {func(v *aid.Volunteer) { v.Skills[1] = "cooking" }, []string{"skills[1]"}},
		"malformed course":  {func(v *aid.Volunteer) { v.Courses[0].Course = "" }, []string{"courses[0]"}},
		"course twice": {func(v *aid.Volunteer) {
			v.Courses = append(v.Courses, aid.CourseHeld{Course: "basics", Until: aid.DateOf(noon)})
		}, []string{"courses[1]"}},
		"everything wrong": {func(v *aid.Volunteer) { *v = aid.Volunteer{} }, []string{"id", "name", "capacity", "max_km"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, fields(t, volunteer(test.change).Validate()))
		})
	}
}

func TestVolunteerMayHaveManySkillsButNotMore(t *testing.T) {
	t.Parallel()
	v := volunteer(func(v *aid.Volunteer) {
		v.Skills = nil
		for i := range aid.MaxSkills {
			v.Skills = append(v.Skills, aid.Skill(strings.Repeat("s", 1+i%60)+string(rune('a'+i/60))))
		}
	})
	require.NoError(t, v.Validate())
	v.Skills = append(v.Skills, "one_more")
	require.Equal(t, []string{"skills"}, fields(t, v.Validate()))
}

func TestHasSkills(t *testing.T) {
	t.Parallel()
	v := volunteer(func(*aid.Volunteer) {})
	require.True(t, v.HasSkills(nil))
	require.True(t, v.HasSkills([]aid.Skill{"first_aid", "cooking"}))
	require.False(t, v.HasSkills([]aid.Skill{"first_aid", "driving"}))
}

func TestCoursesCountToTheirLastDay(t *testing.T) {
	t.Parallel()
	last := aid.Date{Year: 2026, Month: time.May, Day: 31}
	v := volunteer(func(v *aid.Volunteer) {
		v.Courses = []aid.CourseHeld{{Course: "basics"}, {Course: "first_aid", Until: last}}
	})
	for name, test := range map[string]struct {
		want []aid.CourseID
		day  aid.Date
		held bool
	}{
		"none asked":          {nil, last, true},
		"never lapses":        {[]aid.CourseID{"basics"}, aid.Date{Year: 2090, Month: 1, Day: 1}, true},
		"the day before":      {[]aid.CourseID{"first_aid"}, aid.Date{Year: 2026, Month: time.May, Day: 30}, true},
		"the last day":        {[]aid.CourseID{"first_aid", "basics"}, last, true},
		"the day after":       {[]aid.CourseID{"first_aid"}, aid.Date{Year: 2026, Month: time.June, Day: 1}, false},
		"one of two is valid": {[]aid.CourseID{"basics", "first_aid"}, aid.Date{Year: 2026, Month: time.June, Day: 1}, false},
		"never taken":         {[]aid.CourseID{"driving"}, last, false},
	} {
		require.Equal(t, test.held, v.HoldsCourses(test.want, test.day), name)
	}
}

func TestBeneficiaryValidate(t *testing.T) {
	t.Parallel()
	sound := aid.Beneficiary{
		ID: "b-1", Name: "周桂兰", Phone: "10000000900", Address: "果戈里大街 1 号", Area: "hlj.harbin",
		Home: aid.Point{Lat: 45.8, Lng: 126.5},
	}
	for name, test := range map[string]struct {
		change func(*aid.Beneficiary)
		want   []string
	}{
		"sound":            {func(*aid.Beneficiary) {}, nil},
		"no id":            {func(b *aid.Beneficiary) { b.ID = "b 1" }, []string{"id"}},
		"no name":          {func(b *aid.Beneficiary) { b.Name = "" }, []string{"name"}},
		"name with NUL":    {func(b *aid.Beneficiary) { b.Name = "\x00" }, []string{"name"}},
		"long phone":       {func(b *aid.Beneficiary) { b.Phone = strings.Repeat("1", 41) }, []string{"phone"}},
		"long address":     {func(b *aid.Beneficiary) { b.Address = strings.Repeat("a", 501) }, []string{"address"}},
		"address in GBK":   {func(b *aid.Beneficiary) { b.Address = "\xb9\xfb" }, []string{"address"}},
		"no area":          {func(b *aid.Beneficiary) { b.Area = "" }, []string{"area_id"}},
		"swapped home":     {func(b *aid.Beneficiary) { b.Home = aid.Point{Lat: 126.5, Lng: 45.8} }, []string{"home.lat"}},
		"everything wrong": {func(b *aid.Beneficiary) { *b = aid.Beneficiary{} }, []string{"id", "name", "area_id"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := sound
			test.change(&b)
			require.Equal(t, test.want, fields(t, b.Validate()))
		})
	}
}
