package app

import (
	"context"
	"slices"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
)

// VolunteerChange holds what is to change; nil stays as it is. The first three
// fields are a volunteer's own to change.
type VolunteerChange struct {
	Availability *aid.Availability
	Capacity     *int
	MaxDistance  *int // metres

	Name    *string
	Phone   *string
	Area    *aid.AreaID
	Home    *aid.Point
	Skills  *[]aid.Skill
	Courses *[]aid.CourseHeld
	Active  *bool

	CheckedOn    *aid.Date // the zero date takes it back, as of the others
	BirthDate    *aid.Date
	ConsentUntil *aid.Date
}

// beyondAvailability names the fields given that are not a volunteer's own to
// change.
func (ch VolunteerChange) beyondAvailability() []string {
	var out []string
	for _, f := range []struct {
		name  string
		given bool
	}{
		{"name", ch.Name != nil},
		{"phone", ch.Phone != nil},
		{"area_id", ch.Area != nil},
		{"home", ch.Home != nil},
		{"skills", ch.Skills != nil},
		{"courses", ch.Courses != nil},
		{"active", ch.Active != nil},
		{"checked_on", ch.CheckedOn != nil},
		{"birth_date", ch.BirthDate != nil},
		{"guardian_consent_until", ch.ConsentUntil != nil},
	} {
		if f.given {
			out = append(out, f.name)
		}
	}
	return out
}

// Seen is the versions of a record that a caller takes for the present one; nil
// when they do not say.
type Seen []int64

func (s Seen) allows(version int64) bool { return s == nil || slices.Contains(s, version) }

// updateTries is how often a change is made anew on a record that somebody else
// has changed in the same moment.
const updateTries = 5

// Update changes a record: a volunteer their own availability, capacity and
// farthest distance, a coordinator everything in their areas. It is
// [aid.ReasonChangedMeanwhile] when the record is not one that was seen. Without
// a word on that the change is made to whatever there is, so that of two who
// change different things at once neither undoes the other.
func (u *Volunteers) Update(ctx context.Context, by Caller, id aid.VolunteerID, seen Seen, ch VolunteerChange) (VolunteerCard, error) {
	if err := policy.Role(by.Role, policy.UpdateAvailability); err != nil {
		return VolunteerCard{}, err
	}
	for range updateTries {
		card, err := u.update(ctx, by, id, seen, ch)
		if seen != nil || aid.ReasonOf(err) != aid.ReasonChangedMeanwhile {
			return card, err
		}
	}
	return VolunteerCard{}, aid.Errorf(aid.Unavailable, "others are changing this record; send it again")
}

func (u *Volunteers) update(ctx context.Context, by Caller, id aid.VolunteerID, seen Seen, ch VolunteerChange) (VolunteerCard, error) {
	v, err := u.Store.Volunteer(ctx, id)
	if err == nil {
		err = policy.Allow(by.Account, policy.UpdateAvailability, policy.Resource{Area: v.AreaPath, Volunteer: id})
	}
	if err != nil {
		return VolunteerCard{}, hidden(err, "volunteer")
	}
	if more := ch.beyondAvailability(); len(more) > 0 && !policy.Allows(by.Account, policy.UpdateVolunteer, policy.Resource{Area: v.AreaPath, Volunteer: id}) {
		e := aid.Errorf(aid.Forbidden, "only a coordinator may change this")
		for _, field := range more {
			e.Problems = append(e.Problems, aid.Problem{Field: field, Message: "is not yours to change"})
		}
		return VolunteerCard{}, e
	}
	if !seen.allows(v.Version) {
		return VolunteerCard{}, aid.Because(aid.Conflict, aid.ReasonChangedMeanwhile, "the record has been changed meanwhile; read it again and decide")
	}
	var c aid.Check
	if ch.Area != nil && *ch.Area != v.Area {
		area, err := areaFor(ctx, u.Areas, &c, by, policy.AddVolunteer, *ch.Area)
		if err != nil {
			return VolunteerCard{}, err
		}
		v.Area, v.AreaPath = *ch.Area, area.Path
	}
	ch.apply(&v)
	if v, err = u.sound(ctx, &c, v); err != nil {
		return VolunteerCard{}, err
	}
	if err := u.Store.UpdateVolunteer(ctx, v); err != nil {
		return VolunteerCard{}, hidden(err, "volunteer")
	}
	v.Version++ // as the store counts
	return volunteerCard(by, v, false), nil
}

func (ch VolunteerChange) apply(v *aid.Volunteer) {
	set(&v.Availability, ch.Availability)
	set(&v.Capacity, ch.Capacity)
	set(&v.MaxDistance, ch.MaxDistance)
	set(&v.Name, ch.Name)
	set(&v.Phone, ch.Phone)
	set(&v.Home, ch.Home)
	set(&v.Skills, ch.Skills)
	set(&v.Courses, ch.Courses)
	set(&v.Active, ch.Active)
	set(&v.Vetting.CheckedOn, ch.CheckedOn)
	set(&v.Vetting.BirthDate, ch.BirthDate)
	set(&v.Vetting.ConsentUntil, ch.ConsentUntil)
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}
