package training

import (
	"cmp"
	"slices"
	"time"

	"github.com/linli/linli/aid"
)

// CertificateID identifies a certificate. It cannot be guessed, since whoever knows
// it may verify the certificate.
type CertificateID string

// Certificate (证书) says that a volunteer has completed a version of a course, and
// the last day on which that counts; the zero date means that it never lapses.
type Certificate struct {
	ID          CertificateID
	Volunteer   aid.VolunteerID
	Course      aid.CourseID
	Version     int
	Cohort      CohortID
	CompletedOn aid.Date
	Until       aid.Date
	Skills      []aid.Skill // that it unlocks
	IssuedAt    time.Time
	RevokedAt   time.Time // zero unless it is revoked
}

// Standing is what a certificate is worth on a day.
type Standing string

// The standings.
const (
	Valid   Standing = "valid"
	Lapsed  Standing = "lapsed"
	Revoked Standing = "revoked"
)

// On tells the standing on a day; the last day counts.
func (c Certificate) On(day aid.Date) Standing {
	switch {
	case !c.RevokedAt.IsZero():
		return Revoked
	case !c.Until.IsZero() && day.Compare(c.Until) > 0:
		return Lapsed
	}
	return Valid
}

// ActKind is what is done to certificates.
type ActKind string

// The acts.
const (
	ActRevoke     ActKind = "revoke"
	ActProlong    ActKind = "prolong"
	ActReactivate ActKind = "reactivate"
	ActRenew      ActKind = "renew" // by completing another course, or the same again
)

// ActID identifies an act.
type ActID string

// Act is one decision about certificates, however many it changes. It is kept for
// good, with what each of them was before and after.
type Act struct {
	ID     ActID
	Kind   ActKind
	Until  aid.Date // of ActProlong: the new last day
	Reason string
	By     aid.AccountID
	At     time.Time
}

// Validate refuses an act without a reason, and a last day that is none.
func (a Act) Validate() error {
	if err := reasoned(a.Reason); err != nil {
		return err
	}
	var c aid.Check
	c.That((a.Kind == ActProlong) == !a.Until.IsZero(), "until", "must be the new last day")
	c.That(a.Until.IsZero() || a.Until.Year >= aid.FirstYear && a.Until.Year <= aid.LastYear, "until", "must lie in the years %d to %d", aid.FirstYear, aid.LastYear)
	return c.Err("act")
}

// Apply does an act to a certificate. What it finds done already is no error;
// changed tells the difference. It is [aid.Conflict] with [aid.ReasonSettled] for
// prolonging what is revoked or never lapses, and for a day that is not later.
func (c *Certificate) Apply(a Act) (changed bool, err error) {
	revoked := !c.RevokedAt.IsZero()
	switch a.Kind {
	case ActRevoke:
		if revoked {
			return false, nil
		}
		c.RevokedAt = a.At
	case ActReactivate:
		if !revoked {
			return false, nil
		}
		c.RevokedAt = time.Time{}
	case ActProlong, ActRenew:
		later := !c.Until.IsZero() && (a.Until.IsZero() || c.Until.Compare(a.Until) < 0)
		switch {
		case c.Until == a.Until:
			return false, nil
		case revoked:
			return false, aid.Because(aid.Conflict, aid.ReasonSettled, "the certificate is revoked; re-activate it first")
		case !later:
			return false, aid.Because(aid.Conflict, aid.ReasonSettled, "the certificate holds for longer already")
		}
		c.Until = a.Until
	}
	return true, nil
}

// Gives are the skills that a new certificate unlocks: those of the course that the
// volunteer does not have, or has by another certificate that is not revoked. A
// skill of the record's own is not the certificate's to take away.
func (c Certificate) Gives(v aid.Volunteer, others []Certificate) []aid.Skill {
	return slices.DeleteFunc(slices.Clone(c.Skills), func(s aid.Skill) bool {
		return slices.Contains(v.Skills, s) && !gives(others, c.ID, s)
	})
}

// gives tells whether a certificate other than one gives a skill.
func gives(all []Certificate, but CertificateID, s aid.Skill) bool {
	return slices.ContainsFunc(all, func(o Certificate) bool {
		return o.ID != but && o.RevokedAt.IsZero() && slices.Contains(o.Skills, s)
	})
}

// Learn puts into a record what a certificate gives that is new, prolonged or
// re-activated: a course that is held for longer already stays as it is.
func Learn(v *aid.Volunteer, c Certificate) {
	v.Skills = slices.Clone(v.Skills)
	for _, s := range c.Skills {
		if !slices.Contains(v.Skills, s) {
			v.Skills = append(v.Skills, s)
		}
	}
	slices.Sort(v.Skills)
	hold(v, aid.CourseHeld{Course: c.Course, Until: c.Until})
}

// hold has a course held until a day at least.
func hold(v *aid.Volunteer, h aid.CourseHeld) {
	v.Courses = slices.Clone(v.Courses)
	i := slices.IndexFunc(v.Courses, func(o aid.CourseHeld) bool { return o.Course == h.Course })
	switch {
	case i < 0:
		v.Courses = append(v.Courses, h)
	case !v.Courses[i].Until.IsZero() && (h.Until.IsZero() || v.Courses[i].Until.Compare(h.Until) < 0):
		v.Courses[i].Until = h.Until
	}
	slices.SortFunc(v.Courses, func(a, b aid.CourseHeld) int { return cmp.Compare(a.Course, b.Course) })
}

// Unlearn takes out of a record what a certificate gave that is revoked now. All
// are the volunteer's certificates, this one too: what another still gives stays.
// The course goes even if a record of old said that it is held for longer: who
// revokes says that the volunteer must not count as trained.
func Unlearn(v *aid.Volunteer, c Certificate, all []Certificate) {
	v.Skills = slices.DeleteFunc(slices.Clone(v.Skills), func(s aid.Skill) bool {
		return slices.Contains(c.Skills, s) && !gives(all, c.ID, s)
	})
	v.Courses = slices.DeleteFunc(slices.Clone(v.Courses), func(h aid.CourseHeld) bool { return h.Course == c.Course })
	for _, o := range all {
		if o.Course == c.Course && o.RevokedAt.IsZero() {
			hold(v, aid.CourseHeld{Course: o.Course, Until: o.Until})
		}
	}
}
