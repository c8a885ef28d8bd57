// Package demo fills an empty system with a small, believable town, so that a
// newcomer can open a help request a minute after the first start: the areas of
// a province, a catalogue, some hundred volunteers around its capital, a few
// beneficiaries, and one account for each role.
//
// Everything is made from a fixed seed: each start of an empty system gives the
// same people. The people do not exist; phone numbers come from a range that is
// not assigned.
package demo

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/linli/linli/aid"
)

// Store is where the people and the catalogue go.
type Store interface {
	AddSkills(ctx context.Context, skills []aid.Named) error
	AddCourses(ctx context.Context, courses []aid.Named) error
	AddVolunteer(ctx context.Context, v aid.Volunteer) error
	AddBeneficiary(ctx context.Context, b aid.Beneficiary) error
}

// Structure is where the areas, organisations and accounts go.
type Structure interface {
	AddArea(ctx context.Context, a aid.Area) error
	AddOrganisation(ctx context.Context, o aid.Organisation) error
	AddAccount(ctx context.Context, a aid.Account, areas []aid.AreaID) error
}

// Catalogue is what people can be asked for.
type Catalogue struct {
	Skills  []aid.Named
	Courses []aid.Named
}

// Ids that a first session uses.
const (
	Volunteer   aid.VolunteerID   = "v-demo" // lives beside Beneficiary and has the commonest skill
	Beneficiary aid.BeneficiaryID = "b-demo"
)

// Account is the id of the demo account of a role.
func Account(r aid.Role) aid.AccountID {
	if r == aid.RoleVolunteer {
		return aid.VolunteerAccount(Volunteer)
	}
	return aid.AccountID("demo-" + string(r))
}

const (
	volunteerCount   = 480
	beneficiaryCount = 24
	demoReach        = 50_000 // metres: the whole city
)

// Seed writes the demo data. What is there already stays as it is, so that a
// seeding that was cut off can be run again.
func Seed(ctx context.Context, s Store, structure Structure, c Catalogue, cell func(aid.Point) (aid.Cell, error)) error {
	if err := s.AddSkills(ctx, c.Skills); err != nil {
		return fmt.Errorf("skills: %w", err)
	}
	if err := s.AddCourses(ctx, c.Courses); err != nil {
		return fmt.Errorf("courses: %w", err)
	}
	for _, a := range areas() {
		if err := unlessThere(structure.AddArea(ctx, a.Area)); err != nil {
			return fmt.Errorf("area %s: %w", a.ID, err)
		}
	}
	for _, o := range organisations() {
		if err := unlessThere(structure.AddOrganisation(ctx, o)); err != nil {
			return fmt.Errorf("organisation %s: %w", o.ID, err)
		}
	}
	town := newTown(c)
	for _, v := range town.volunteers() {
		var err error
		if v.Cell, err = cell(v.Home); err != nil {
			return err
		}
		if err := unlessThere(s.AddVolunteer(ctx, v)); err != nil {
			return fmt.Errorf("volunteer %s: %w", v.ID, err)
		}
	}
	for _, b := range town.beneficiaries() {
		var err error
		if b.Cell, err = cell(b.Home); err != nil {
			return err
		}
		if err := unlessThere(s.AddBeneficiary(ctx, b)); err != nil {
			return fmt.Errorf("beneficiary %s: %w", b.ID, err)
		}
	}
	return addAccounts(ctx, structure)
}

func addAccounts(ctx context.Context, s Structure) error {
	for _, role := range aid.Roles {
		a := aid.Account{ID: Account(role), Role: role, Name: accountNames[role]}
		in := []aid.AreaID{city}
		switch role {
		case aid.RoleVolunteer:
			a.Volunteer, in = Volunteer, nil
		case aid.RoleCaseworker: // the city
		case aid.RoleTrainer, aid.RoleCoordinator:
			in = []aid.AreaID{Province}
		}
		if err := unlessThere(s.AddAccount(ctx, a, in)); err != nil {
			return fmt.Errorf("account %s: %w", a.ID, err)
		}
	}
	return nil
}

// unlessThere forgives that something exists.
func unlessThere(err error) error {
	if aid.ReasonOf(err) == aid.ReasonAlreadyExists {
		return nil
	}
	return err
}

