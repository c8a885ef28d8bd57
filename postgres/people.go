package postgres

import (
	"context"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
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

// VolunteersByID gives the volunteers with these ids by id; unknown ids are left out.
func (s *Store) VolunteersByID(ctx context.Context, ids []aid.VolunteerID) ([]aid.Volunteer, error) {
	rows, err := s.queries().VolunteerRows(ctx, texts(ids))
	out := make([]aid.Volunteer, len(rows))
	for i, row := range rows {
		out[i] = volunteerOf(row)
	}
	return out, mapped(err)
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
