package app

import (
	"context"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/training"
)

// CertificateStore keeps certificates. Certificate and Act are [aid.NotFound] for an
// unknown id. ActOnCertificates and Prolong do one act, with all that follows for
// matching, in one transaction; they are [aid.ReasonAlreadyExists] when its id is
// taken.
type CertificateStore interface {
	Certificate(ctx context.Context, id training.CertificateID) (training.Certificate, error)
	Certificates(ctx context.Context, f training.CertificateFilter, p aid.Page) (aid.PageOf[training.Certificate], error)
	Changes(ctx context.Context, id training.CertificateID) ([]training.Change, error)
	ActOnCertificates(ctx context.Context, act training.Act, ids []training.CertificateID) (training.Act, int, error)
	Prolong(ctx context.Context, act training.Act, f training.LapsingFilter) (training.Act, int, error)
	Act(ctx context.Context, id training.ActID) (training.Act, int, error)
	AreaReader
	VolunteersByID(ctx context.Context, ids []aid.VolunteerID) ([]aid.Volunteer, error)
}

// BadgeSigner writes certificates as credentials that other programs can verify.
type BadgeSigner interface {
	Sign(c training.Certificate, course training.Course) (string, error)
}

// Certificates are the use cases of what people hold.
type Certificates struct {
	Store   CertificateStore
	Courses CourseStore
	Badges  BadgeSigner // nil: no credentials are given
	Now     func() time.Time
}

// CertificateCard is a certificate with what was done to it, the oldest first.
type CertificateCard struct {
	training.Certificate
	Changes []training.Change
}

// List lists a volunteer's own certificates, or those of people in the caller's
// areas, newest first.
func (u *Certificates) List(ctx context.Context, by Caller, course aid.CourseID, p aid.Page) (aid.PageOf[training.Certificate], error) {
	if err := policy.Allow(by.Account, policy.ListCertificates, policy.Resource{}); err != nil {
		return aid.PageOf[training.Certificate]{}, err
	}
	f := training.CertificateFilter{Course: course}
	if by.Role == aid.RoleVolunteer {
		f.Volunteer = by.Volunteer
	} else {
		f.Areas = by.Areas
	}
	return u.Store.Certificates(ctx, f, p)
}

// Get reads one certificate with what was done to it.
func (u *Certificates) Get(ctx context.Context, by Caller, id training.CertificateID) (CertificateCard, error) {
	c, err := u.find(ctx, by, policy.ReadCertificate, id)
	if err != nil {
		return CertificateCard{}, err
	}
	changes, err := u.Store.Changes(ctx, id)
	return CertificateCard{c, changes}, err
}

func (u *Certificates) find(ctx context.Context, by Caller, action policy.Action, id training.CertificateID) (training.Certificate, error) {
	var none training.Certificate
	if err := policy.Role(by.Role, action); err != nil {
		return none, err
	}
	c, err := u.Store.Certificate(ctx, id)
	if err != nil {
		return none, hidden(err, "certificate")
	}
	holder, err := u.Store.VolunteersByID(ctx, []aid.VolunteerID{c.Volunteer})
	if err != nil {
		return none, err
	}
	if len(holder) == 0 {
		return none, aid.Errorf(aid.NotFound, "there is no such certificate")
	}
	err = policy.Allow(by.Account, action, policy.Resource{Area: holder[0].AreaPath, Volunteer: c.Volunteer})
	return c, hidden(err, "certificate")
}

// Credential gives a certificate as an Open Badges credential. It is
// [aid.Unavailable] where no key to sign with is set.
func (u *Certificates) Credential(ctx context.Context, by Caller, id training.CertificateID) (string, error) {
	c, err := u.find(ctx, by, policy.ReadCredential, id)
	if err != nil {
		return "", err
	}
	if u.Badges == nil {
		return "", aid.Errorf(aid.Unavailable, "no key is set to sign credentials with; ask whoever runs this system to set LINLI_BADGE_KEY")
	}
	course, err := u.Courses.Course(ctx, c.Course)
	if err != nil {
		return "", err
	}
	return u.Badges.Sign(c, course)
}

// Verification is all that whoever has the id of a certificate is told of it.
type Verification struct {
	Standing    training.Standing
	Course      aid.Named
	Holder      string // the first character of the name and stars, to hold against the paper
	CompletedOn aid.Date
	Until       aid.Date
}

