package demo

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// record keeps what was seeded, holding references to the order they come in.
type record struct {
	Skills, Courses []aid.Named
	Areas           map[aid.AreaID]aid.Area
	Organisations   map[aid.OrganisationID]aid.Organisation
	Volunteers      map[aid.VolunteerID]aid.Volunteer
	Beneficiaries   map[aid.BeneficiaryID]aid.Beneficiary
	Accounts        map[aid.AccountID]aid.Account
	AccountAreas    map[aid.AccountID][]aid.AreaID
}

var errDangling = errors.New("refers to what is not there")

func newRecord() *record {
	return &record{
		Areas: map[aid.AreaID]aid.Area{}, Organisations: map[aid.OrganisationID]aid.Organisation{},
		Volunteers: map[aid.VolunteerID]aid.Volunteer{}, Beneficiaries: map[aid.BeneficiaryID]aid.Beneficiary{},
		Accounts: map[aid.AccountID]aid.Account{}, AccountAreas: map[aid.AccountID][]aid.AreaID{},
	}
}

func (r *record) AddSkills(_ context.Context, s []aid.Named) error  { r.Skills = s; return nil }
func (r *record) AddCourses(_ context.Context, c []aid.Named) error { r.Courses = c; return nil }

func (r *record) AddArea(_ context.Context, a aid.Area) error {
	if _, ok := r.Areas[a.Parent]; a.Parent != "" && !ok {
		return errDangling
	}
	r.Areas[a.ID] = a
	return nil
}

func (r *record) AddOrganisation(_ context.Context, o aid.Organisation) error {
	if _, ok := r.Areas[o.Area]; !ok {
		return errDangling
	}
	if _, ok := r.Organisations[o.Parent]; o.Parent != "" && !ok {
		return errDangling
	}
	r.Organisations[o.ID] = o
	return nil
}

func (r *record) AddVolunteer(_ context.Context, v aid.Volunteer) error {
	if _, ok := r.Areas[v.Area]; !ok {
		return errDangling
	}
	if _, there := r.Volunteers[v.ID]; there {
		return aid.Because(aid.Conflict, aid.ReasonAlreadyExists, "there is a volunteer %s", v.ID)
	}
	r.Volunteers[v.ID] = v
	return v.Validate()
}

func (r *record) AddBeneficiary(_ context.Context, b aid.Beneficiary) error {
	if _, ok := r.Areas[b.Area]; !ok {
		return errDangling
	}
	r.Beneficiaries[b.ID] = b
	return b.Validate()
}

func (r *record) AddAccount(_ context.Context, a aid.Account, areas []aid.AreaID) error {
	if _, ok := r.Volunteers[a.Volunteer]; a.Volunteer != "" && !ok {
		return errDangling
	}
	r.Accounts[a.ID], r.AccountAreas[a.ID] = a, areas
	return nil
}

func seed(t *testing.T) *record {
	t.Helper()
	r := newRecord()
	seedInto(t, r)
	return r
}

func seedInto(t *testing.T, r *record) {
	t.Helper()
	catalogue := Catalogue{Courses: []aid.Named{{ID: "basics", NameZh: "基础", NameEn: "Basics"}}}
	for _, id := range []string{"visit", "meals", "escort", "tutoring", "repair", "snow", "law"} {
		catalogue.Skills = append(catalogue.Skills, aid.Named{ID: id, NameZh: id, NameEn: id})
	}
	cell := func(p aid.Point) (aid.Cell, error) { return 1, p.Validate() }
	require.NoError(t, Seed(t.Context(), r, r, catalogue, cell))
}

func TestSeedGoesOnWhereItWasCutOff(t *testing.T) {
	t.Parallel()
	r := seed(t)
	changed := r.Volunteers[Volunteer]
	changed.Capacity = 9
	r.Volunteers[Volunteer] = changed
	delete(r.Volunteers, "v-0007")
	seedInto(t, r)
	require.Len(t, r.Volunteers, volunteerCount)
	require.Equal(t, 9, r.Volunteers[Volunteer].Capacity, "what is there stays as it is")
}

func TestSeedGivesTheSamePeopleEveryTime(t *testing.T) {
	t.Parallel()
	require.Empty(t, cmp.Diff(seed(t), seed(t)))
}

func TestSeedMakesWhatAFirstSessionNeeds(t *testing.T) {
	t.Parallel()
	r := seed(t)
	require.Len(t, r.Volunteers, volunteerCount)
	require.Len(t, r.Beneficiaries, beneficiaryCount)

	v, b := r.Volunteers[Volunteer], r.Beneficiaries[Beneficiary]
	require.Zero(t, v.Home.Distance(b.Home), "the demo volunteer is the nearest there can be")
	for id, other := range r.Volunteers {
		require.True(t, other.Active)
		require.True(t, strings.HasPrefix(other.Phone, "100"), "%s has a number that could be somebody's", id)
	}
	for _, role := range aid.Roles {
		a := r.Accounts[Account(role)]
		require.Equal(t, role, a.Role)
		require.Equal(t, role == aid.RoleVolunteer, a.Volunteer == Volunteer)
		require.Equal(t, role == aid.RoleVolunteer, len(r.AccountAreas[a.ID]) == 0)
	}
	held := r.Areas[r.AccountAreas[Account(aid.RoleCaseworker)][0]].Path
	require.True(t, held.Holds(r.Areas[b.Area].Path), "the caseworker may open requests for the demo beneficiary")
}

// away is a record that takes no more of something.
type away struct {
	*record
	what string
}

var errAway = aid.Errorf(aid.Unavailable, "the database is away")

func (a away) fails(what string) error {
	if a.what == what {
		return errAway
	}
	return nil
}

func (a away) AddSkills(ctx context.Context, s []aid.Named) error {
	return errors.Join(a.fails("skills"), a.record.AddSkills(ctx, s))
}

func (a away) AddVolunteer(ctx context.Context, v aid.Volunteer) error {
	return errors.Join(a.fails("volunteer "+string(v.ID)), a.record.AddVolunteer(ctx, v))
}

func (a away) AddArea(ctx context.Context, area aid.Area) error {
	return errors.Join(a.fails("area "+string(area.ID)), a.record.AddArea(ctx, area))
}

func (a away) AddAccount(ctx context.Context, account aid.Account, areas []aid.AreaID) error {
	return errors.Join(a.fails("account "+string(account.ID)), a.record.AddAccount(ctx, account, areas))
}

func TestSeedEndsWhereTheStoreFails(t *testing.T) {
	t.Parallel()
	cell := func(aid.Point) (aid.Cell, error) { return 1, nil }
	catalogue := Catalogue{Skills: []aid.Named{{ID: "visit"}}}
	for _, what := range []string{"skills", "area hlj", "volunteer v-demo", "account demo-trainer"} {
		a := away{newRecord(), what}
		err := Seed(t.Context(), a, a, catalogue, cell)
		require.ErrorIs(t, err, errAway, what)
		require.ErrorContains(t, err, what)
	}
}

func TestSeedSaysWhichPartFailed(t *testing.T) {
	t.Parallel()
	r := newRecord()
	cell := func(aid.Point) (aid.Cell, error) { return 0, errDangling }
	require.ErrorIs(t, Seed(t.Context(), r, r, Catalogue{}, cell), errDangling)
	require.Empty(t, r.Volunteers)
}
