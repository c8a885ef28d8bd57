package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/matching/grid"
)

// VolunteerStore keeps volunteers. AddVolunteer is [aid.ReasonAlreadyExists]
// when the id is taken and begins with version 1. UpdateVolunteer replaces the
// whole record, which then has the next version, or is
// [aid.ReasonChangedMeanwhile] when the record is not of the version given.
type VolunteerStore interface {
	Volunteers(ctx context.Context, f aid.PersonFilter, p aid.Page) (aid.PageOf[aid.Volunteer], error)
	Volunteer(ctx context.Context, id aid.VolunteerID) (aid.Volunteer, error)
	AddVolunteer(ctx context.Context, v aid.Volunteer) error
	UpdateVolunteer(ctx context.Context, v aid.Volunteer) error
}

// BindingStore finds what binds volunteers.
type BindingStore interface {
	RequestReader
	Pairings(ctx context.Context, f aid.PairingFilter, p aid.Page) (aid.PageOf[aid.Pairing], error)
}

// Volunteers are the use cases around the records of volunteers.
type Volunteers struct {
	Store     VolunteerStore
	Bindings  BindingStore
	Areas     AreaReader
	Catalogue Catalogue
	Pairings  PairingStore
	Processes Processes
	Now       func() time.Time
}

// VolunteerCard is a volunteer as far as its viewer may know them.
type VolunteerCard struct {
	ID           aid.VolunteerID
	Name         string // the first character and stars for those who may not know it in full
	Phone        string // empty for those who may not know it
	Area         aid.AreaID
	Skills       []aid.Skill
	Courses      []aid.CourseHeld
	Capacity     int
	MaxDistance  int // metres
	Active       bool
	Home         *aid.Point        // nil for those who may not know it
	Availability *aid.Availability // likewise
	Vetting      *aid.Vetting      // likewise
	Version      int64             // of the record, to change what was seen and nothing else
}

// List lists the volunteers of the caller's areas by id.
func (u *Volunteers) List(ctx context.Context, by Caller, p aid.Page) (aid.PageOf[VolunteerCard], error) {
	if err := policy.Allow(by.Account, policy.ListVolunteers, policy.Resource{}); err != nil {
		return aid.PageOf[VolunteerCard]{}, err
	}
	page, err := u.Store.Volunteers(ctx, aid.PersonFilter{Areas: by.Areas}, p)
	if err != nil {
		return aid.PageOf[VolunteerCard]{}, err
	}
	out := aid.PageOf[VolunteerCard]{Next: page.Next}
	for _, v := range page.Items {
		// Lists do not look up who is paired with whom: the single record does.
		out.Items = append(out.Items, volunteerCard(by, v, false))
	}
	return out, nil
}

// Get reads one volunteer of the caller's areas, one who is coming to a request
// of these areas, or the caller themselves.
func (u *Volunteers) Get(ctx context.Context, by Caller, id aid.VolunteerID) (VolunteerCard, error) {
	if err := policy.Role(by.Role, policy.ReadVolunteer); err != nil {
		return VolunteerCard{}, err
	}
	v, err := u.Store.Volunteer(ctx, id)
	if err != nil {
		return VolunteerCard{}, hidden(err, "volunteer")
	}
	confirmed, err := u.comesTo(ctx, by, id)
	if err != nil {
		return VolunteerCard{}, err
	}
	on := policy.Resource{Area: v.AreaPath, Volunteer: id, Confirmed: confirmed}
	if err := policy.Allow(by.Account, policy.ReadVolunteer, on); err != nil {
		return VolunteerCard{}, hidden(err, "volunteer")
	}
	return volunteerCard(by, v, confirmed), nil
}

// comesTo tells whether a confirmed pairing binds the volunteer to a help
// request of the caller's areas.
func (u *Volunteers) comesTo(ctx context.Context, by Caller, id aid.VolunteerID) (bool, error) {
	if len(by.Areas) == 0 {
		return false, nil
	}
	page, err := u.Bindings.Pairings(ctx, aid.PairingFilter{
		Volunteer: id, Statuses: []aid.PairingStatus{aid.PairingConfirmed},
	}, aid.Page{Limit: aid.MaxPage}) // capacity bounds how many hold at one time
	if err != nil {
		return false, err
	}
	requests, err := requestsOf(ctx, u.Bindings, page.Items, func(p aid.Pairing) aid.RequestID { return p.Request })
	if err != nil {
		return false, err
	}
	for _, r := range requests {
		if slices.ContainsFunc(by.Areas, func(a aid.AreaPath) bool { return a.Holds(r.AreaPath) }) {
			return true, nil
		}
	}
	return false, nil
}

