package matching

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/index"
)

// A round asks for a request of a risk class only whom the class lets come, and
// says why the others cannot.
func TestARoundAsksOnlyWhomTheRiskClassLetsCome(t *testing.T) {
	t.Parallel()
	x := index.New()
	adult := aid.Date{Year: 1980, Month: 1, Day: 1}
	for i, v := range []index.Volunteer{
		{ID: "unchecked", Vetting: aid.Vetting{BirthDate: adult}},
		{ID: "young", Vetting: aid.Vetting{CheckedOn: aid.DateOf(morning), BirthDate: aid.Date{Year: morning.Year() - 10, Month: 1, Day: 1}, ConsentUntil: aid.Date{Year: 2100, Month: 1, Day: 1}}},
		{ID: "plain", Vetting: aid.Vetting{CheckedOn: aid.DateOf(morning), BirthDate: adult}},
		{ID: "lead", Vetting: aid.Vetting{CheckedOn: aid.DateOf(morning), BirthDate: adult}, Courses: []aid.CourseHeld{{Course: "protection"}}},
	} {
		v.Home, v.Capacity, v.MaxDistance = aid.Point{Lat: here.Lat + float64(i)*0.0009, Lng: here.Lng}, 2, 10_000
		require.NoError(t, x.Upsert(v))
	}
	r, err := aid.OpenRequest("r", aid.Need{
		Beneficiary: "b", Location: here, Category: "bathing", MinPeople: 2, Urgency: aid.Routine, Roles: []aid.RequestRole{role("helper", 3)},
		Risk:   aid.Risk{Class: "high", CheckMonths: 12, TwoDeep: true, Course: "protection"},
		Window: aid.Window{StartsAt: morning, EndsAt: morning.Add(time.Hour)},
	}, "worker", aid.Area{}, 0, morning.AddDate(0, 0, -2))
	require.NoError(t, err)
	plan := round(t, x, r)
	picks := map[int][]aid.VolunteerID{}
	for _, k := range plan.ByRequest()["r"] {
		picks[k.Role] = append(picks[k.Role], k.Volunteer)
	}
	require.Equal(t, map[int][]aid.VolunteerID{0: {"lead"}, 1: {"plain"}}, picks, fmt.Sprint(plan))
	require.Len(t, plan.Open, 1)
	require.Equal(t, aid.ReasonCounts{Check: 1, Minor: 1, Capacity: 0}, plan.Open[0].Reasons)
}
