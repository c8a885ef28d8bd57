package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
	"github.com/linli/linli/training"
)

// issue writes the certificates that a cohort has earned, and what they renew, and
// lets their holders count as trained. The ids are drawn at random.
func issue(ctx context.Context, tx pgx.Tx, c *training.Cohort, now time.Time) (done bool, err error) {
	ids := make([]aid.VolunteerID, len(c.Issued))
	for i, k := range c.Issued {
		ids[i] = k.Volunteer
	}
	return relearn(ctx, tx, ids, func(people records) error {
		q := db.New(tx)
		held, err := certificatesOf(ctx, q, ids)
		if err != nil {
			return err
		}
		var b batch
		for i := range c.Issued {
			k := &c.Issued[i]
			v := people[k.Volunteer]
			k.ID, k.Skills = training.CertificateID(uuid.NewString()), k.Gives(*v, held[k.Volunteer])
			training.Learn(v, *k)
			_ = b.queries().InsertCertificate(ctx, db.InsertCertificateParams{
				ID: k.ID, VolunteerID: k.Volunteer, CourseID: k.Course, Version: int32(k.Version), CohortID: k.Cohort,
				CompletedOn: dateTo(k.CompletedOn), HoldsUntil: dateTo(k.Until), Skills: append([]aid.Skill{}, k.Skills...), IssuedAt: k.IssuedAt,
			})
		}
		if err := renew(ctx, q, &b, c, ids, held, people, now); err != nil {
			return err
		}
		return b.send(ctx, tx)
	})
}

// renew prolongs what holders have of courses that this one renews, as if they had
// completed those on the same day.
func renew(ctx context.Context, q *db.Queries, b *batch, c *training.Cohort, ids []aid.VolunteerID, held map[aid.VolunteerID][]training.Certificate, people records, now time.Time) error {
	rows, err := q.RenewedBy(ctx, db.RenewedByParams{Volunteers: texts(ids), Course: string(c.Course)})
	if err != nil || len(rows) == 0 {
		return err
	}
	years := map[training.CertificateID]int{}
	for _, row := range rows {
		years[row.ID] = int(row.ValidYears)
	}
	for _, id := range ids {
		for _, k := range held[id] {
			if years[k.ID] == 0 {
				continue
			}
			act := training.Act{
				ID: training.ActID(uuid.NewString()), Kind: training.ActRenew, Until: training.Day(now).YearsOn(years[k.ID]),
				Reason: "completed " + string(c.Course), By: c.Issuer, At: now,
			}
			before := k
			if changed, err := k.Apply(act); err != nil || !changed {
				continue //nolint:nilerr // it holds for longer already
			}
			writeAct(ctx, b.queries(), act)
			writeChange(ctx, b.queries(), act, before, k)
			training.Learn(people[id], k)
		}
	}
	return nil
}

// ActOnCertificates does one act to the certificates with these ids, keeps it with
// what each was before, and lets volunteers and the help requests that bind them know
// in the same transaction. Of one certificate a refusal is an error; of several,
// those that refuse stay as they are. It gives the act with its time, and how many it
// changed; one that changes nothing is not kept. It is [aid.Conflict] with
// [aid.ReasonAlreadyExists] when the act's id is taken.
func (s *Store) ActOnCertificates(ctx context.Context, act training.Act, ids []training.CertificateID) (training.Act, int, error) {
	changed := 0
	err := s.whileBound(ctx, func(tx pgx.Tx) (done bool, err error) {
		changed, done, err = actOn(ctx, tx, &act, ids)
		return done, err
	})
	return act, changed, err
}

// Prolong does the act to every certificate of the filter. More than
// [training.MaxProlonged] are refused with [aid.Invalid], and none is changed.
func (s *Store) Prolong(ctx context.Context, act training.Act, f training.LapsingFilter) (training.Act, int, error) {
	changed := 0
	err := s.whileBound(ctx, func(tx pgx.Tx) (done bool, err error) {
		ids, err := db.New(tx).CertificatesLapsing(ctx, db.CertificatesLapsingParams{
			Course: f.Course, Areas: texts(f.Areas), First: dateTo(f.Days.From), Last: dateTo(f.Days.To), Until: dateTo(act.Until),
			AtMost: training.MaxProlonged + 1,
		})
		if err != nil {
			return false, err
		}
		if len(ids) > training.MaxProlonged {
			return false, aid.Errorf(aid.Invalid, "more than %d certificates would be prolonged at once; choose fewer days, or a smaller area", training.MaxProlonged)
		}
		changed, done, err = actOn(ctx, tx, &act, ids)
		return done, err
	})
	return act, changed, err
}