// town makes people from one stream of random numbers, in a fixed order.
type town struct {
	rng       *rand.Rand
	catalogue Catalogue
	districts []placedArea
}

func newTown(c Catalogue) *town {
	t := &town{rng: rand.New(rand.NewPCG(20150605, 13)), catalogue: c}
	for _, a := range areas() {
		if a.Parent == city {
			t.districts = append(t.districts, a)
		}
	}
	return t
}

func (t *town) volunteers() []aid.Volunteer {
	commonest := t.skillIDs()[:min(1, len(t.catalogue.Skills))] // more would make asking others cheaper
	out := []aid.Volunteer{{
		ID: Volunteer, Name: "林晓明", Phone: phone(0), Area: t.districts[0].ID, Home: beneficiaryHome,
		Skills: commonest, Capacity: aid.MaxCapacity, MaxDistance: demoReach,
		Availability: aid.Availability{Zone: zone},
	}}
	for i := 1; i < volunteerCount; i++ {
		d := t.districts[t.rng.IntN(len(t.districts))]
		v := aid.Volunteer{
			ID: aid.VolunteerID(fmt.Sprintf("v-%04d", i)), Name: t.name(), Phone: phone(i), Area: d.ID,
			Home: t.near(d.at, 2500), Capacity: 1 + t.rng.IntN(3), MaxDistance: 2000 * (1 + t.rng.IntN(8)),
			Availability: aid.Availability{Zone: zone},
		}
		for k, s := range t.skillIDs() {
			if t.rng.IntN(3+k) == 0 {
				v.Skills = append(v.Skills, s)
			}
		}
		for _, c := range t.catalogue.Courses {
			if t.rng.IntN(3) == 0 {
				v.Courses = append(v.Courses, aid.CourseHeld{Course: aid.CourseID(c.ID)})
			}
		}
		if t.rng.IntN(3) == 0 { // a third serve on working days only
			for day := 1; day <= 5; day++ {
				v.Availability.Weekly = append(v.Availability.Weekly, workingHours(day))
			}
		}
		out = append(out, v)
	}
	for i := range out {
		out[i].Active = true
	}
	return out
}

func (t *town) beneficiaries() []aid.Beneficiary {
	out := []aid.Beneficiary{{
		ID: Beneficiary, Name: "周桂兰", Phone: phone(900), Address: "果戈里大街 1 号 2 单元 301",
		Area: t.districts[0].ID, Home: beneficiaryHome,
	}}
	for i := 1; i < beneficiaryCount; i++ {
		d := t.districts[t.rng.IntN(len(t.districts))]
		out = append(out, aid.Beneficiary{
			ID: aid.BeneficiaryID(fmt.Sprintf("b-%04d", i)), Name: t.name(), Phone: phone(900 + i),
			Address: fmt.Sprintf("%s %d 号", d.NameZh, 1+t.rng.IntN(300)), Area: d.ID, Home: t.near(d.at, 2000),
		})
	}
	return out
}

func (t *town) skillIDs() []aid.Skill {
	out := make([]aid.Skill, len(t.catalogue.Skills))
	for i, s := range t.catalogue.Skills {
		out[i] = aid.Skill(s.ID)
	}
	return out
}

// near draws a point around a centre, normally distributed with the given
// standard deviation in metres, rounded to about a tenth of a metre.
func (t *town) near(c aid.Point, metres float64) aid.Point {
	const metresADegree = aid.EarthRadius * math.Pi / 180
	round := func(x float64) float64 { return math.Round(x*1e6) / 1e6 }
	return aid.Point{
		Lat: round(c.Lat + t.rng.NormFloat64()*metres/metresADegree),
		Lng: round(c.Lng + t.rng.NormFloat64()*metres/(metresADegree*math.Cos(c.Lat*math.Pi/180))),
	}
}

func (t *town) name() string {
	return surnames[t.rng.IntN(len(surnames))] + givenNames[t.rng.IntN(len(givenNames))]
}

// phone gives a number whose prefix 100 no mobile carrier uses.
func phone(i int) string { return fmt.Sprintf("100%08d", i) }

func workingHours(day int) aid.WeeklyHours {
	return aid.WeeklyHours{Day: weekday(day), From: 8 * 60, To: 20 * 60}
}
