package app_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/app/apptest"
)

func volunteer() aid.Volunteer {
	return aid.Volunteer{
		ID: "v-new", Name: "赵敏", Phone: "10000000002", Area: "hlj.harbin.nangang", Home: apptest.Home,
		Skills: []aid.Skill{"visit", "first_aid"}, Courses: []aid.CourseHeld{{Course: "basics"}}, Capacity: 1, MaxDistance: 4000, Active: true,
	}
}

func TestWhatIsShownOfAVolunteer(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u := w.UseCases().Volunteers
	for role, want := range map[aid.Role]struct {
		name        string
		phone, home bool
	}{
		aid.RoleCaseworker:  {"林**", false, false},
		aid.RoleTrainer:     {"林晓明", false, false},
		aid.RoleVolunteer:   {"林晓明", true, true},
		aid.RoleCoordinator: {"林晓明", true, true},
	} {
		card, err := u.Get(t.Context(), as(role), "v-1")
		require.NoError(t, err, role)
		require.Equal(t, want.name, card.Name, role)
		require.Equal(t, want.phone, card.Phone != "", role)
		require.Equal(t, want.home, card.Home != nil, role)
		require.Equal(t, want.home, card.Availability != nil, role)
		_, far := u.Get(t.Context(), as(role), "v-far")
		_, none := u.Get(t.Context(), as(role), "v-none")
		require.Equal(t, aid.NotFound, aid.KindOf(far), role)
		require.Equal(t, none, far, role)
	}
	_, err := u.Get(t.Context(), as(aid.RoleVolunteer), "v-2")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
}

func TestACaseworkerLearnsTheTelephoneOfWhoComes(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	w.Seed("r-1", apptest.Need(), apptest.Nangang)
	w.Offer("o-far", "r-1", "v-far") // from over the border
	u := w.UseCases()
	_, err := u.Volunteers.Get(t.Context(), as(aid.RoleCaseworker), "v-far")
	require.Equal(t, aid.NotFound, aid.KindOf(err), "an offer is no pairing")
	_, err = u.Offers.Accept(t.Context(), as(aid.RoleCoordinator), "o-far")
	require.NoError(t, err)
	card, err := u.Volunteers.Get(t.Context(), as(aid.RoleCaseworker), "v-far")
	require.NoError(t, err)
	require.Equal(t, "10000000001", card.Phone)
	require.Equal(t, "林晓明", card.Name)
	require.Nil(t, card.Home)

	elsewhere := as(aid.RoleCaseworker)
	elsewhere.Areas = []aid.AreaPath{apptest.Daqing}
	card, err = u.Volunteers.Get(t.Context(), elsewhere, "v-far")
	require.NoError(t, err)
	require.Empty(t, card.Phone, "the request is not theirs")
}

func TestListsOfVolunteersShowNoTelephoneToCaseworkers(t *testing.T) {
	t.Parallel()
	page, err := apptest.New().UseCases().Volunteers.List(t.Context(), as(aid.RoleCaseworker), aid.Page{Limit: 9})
	require.NoError(t, err)
	require.Len(t, page.Items, 2)
	for _, card := range page.Items {
		require.Equal(t, "林**", card.Name)
		require.Empty(t, card.Phone)
	}
}

func TestAddingAVolunteer(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u, by := w.UseCases().Volunteers, as(aid.RoleCoordinator)
	_, err := u.Add(t.Context(), by, volunteer())
	require.NoError(t, err)
	kept, err := w.Volunteer(t.Context(), "v-new")
	require.NoError(t, err)
	require.Equal(t, apptest.Nangang, kept.AreaPath)
	require.Equal(t, []aid.Skill{"first_aid", "visit"}, kept.Skills)
	require.NotZero(t, kept.Cell)

	_, err = u.Add(t.Context(), by, volunteer())
	require.Equal(t, aid.ReasonAlreadyExists, aid.ReasonOf(err))
	_, err = u.Add(t.Context(), withKey(by, "k"), volunteer())
	require.NoError(t, err, "the same again under a key is a repeat")
	other := volunteer()
	other.Phone = "10000000003"
	_, err = u.Add(t.Context(), withKey(by, "k"), other)
	require.Equal(t, aid.ReasonAlreadyExists, aid.ReasonOf(err))

	for name, test := range map[string]struct {
		change func(*aid.Volunteer)
		field  string
	}{
		"unknown area":   {func(v *aid.Volunteer) { v.Area = "atlantis" }, "area_id"},
		"malformed area": {func(v *aid.Volunteer) { v.Area = "" }, "area_id"},
		"unknown skill":  {func(v *aid.Volunteer) { v.Skills = []aid.Skill{"flying"} }, "skills[0]"},
		"unknown course": {func(v *aid.Volunteer) { v.Courses[0].Course = "wizardry" }, "courses[0].course"},
		"no capacity":    {func(v *aid.Volunteer) { v.Capacity = 0 }, "capacity"},
		"no zone":        {func(v *aid.Volunteer) { v.Availability.Zone = "Mars/Base" }, "availability.zone"},
		"swapped":        {func(v *aid.Volunteer) { v.Home.Lat, v.Home.Lng = v.Home.Lng, v.Home.Lat }, "home.lat"},
	} {
		v := volunteer()
		v.ID = ""
		test.change(&v)
		_, err := u.Add(t.Context(), by, v)
		require.Contains(t, fields(t, err), test.field, name)
	}
	far := volunteer()
	far.Area = "hlj.daqing"
	_, err = u.Add(t.Context(), by, far)
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
}