// Add registers a volunteer. An empty id is made up.
func (u *Volunteers) Add(ctx context.Context, by Caller, v aid.Volunteer) (VolunteerCard, error) {
	if err := policy.Role(by.Role, policy.AddVolunteer); err != nil {
		return VolunteerCard{}, err
	}
	if v.ID == "" {
		v.ID = aid.VolunteerID(by.id("volunteer"))
	}
	var c aid.Check
	area, err := areaFor(ctx, u.Areas, &c, by, policy.AddVolunteer, v.Area)
	if err != nil {
		return VolunteerCard{}, err
	}
	v.AreaPath = area.Path
	if v, err = u.sound(ctx, &c, v); err != nil {
		return VolunteerCard{}, err
	}
	v.Version = 1
	err = u.Store.AddVolunteer(ctx, v)
	if by.repeats(err) {
		if before, readErr := u.Store.Volunteer(ctx, v.ID); readErr == nil && same(before, v) {
			v.Version, err = before.Version, nil
		}
	}
	if err != nil {
		return VolunteerCard{}, err
	}
	return volunteerCard(by, v, false), nil
}

// same tells whether two records say the same, however a store gives back what
// is empty.
func same(a, b aid.Volunteer) bool {
	text := func(v aid.Volunteer) []byte {
		v.Skills, v.Courses = append([]aid.Skill{}, v.Skills...), append([]aid.CourseHeld{}, v.Courses...)
		v.Version = 0
		out, err := json.Marshal(v)
		if err != nil {
			return nil
		}
		return out
	}
	first := text(a)
	return first != nil && bytes.Equal(first, text(b))
}

// sound checks a record against the rules and the catalogue and gives it with
// its cell and its skills in order.
func (u *Volunteers) sound(ctx context.Context, c *aid.Check, v aid.Volunteer) (aid.Volunteer, error) {
	c.Within("", v.Validate())
	c.Within("", v.Vetting.Validate(u.Now()))
	c.That(aid.ValidID(v.Area), "area_id", "is missing or malformed")
	known, err := wordsOf(ctx, u.Catalogue)
	if err != nil {
		return v, err
	}
	known.checkSkills(c, "skills", v.Skills)
	for i, h := range v.Courses {
		known.checkCourse(c, fmt.Sprintf("courses[%d].course", i), h.Course)
	}
	if err := c.Err("volunteer"); err != nil {
		return v, err
	}
	v.Skills = slices.Sorted(slices.Values(v.Skills))
	v.Cell, err = grid.CellOf(v.Home, grid.Home)
	return v, err
}

// areaFor finds an area in which the caller may take an action that creates. An
// area's id is no secret, so one that is not theirs is forbidden by name.
func areaFor(ctx context.Context, areas AreaReader, c *aid.Check, by Caller, action policy.Action, id aid.AreaID) (aid.Area, error) {
	if !aid.ValidID(id) {
		return aid.Area{}, nil // another rule names the field
	}
	area, err := areas.Area(ctx, id)
	if aid.KindOf(err) == aid.NotFound {
		c.That(false, "area_id", "%q is no area; GET /v1/areas lists them", id)
		return aid.Area{}, nil //nolint:nilerr // it is told among the other fields
	}
	if err != nil {
		return aid.Area{}, err
	}
	return area, policy.Allow(by.Account, action, policy.Resource{Area: area.Path})
}

func volunteerCard(by Caller, v aid.Volunteer, confirmed bool) VolunteerCard {
	on := policy.Resource{Area: v.AreaPath, Volunteer: v.ID, Confirmed: confirmed}
	card := VolunteerCard{
		ID: v.ID, Name: masked(v.Name), Area: v.Area, Skills: v.Skills, Courses: v.Courses,
		Capacity: v.Capacity, MaxDistance: v.MaxDistance, Active: v.Active, Version: v.Version,
	}
	if policy.Allows(by.Account, policy.ReadVolunteerName, on) {
		card.Name = v.Name
	}
	if policy.Allows(by.Account, policy.ReadVolunteerContact, on) {
		card.Phone = v.Phone
	}
	if policy.Allows(by.Account, policy.ReadVolunteerHome, on) {
		card.Home, card.Availability = &v.Home, &v.Availability
	}
	if policy.Allows(by.Account, policy.ReadVetting, on) {
		card.Vetting = &v.Vetting
	}
	return card
}

// masked keeps the first character of a name: "林晓明" becomes "林**".
func masked(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	if size == 0 {
		return ""
	}
	return string(first) + strings.Repeat("*", min(2, utf8.RuneCountInString(name)-1))
}