func actOn(ctx context.Context, tx pgx.Tx, act *training.Act, ids []training.CertificateID) (changed int, done bool, err error) {
	q := db.New(tx)
	rows, err := q.CertificateRows(ctx, texts(ids))
	if err != nil {
		return 0, false, err
	}
	var holders []aid.VolunteerID
	for _, row := range rows {
		holders = append(holders, row.VolunteerID)
	}
	slices.Sort(holders)
	holders = slices.Compact(holders)
	done, err = relearn(ctx, tx, holders, func(people records) error {
		if _, err := q.LockCertificates(ctx, texts(ids)); err != nil {
			return err
		}
		held, err := certificatesOf(ctx, q, holders)
		if err != nil {
			return err
		}
		if act.At, err = q.ClockNow(ctx); err != nil {
			return err
		}
		var b batch
		writeAct(ctx, b.queries(), *act)
		for _, holder := range holders {
			all := held[holder]
			for i := range all {
				if !slices.Contains(ids, all[i].ID) {
					continue
				}
				before := all[i]
				did, err := all[i].Apply(*act)
				if err != nil && len(ids) == 1 {
					return err
				}
				if err != nil || !did {
					continue
				}
				changed++
				writeChange(ctx, b.queries(), *act, before, all[i])
				if act.Kind == training.ActRevoke {
					training.Unlearn(people[holder], all[i], all)
				} else {
					training.Learn(people[holder], all[i])
				}
			}
		}
		if changed == 0 {
			return nil
		}
		return b.send(ctx, tx)
	})
	return changed, done, err
}

func writeAct(ctx context.Context, q *db.Queries, a training.Act) {
	_ = q.InsertAct(ctx, db.InsertActParams{ID: a.ID, Kind: a.Kind, Until: dateTo(a.Until), Reason: a.Reason, ActBy: a.By, ActAt: a.At})
}

func writeChange(ctx context.Context, q *db.Queries, a training.Act, before, after training.Certificate) {
	_ = q.UpdateCertificate(ctx, db.UpdateCertificateParams{
		ID: after.ID, HoldsUntil: dateTo(after.Until), RevokedAt: zeronull.Timestamptz(after.RevokedAt),
	})
	_ = q.InsertChange(ctx, db.InsertChangeParams{
		ActID: a.ID, CertificateID: after.ID, UntilBefore: dateTo(before.Until), UntilAfter: dateTo(after.Until),
	})
}

func certificatesOf(ctx context.Context, q *db.Queries, ids []aid.VolunteerID) (map[aid.VolunteerID][]training.Certificate, error) {
	rows, err := q.CertificatesOfVolunteers(ctx, texts(ids))
	held := map[aid.VolunteerID][]training.Certificate{}
	for _, row := range rows {
		held[row.VolunteerID] = append(held[row.VolunteerID], certificateOf(row))
	}
	return held, err
}

// Certificate gives one certificate.
func (s *Store) Certificate(ctx context.Context, id training.CertificateID) (training.Certificate, error) {
	rows, err := s.queries().CertificateRows(ctx, []string{string(id)})
	switch {
	case err != nil:
		return training.Certificate{}, mapped(err)
	case len(rows) == 0:
		return training.Certificate{}, aid.Errorf(aid.NotFound, "there is no such certificate")
	}
	return certificateOf(rows[0]), nil
}

// Certificates gives those of the filter, newest first.
func (s *Store) Certificates(ctx context.Context, f training.CertificateFilter, p aid.Page) (aid.PageOf[training.Certificate], error) {
	after, err := newestAfter(p)
	if err != nil || f.Volunteer == "" && len(f.Areas) == 0 {
		return aid.PageOf[training.Certificate]{}, err
	}
	rows, err := s.queries().ListCertificates(ctx, db.ListCertificatesParams{
		BeforeAt: after.At, BeforeID: after.ID, Volunteer: string(f.Volunteer), Course: string(f.Course), Areas: texts(f.Areas), AtMost: int32(p.Limit) + 1,
	})
	if err != nil {
		return aid.PageOf[training.Certificate]{}, mapped(err)
	}
	page := onePage(rows, p.Limit, func(row db.ListCertificatesRow) any { return newest{row.IssuedAt, string(row.ID)} },
		func(row db.ListCertificatesRow) string { return string(row.ID) })
	found, err := s.queries().CertificateRows(ctx, page.Items)
	out := aid.PageOf[training.Certificate]{Next: page.Next}
	for _, row := range found {
		out.Items = append(out.Items, certificateOf(row))
	}
	return out, mapped(err)
}

// Changes gives what was done to a certificate, the oldest first.
func (s *Store) Changes(ctx context.Context, id training.CertificateID) ([]training.Change, error) {
	rows, err := s.queries().ActsOfCertificate(ctx, id)
	out := make([]training.Change, len(rows))
	for i, row := range rows {
		out[i] = training.Change{
			Act:    training.Act{ID: row.ID, Kind: row.Kind, Reason: row.Reason, By: row.ActBy, At: row.ActAt},
			Before: dateOf(row.UntilBefore), After: dateOf(row.UntilAfter),
		}
	}
	return out, mapped(err)
}

// Act gives one act and how many certificates it changed.
func (s *Store) Act(ctx context.Context, id training.ActID) (training.Act, int, error) {
	row, err := s.queries().ActRow(ctx, id)
	return training.Act{
		ID: row.ID, Kind: row.Kind, Until: dateOf(row.Until), Reason: row.Reason, By: row.ActBy, At: row.ActAt,
	}, int(row.Changed), orNotFound(err, "act")
}

func certificateOf(row db.Certificate) training.Certificate {
	return training.Certificate{
		ID: row.ID, Volunteer: row.VolunteerID, Course: row.CourseID, Version: int(row.Version), Cohort: row.CohortID,
		CompletedOn: dateOf(row.CompletedOn), Until: dateOf(row.HoldsUntil), Skills: row.Skills, IssuedAt: row.IssuedAt,
		RevokedAt: time.Time(row.RevokedAt),
	}
}
