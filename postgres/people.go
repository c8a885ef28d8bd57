package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
	"github.com/linli/linli/workflows/contract"
)

// Volunteers gives the volunteers of the filter's areas by id.
func (s *Store) Volunteers(ctx context.Context, f aid.PersonFilter, p aid.Page) (aid.PageOf[aid.Volunteer], error) {
	after, err := idAfter(p)
	if err != nil {
		return aid.PageOf[aid.Volunteer]{}, err
	}
	areas, want := texts(f.Areas), int32(p.Limit)+1
	ids, err := walkFirst(p.Limit+1, func() ([]aid.VolunteerID, error) {
		return s.queries().WalkVolunteers(ctx, db.WalkVolunteersParams{After: after, Areas: areas, AtMost: want, Stretch: stretch})
	}, func() ([]aid.VolunteerID, error) {
		return s.queries().ListVolunteers(ctx, db.ListVolunteersParams{After: after, Areas: areas, AtMost: want})
	})
	if err != nil {
		return aid.PageOf[aid.Volunteer]{}, mapped(err)
	}
	rows, err := s.queries().VolunteerRows(ctx, texts(ids))
	if err != nil {
		return aid.PageOf[aid.Volunteer]{}, mapped(err)
	}
	return onePage(rows, p.Limit, func(v db.VolunteerRowsRow) any { return string(v.ID) }, volunteerOf), nil
}

// Volunteer gives one volunteer.
func (s *Store) Volunteer(ctx context.Context, id aid.VolunteerID) (aid.Volunteer, error) {
	rows, err := s.queries().VolunteerRows(ctx, []string{string(id)})
	switch {
	case err != nil:
		return aid.Volunteer{}, mapped(err)
	case len(rows) == 0:
		return aid.Volunteer{}, aid.Errorf(aid.NotFound, "there is no such volunteer")
	}
	return volunteerOf(rows[0]), nil
}

// AddVolunteer registers a volunteer with the courses they hold. It gives
// [aid.Conflict] with [aid.ReasonAlreadyExists] when the id is taken, and
// [aid.Invalid] for a skill, course or area that is not known.
func (s *Store) AddVolunteer(ctx context.Context, v aid.Volunteer) error {
	return s.writeVolunteer(ctx, v, func(q *db.Queries) error { return q.InsertVolunteer(ctx, volunteerRow(v)) })
}

// UpdateVolunteer replaces what is kept of a volunteer, the courses too. Unless
// v.Version is zero, the record must still be the one that had this version, else
// it gives [aid.Conflict] with [aid.ReasonChangedMeanwhile]. It gives
// [aid.Conflict] with [aid.ReasonOverCapacity] when the new capacity is less than
// what binds them now.
func (s *Store) UpdateVolunteer(ctx context.Context, v aid.Volunteer) error {
	return s.writeVolunteer(ctx, v, func(q *db.Queries) error {
		version, err := q.LockVolunteer(ctx, v.ID)
		switch {
		case err != nil:
			return orNotFound(err, "volunteer")
		case v.Version != 0 && v.Version != version:
			return aid.Because(aid.Conflict, aid.ReasonChangedMeanwhile, "the record has been changed meanwhile; read it again and decide")
		}
		return q.UpdateVolunteer(ctx, db.UpdateVolunteerParams(volunteerRow(v)))
	})
}

func (s *Store) writeVolunteer(ctx context.Context, v aid.Volunteer, write func(*db.Queries) error) error {
	courses := make([]aid.CourseID, len(v.Courses))
	for i, h := range v.Courses {
		courses[i] = h.Course
	}
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		c, err := known(ctx, tx, texts(v.Skills), texts(courses))
		if err != nil {
			return err
		}
		var check aid.Check
		c.check(&check, "", v.Skills, courses)
		if err := check.Err("volunteer"); err != nil {
			return err
		}
		if err := write(db.New(tx)); err != nil {
			return err
		}
		var b batch
		_ = b.queries().DropCourses(ctx, db.DropCoursesParams{Volunteer: v.ID, Kept: texts(courses)})
		for _, h := range v.Courses {
			_ = b.queries().HoldCourse(ctx, db.HoldCourseParams{VolunteerID: v.ID, CourseID: h.Course, HoldsUntil: dateTo(h.Until)})
		}
		_ = b.queries().TellStandingOfVolunteer(ctx, db.TellStandingOfVolunteerParams{Kind: contract.OutboxStandingChanged, Volunteer: v.ID})
		return b.send(ctx, tx)
	})
	if err == nil {
		s.outbox.announce()
	}
	return err
}

