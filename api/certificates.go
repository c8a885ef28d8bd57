package api

import (
	"context"
	"net/http"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
	"github.com/linli/linli/training"
)

// CertificateChange is what was done to a certificate.
type CertificateChange struct {
	Act    string    `json:"act_id" doc:"One act may have changed many certificates."`
	Kind   string    `json:"kind" enum:"revoke,prolong,reactivate,renew"`
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Before string    `json:"until_before,omitempty" format:"date"`
	After  string    `json:"until_after,omitempty" format:"date"`
}

// Certificate says that somebody completed a version of a course.
type Certificate struct {
	ID          string              `json:"id"`
	Volunteer   string              `json:"volunteer_id"`
	Course      string              `json:"course_id"`
	Version     int                 `json:"course_version"`
	Cohort      string              `json:"cohort_id"`
	CompletedOn string              `json:"completed_on" format:"date"`
	Until       string              `json:"until,omitempty" format:"date" doc:"The last day on which it counts; left out, it never lapses."`
	Skills      []string            `json:"skills" doc:"That it gave to whoever holds it."`
	Status      string              `json:"status" enum:"valid,lapsed,revoked" doc:"Today, by the clocks of China."`
	IssuedAt    time.Time           `json:"issued_at"`
	RevokedAt   *time.Time          `json:"revoked_at,omitempty"`
	Changes     []CertificateChange `json:"changes,omitempty" doc:"The oldest first; left out in lists."`
}

// CertificateReason is why something is done to a certificate.
type CertificateReason struct {
	Reason string `json:"reason" doc:"1 to 1000 bytes. Kept for good."`
}

// Prolongation lets a certificate count until a later day.
type Prolongation struct {
	Until  string `json:"until" format:"date"`
	Reason string `json:"reason" doc:"1 to 1000 bytes. Kept for good."`
}

// NewProlongations prolongs many certificates by one act.
type NewProlongations struct {
	Course  string    `json:"course_id"`
	Area    string    `json:"area_id" doc:"Where the holders live, or above it."`
	Lapsing DateRange `json:"lapsing" doc:"Certificates whose last day lies in these days, both included."`
	Prolongation
}

// Prolongations is what one act did.
type Prolongations struct {
	Act     string    `json:"act_id"`
	Until   string    `json:"until" format:"date"`
	Reason  string    `json:"reason"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
	Changed int       `json:"changed" doc:"Certificates; none, and there was nothing to keep of the act."`
}

// Credential is a certificate that other programs can verify.
type Credential struct {
	Format     string `json:"format" enum:"vc+jwt"`
	Credential string `json:"credential" doc:"An OpenBadgeCredential as a compact JWS, signed by Ed25519."`
}

func certificateOf(c training.Certificate) Certificate {
	return Certificate{
		ID: string(c.ID), Volunteer: string(c.Volunteer), Course: string(c.Course), Version: c.Version, Cohort: string(c.Cohort),
		CompletedOn: c.CompletedOn.String(), Until: dayOrNone(c.Until), Skills: mapped(c.Skills, text),
		Status: string(c.On(training.Day(time.Now()))), IssuedAt: c.IssuedAt.UTC(), RevokedAt: moment(c.RevokedAt),
	}
}

func dayOrNone(d aid.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

type certificateAnswer struct{ Body Certificate }

func certificateAnswerOf(c app.CertificateCard, err error) (*certificateAnswer, error) {
	if err != nil {
		return nil, err
	}
	out := certificateOf(c.Certificate)
	out.Changes = mapped(c.Changes, func(h training.Change) CertificateChange {
		return CertificateChange{string(h.ID), string(h.Kind), h.Reason, string(h.By), h.At.UTC(), dayOrNone(h.Before), dayOrNone(h.After)}
	})
	return &certificateAnswer{out}, nil
}

func (a *API) serveCertificates() {
	const (
		all = "/v1/certificates"
		one = all + "/{id}"
	)
	u := a.UseCases.Certificates

	handle(a, http.MethodGet, all, policy.ListCertificates, describe{"List one's own certificates, or those of people in one's areas, newest first", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct {
			Paging
			Course string `query:"course_id" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]*$" patternDescription:"an id"`
		},
		) (*listed[Certificate], error) {
			page, err := u.List(ctx, by, aid.CourseID(in.Course), in.page())
			if err != nil {
				return nil, err
			}
			return pageOf(in.Paging, page, certificateOf), nil
		})

	handle(a, http.MethodGet, one, policy.ReadCertificate, describe{"Read a certificate, with what was done to it", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *Item) (*certificateAnswer, error) {
			return certificateAnswerOf(u.Get(ctx, by, training.CertificateID(in.ID)))
		})

	handle(a, http.MethodGet, one+"/credential", policy.ReadCredential, describe{"Read a certificate as an Open Badges 3.0 credential that other programs can verify", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *Item) (*struct{ Body Credential }, error) {
			signed, err := u.Credential(ctx, by, training.CertificateID(in.ID))
			if err != nil {
				return nil, err
			}
			return &struct{ Body Credential }{Credential{"vc+jwt", signed}}, nil
		})

	type reasoned struct {
		Item
		Body CertificateReason
	}
	handle(a, http.MethodPost, one+"/revoke", policy.RevokeCertificate, describe{"Let a certificate count no more; matching, offers and pairings know at once", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *reasoned) (*certificateAnswer, error) {
			return certificateAnswerOf(u.Revoke(ctx, by, training.CertificateID(in.ID), in.Body.Reason))
		})

	handle(a, http.MethodPost, one+"/reactivate", policy.ReactivateCertificate, describe{"Let a revoked certificate count again", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *reasoned) (*certificateAnswer, error) {
			return certificateAnswerOf(u.Reactivate(ctx, by, training.CertificateID(in.ID), in.Body.Reason))
		})

	handle(a, http.MethodPost, one+"/prolong", policy.ProlongCertificate, describe{"Let a certificate count until a later day, lapsed or not", 0, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Body Prolongation
		},
		) (*certificateAnswer, error) {
			var c aid.Check
			until := day(&c, "until", in.Body.Until)
			if err := c.Err("prolongation"); err != nil {
				return nil, err
			}
			return certificateAnswerOf(u.Prolong(ctx, by, training.CertificateID(in.ID), until, in.Body.Reason))
		})

	handle(a, http.MethodPost, all+"/prolongations", policy.ProlongCertificates, describe{"Prolong many certificates by one act, which is kept", http.StatusCreated, trainingTag},
		func(ctx context.Context, by app.Caller, in *struct{ Body NewProlongations }) (*struct{ Body Prolongations }, error) {
			var c aid.Check
			p := app.Prolonging{
				Course: aid.CourseID(in.Body.Course), Area: aid.AreaID(in.Body.Area), Until: day(&c, "until", in.Body.Until), Reason: in.Body.Reason,
				Days: aid.DateRange{From: day(&c, "lapsing.from", in.Body.Lapsing.From), To: day(&c, "lapsing.to", in.Body.Lapsing.To)},
			}
			if err := c.Err("prolongation"); err != nil {
				return nil, err
			}
			act, changed, err := u.ProlongAll(ctx, by, p)
			if err != nil {
				return nil, err
			}
			return &struct{ Body Prolongations }{Prolongations{
				string(act.ID), dayOrNone(act.Until), act.Reason, string(act.By), act.At.UTC(), changed,
			}}, nil
		})
}
