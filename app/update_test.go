package app_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/app/apptest"
)

func TestAChangeOfWhatIsNoLongerThereIsRefused(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u := w.UseCases().Volunteers
	read, err := u.Get(t.Context(), as(aid.RoleCoordinator), "v-1")
	require.NoError(t, err)
	mine, theirs := 2, "10000000077"
	changed, err := u.Update(t.Context(), as(aid.RoleCoordinator), "v-1", app.Seen{read.Version}, app.VolunteerChange{Phone: &theirs})
	require.NoError(t, err)
	require.Greater(t, changed.Version, read.Version)

	_, err = u.Update(t.Context(), as(aid.RoleVolunteer), "v-1", app.Seen{read.Version}, app.VolunteerChange{Capacity: &mine})
	require.Equal(t, aid.Conflict, aid.KindOf(err))
	require.Equal(t, aid.ReasonChangedMeanwhile, aid.ReasonOf(err))
	_, err = u.Update(t.Context(), as(aid.RoleVolunteer), "v-1", app.Seen{}, app.VolunteerChange{Capacity: &mine})
	require.Equal(t, aid.ReasonChangedMeanwhile, aid.ReasonOf(err), "what was seen is known, and it is nothing that there is")
	kept, err := w.Volunteer(t.Context(), "v-1")
	require.NoError(t, err)
	require.Equal(t, 3, kept.Capacity)
	require.Equal(t, changed.Version, kept.Version, "the card tells the version that is kept")

	_, err = u.Update(t.Context(), as(aid.RoleVolunteer), "v-1", app.Seen{read.Version, changed.Version}, app.VolunteerChange{Capacity: &mine})
	require.NoError(t, err)
}

// TestOfTwoWhoChangeAtOnceNeitherUndoesTheOther: both read the same record
// before either writes.
func TestOfTwoWhoChangeAtOnceNeitherUndoesTheOther(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u := w.UseCases().Volunteers
	var read, all sync.WaitGroup
	read.Add(2)
	var mu sync.Mutex
	first := 2
	w.Fail(func(call string) error {
		if call != "UpdateVolunteer" {
			return nil
		}
		mu.Lock()
		waits := first > 0
		first--
		mu.Unlock()
		if waits {
			read.Done()
			read.Wait()
		}
		return nil
	})
	capacity, phone := 2, "10000000077"
	for _, ch := range []app.VolunteerChange{{Capacity: &capacity}, {Phone: &phone}} {
		all.Go(func() {
			_, err := u.Update(t.Context(), as(aid.RoleCoordinator), "v-1", nil, ch)
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	kept, err := w.Volunteer(t.Context(), "v-1")
	require.NoError(t, err)
	require.Equal(t, capacity, kept.Capacity)
	require.Equal(t, phone, kept.Phone)
}

func TestARecordThatNeverRestsIsToBeTriedAgain(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u := w.UseCases().Volunteers
	tries := 0
	w.Fail(func(call string) error {
		if call != "UpdateVolunteer" {
			return nil
		}
		tries++
		return aid.Because(aid.Conflict, aid.ReasonChangedMeanwhile, "changed")
	})
	capacity := 2
	_, err := u.Update(t.Context(), as(aid.RoleCoordinator), "v-1", nil, app.VolunteerChange{Capacity: &capacity})
	require.Equal(t, aid.Unavailable, aid.KindOf(err), "nothing was done, and the caller cannot know of a conflict")
	require.Greater(t, tries, 1)
}

// TestDistancesDoNotTellWhereSomebodyLives: three exact ones from places of the
// caller's choice would.
func TestDistancesDoNotTellWhereSomebodyLives(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	w.Seed("r-1", apptest.Need(), apptest.Nangang)
	u := w.UseCases().Requests
	lists, err := u.Candidates(t.Context(), as(aid.RoleCaseworker), "r-1", 5)
	require.NoError(t, err)
	require.Equal(t, aid.Cost{Distance: 200, SpareSkills: 250}, lists[0].Candidates[0].Cost, "120 metres")
	verdicts, err := u.WhyNot(t.Context(), as(aid.RoleCaseworker), "r-1", "v-2")
	require.NoError(t, err)
	require.InDelta(t, 9900, verdicts[0].Distance, 0, "9876.4 metres")

	off := false
	_, err = w.UseCases().Volunteers.Update(t.Context(), as(aid.RoleCoordinator), "v-2", nil, app.VolunteerChange{
		Active: &off, Home: &aid.Point{Lat: 45.77, Lng: 126.64},
	})
	require.NoError(t, err)
	verdicts, err = u.WhyNot(t.Context(), as(aid.RoleCaseworker), "r-1", "v-2")
	require.NoError(t, err)
	require.Equal(t, app.FailsInactive, verdicts[0].Fails)
	require.InDelta(t, 1100, verdicts[0].Distance, 0, "1072 metres")
}

func TestAVolunteerChangesNothingBeyondTheirAvailability(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u := w.UseCases().Volunteers
	word, area, off := "x", aid.AreaID("hlj.harbin"), false
	for field, ch := range map[string]app.VolunteerChange{
		"name": {Name: &word}, "phone": {Phone: &word}, "area_id": {Area: &area}, "home": {Home: &aid.Point{Lat: 45, Lng: 126}},
		"skills": {Skills: &[]aid.Skill{}}, "courses": {Courses: &[]aid.CourseHeld{}}, "active": {Active: &off},
	} {
		_, err := u.Update(t.Context(), as(aid.RoleVolunteer), "v-1", nil, ch)
		var refused *aid.Error
		require.ErrorAs(t, err, &refused)
		require.Equal(t, aid.Forbidden, refused.Kind, field)
		require.Equal(t, []aid.Problem{{Field: field, Message: "is not yours to change"}}, refused.Problems)
		_, err = u.Update(t.Context(), as(aid.RoleCoordinator), "v-2", nil, ch)
		require.NoError(t, err, field)
	}
	kept, err := w.Volunteer(t.Context(), "v-1")
	require.NoError(t, err)
	require.EqualValues(t, 1, kept.Version, "nothing was written")
}