func TestChangingAVolunteer(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u := w.UseCases().Volunteers
	capacity, distance, phone, area, none := 2, 9000, "10000000009", aid.AreaID("hlj.daqing"), 0
	card, err := u.Update(t.Context(), as(aid.RoleVolunteer), "v-1", nil, app.VolunteerChange{
		Capacity: &capacity, MaxDistance: &distance, Availability: &aid.Availability{Zone: "Asia/Shanghai"},
	})
	require.NoError(t, err)
	require.Equal(t, 2, card.Capacity)
	require.Equal(t, 9000, card.MaxDistance)
	require.Equal(t, "Asia/Shanghai", card.Availability.Zone)

	_, err = u.Update(t.Context(), as(aid.RoleVolunteer), "v-1", nil, app.VolunteerChange{Capacity: &capacity, Phone: &phone})
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
	_, err = u.Update(t.Context(), as(aid.RoleVolunteer), "v-2", nil, app.VolunteerChange{Capacity: &capacity})
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	_, err = u.Update(t.Context(), as(aid.RoleCaseworker), "v-1", nil, app.VolunteerChange{Capacity: &capacity})
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
	_, err = u.Update(t.Context(), as(aid.RoleVolunteer), "v-1", nil, app.VolunteerChange{Capacity: &none})
	require.Equal(t, []string{"capacity"}, fields(t, err))

	off := false
	card, err = u.Update(t.Context(), as(aid.RoleCoordinator), "v-1", nil, app.VolunteerChange{Phone: &phone, Active: &off})
	require.NoError(t, err)
	require.Equal(t, phone, card.Phone)
	require.False(t, card.Active)
	require.Equal(t, 2, card.Capacity, "what is left out stays")
	_, err = u.Update(t.Context(), as(aid.RoleCoordinator), "v-1", nil, app.VolunteerChange{Area: &area})
	require.Equal(t, aid.Forbidden, aid.KindOf(err), "nobody is moved out of sight")
}

func TestBeneficiaries(t *testing.T) {
	t.Parallel()
	w := apptest.New()
	u, by := w.UseCases().Beneficiaries, as(aid.RoleCaseworker)
	b := aid.Beneficiary{Name: "李秀英", Area: "hlj.harbin.nangang", Home: apptest.Home}
	kept, err := u.Add(t.Context(), by, b)
	require.NoError(t, err)
	require.NotEmpty(t, kept.ID)
	require.NotZero(t, kept.Since)

	first, err := u.Add(t.Context(), withKey(by, "k"), b)
	require.NoError(t, err)
	again, err := u.Add(t.Context(), withKey(by, "k"), b)
	require.NoError(t, err)
	require.Equal(t, first, again)
	b.ID = "b-1"
	_, err = u.Add(t.Context(), withKey(by, "k"), b)
	require.Equal(t, aid.ReasonAlreadyExists, aid.ReasonOf(err), "another has this id")

	b.ID, b.Area = "", "hlj.daqing"
	_, err = u.Add(t.Context(), by, b)
	require.Equal(t, aid.Forbidden, aid.KindOf(err))
	b.Area, b.Name, b.Home.Lat = "atlantis", "", 95
	_, err = u.Add(t.Context(), by, b)
	require.ElementsMatch(t, []string{"area_id", "name", "home.lat"}, fields(t, err))

	page, err := u.List(t.Context(), by, aid.Page{Limit: 9})
	require.NoError(t, err)
	require.Len(t, page.Items, 3)
	_, far := u.Get(t.Context(), by, "b-far")
	_, none := u.Get(t.Context(), by, "b-none")
	require.Equal(t, aid.NotFound, aid.KindOf(far))
	require.Equal(t, none, far)
	for _, role := range []aid.Role{aid.RoleVolunteer, aid.RoleTrainer} {
		_, err := u.Get(t.Context(), as(role), "b-1")
		require.Equal(t, aid.Forbidden, aid.KindOf(err))
	}
}