func volunteerRow(v aid.Volunteer) db.InsertVolunteerParams {
	return db.InsertVolunteerParams{
		ID: v.ID, Name: v.Name, Phone: v.Phone, AreaID: v.Area, Lat: v.Home.Lat, Lng: v.Home.Lng, Cell: v.Cell,
		Skills: append([]aid.Skill{}, v.Skills...), Availability: v.Availability,
		Capacity: int32(v.Capacity), MaxDistance: int32(v.MaxDistance), Active: v.Active,
		CheckedOn: dateTo(v.Vetting.CheckedOn), BirthDate: dateTo(v.Vetting.BirthDate), GuardianConsentUntil: dateTo(v.Vetting.ConsentUntil),
	}
}

func volunteerOf(row db.VolunteerRowsRow) aid.Volunteer {
	return aid.Volunteer{
		ID: row.ID, Name: row.Name, Phone: row.Phone, Area: row.AreaID, AreaPath: row.Path, Home: aid.Point{Lat: row.Lat, Lng: row.Lng},
		Cell: row.Cell, Skills: row.Skills, Courses: coursesOf(row.Courses, row.CoursesUntil), Availability: row.Availability,
		Capacity: int(row.Capacity), MaxDistance: int(row.MaxDistance), Active: row.Active, Version: row.Version,
		Vetting: vettingOf(row.CheckedOn, row.BirthDate, row.GuardianConsentUntil),
	}
}

// Beneficiaries gives the beneficiaries of the filter's areas by id.
func (s *Store) Beneficiaries(ctx context.Context, f aid.PersonFilter, p aid.Page) (aid.PageOf[aid.Beneficiary], error) {
	after, err := idAfter(p)
	if err != nil {
		return aid.PageOf[aid.Beneficiary]{}, err
	}
	areas, want := texts(f.Areas), int32(p.Limit)+1
	ids, err := walkFirst(p.Limit+1, func() ([]aid.BeneficiaryID, error) {
		return s.queries().WalkBeneficiaries(ctx, db.WalkBeneficiariesParams{After: after, Areas: areas, AtMost: want, Stretch: stretch})
	}, func() ([]aid.BeneficiaryID, error) {
		return s.queries().ListBeneficiaries(ctx, db.ListBeneficiariesParams{After: after, Areas: areas, AtMost: want})
	})
	if err != nil {
		return aid.PageOf[aid.Beneficiary]{}, mapped(err)
	}
	rows, err := s.queries().BeneficiaryRows(ctx, texts(ids))
	if err != nil {
		return aid.PageOf[aid.Beneficiary]{}, mapped(err)
	}
	return onePage(rows, p.Limit, func(b db.BeneficiaryRowsRow) any { return string(b.ID) }, beneficiaryOf), nil
}

// Beneficiary gives one beneficiary.
func (s *Store) Beneficiary(ctx context.Context, id aid.BeneficiaryID) (aid.Beneficiary, error) {
	found, err := s.BeneficiariesByID(ctx, []aid.BeneficiaryID{id})
	switch {
	case err != nil:
		return aid.Beneficiary{}, err
	case len(found) == 0:
		return aid.Beneficiary{}, aid.Errorf(aid.NotFound, "there is no such beneficiary")
	}
	return found[0], nil
}

// AddBeneficiary registers a beneficiary. It gives [aid.Conflict] with
// [aid.ReasonAlreadyExists] when the id is taken.
func (s *Store) AddBeneficiary(ctx context.Context, b aid.Beneficiary) error {
	return mapped(s.queries().InsertBeneficiary(ctx, db.InsertBeneficiaryParams{
		ID: b.ID, Name: b.Name, Phone: b.Phone, Address: b.Address, AreaID: b.Area, Lat: b.Home.Lat, Lng: b.Home.Lng, Cell: b.Cell,
	}))
}

func beneficiaryOf(row db.BeneficiaryRowsRow) aid.Beneficiary {
	return aid.Beneficiary{
		ID: row.ID, Name: row.Name, Phone: row.Phone, Address: row.Address, Area: row.AreaID, AreaPath: row.Path,
		Home: aid.Point{Lat: row.Lat, Lng: row.Lng}, Cell: row.Cell, Since: row.CreatedAt,
	}
}