// Verify tells anybody who has the id of a certificate, which cannot be guessed, what
// it is worth today.
func (u *Certificates) Verify(ctx context.Context, id training.CertificateID) (Verification, error) {
	if !aid.ValidID(id) {
		return Verification{}, aid.Errorf(aid.NotFound, "there is no such certificate")
	}
	c, err := u.Store.Certificate(ctx, id)
	if err != nil {
		return Verification{}, err
	}
	course, err := u.Courses.Course(ctx, c.Course)
	if err != nil {
		return Verification{}, err
	}
	out := Verification{Standing: c.On(training.Day(u.Now())), Course: course.Named, CompletedOn: c.CompletedOn, Until: c.Until}
	holder, err := u.Store.VolunteersByID(ctx, []aid.VolunteerID{c.Volunteer})
	for _, v := range holder {
		out.Holder = masked(v.Name)
	}
	return out, err
}

// Revoke says that a certificate counts no more. Whoever holds it is not matched by
// it from then on; offers that need it are taken back, and pairings contested.
func (u *Certificates) Revoke(ctx context.Context, by Caller, id training.CertificateID, reason string) (CertificateCard, error) {
	return u.act(ctx, by, policy.RevokeCertificate, id, training.Act{Kind: training.ActRevoke, Reason: reason})
}

// Reactivate lets a revoked certificate count again, until the day it said.
func (u *Certificates) Reactivate(ctx context.Context, by Caller, id training.CertificateID, reason string) (CertificateCard, error) {
	return u.act(ctx, by, policy.ReactivateCertificate, id, training.Act{Kind: training.ActReactivate, Reason: reason})
}

// Prolong lets a certificate count until a later day, lapsed or not.
func (u *Certificates) Prolong(ctx context.Context, by Caller, id training.CertificateID, until aid.Date, reason string) (CertificateCard, error) {
	return u.act(ctx, by, policy.ProlongCertificate, id, training.Act{Kind: training.ActProlong, Until: until, Reason: reason})
}

func (u *Certificates) act(ctx context.Context, by Caller, action policy.Action, id training.CertificateID, act training.Act) (CertificateCard, error) {
	if _, err := u.find(ctx, by, action, id); err != nil {
		return CertificateCard{}, err
	}
	act.ID, act.By = training.ActID(by.id("act")), by.ID
	if err := act.Validate(); err != nil {
		return CertificateCard{}, err
	}
	if _, _, err := u.Store.ActOnCertificates(ctx, act, []training.CertificateID{id}); err != nil && !by.repeats(err) {
		return CertificateCard{}, err
	}
	return u.Get(ctx, by, id)
}

// Prolonging is a mass prolonging: of a course, for people of an area, those whose
// last day lies in a run of days.
type Prolonging struct {
	Course aid.CourseID
	Area   aid.AreaID
	Days   aid.DateRange
	Until  aid.Date
	Reason string
}

// ProlongAll prolongs many certificates by one act, which is kept with what each of
// them was before. It gives how many it changed.
func (u *Certificates) ProlongAll(ctx context.Context, by Caller, p Prolonging) (training.Act, int, error) {
	var none training.Act
	if err := policy.Role(by.Role, policy.ProlongCertificates); err != nil {
		return none, 0, err
	}
	act := training.Act{ID: training.ActID(by.id("act")), Kind: training.ActProlong, Until: p.Until, Reason: p.Reason, By: by.ID}
	var c aid.Check
	c.That(aid.ValidID(p.Area), "area_id", "is missing or malformed")
	area, err := areaFor(ctx, u.Store, &c, by, policy.ProlongCertificates, p.Area)
	if err != nil {
		return none, 0, err
	}
	c.That(aid.ValidID(p.Course), "course_id", "is missing or malformed")
	c.Within("lapsing", p.Days.Validate())
	c.Within("", act.Validate())
	if err := c.Err("prolonging"); err != nil {
		return none, 0, err
	}
	done, changed, err := u.Store.Prolong(ctx, act, training.LapsingFilter{Course: p.Course, Areas: []aid.AreaPath{area.Path}, Days: p.Days})
	if by.repeats(err) {
		return u.Store.Act(ctx, act.ID)
	}
	return done, changed, err
}
