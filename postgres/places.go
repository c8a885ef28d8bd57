package postgres

import (
	"context"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
)

// Areas gives the areas by id.
func (s *Store) Areas(ctx context.Context, p aid.Page) (aid.PageOf[aid.Area], error) {
	after, err := idAfter(p)
	if err != nil {
		return aid.PageOf[aid.Area]{}, err
	}
	rows, err := s.queries().ListAreas(ctx, db.ListAreasParams{After: after, AtMost: int32(p.Limit) + 1})
	if err != nil {
		return aid.PageOf[aid.Area]{}, mapped(err)
	}
	return onePage(rows, p.Limit, func(a db.Area) any { return string(a.ID) }, areaOf), nil
}

// Area gives one area; by an id that was merged, its successor.
func (s *Store) Area(ctx context.Context, id aid.AreaID) (aid.Area, error) {
	row, err := s.queries().AreaRow(ctx, string(id))
	return areaOf(row), orNotFound(err, "area")
}

// AddArea adds an area under its parent, which has to be there. It gives
// [aid.Conflict] with [aid.ReasonAlreadyExists] when the id is taken.
func (s *Store) AddArea(ctx context.Context, a aid.Area) error {
	return mapped(s.queries().InsertArea(ctx, db.InsertAreaParams{
		ID: a.ID, Parent: zeronull.Text(a.Parent), Path: a.Path, Level: a.Level, NameZh: a.NameZh, NameEn: a.NameEn,
	}))
}

func areaOf(row db.Area) aid.Area {
	return aid.Area{ID: row.ID, Parent: aid.AreaID(row.Parent), Path: row.Path, Level: row.Level, NameZh: row.NameZh, NameEn: row.NameEn, MergedInto: aid.AreaID(row.MergedInto)}
}

// Organisations gives the organisations of the filter's areas by id.
func (s *Store) Organisations(ctx context.Context, f aid.PersonFilter, p aid.Page) (aid.PageOf[aid.Organisation], error) {
	after, err := idAfter(p)
	if err != nil {
		return aid.PageOf[aid.Organisation]{}, err
	}
	rows, err := s.queries().ListOrganisations(ctx, db.ListOrganisationsParams{After: after, Areas: texts(f.Areas), AtMost: int32(p.Limit) + 1})
	if err != nil {
		return aid.PageOf[aid.Organisation]{}, mapped(err)
	}
	return onePage(rows, p.Limit, func(o db.Organisation) any { return string(o.ID) }, organisationOf), nil
}

func organisationOf(row db.Organisation) aid.Organisation {
	return aid.Organisation{
		ID: row.ID, Parent: aid.OrganisationID(row.Parent), Tree: row.Tree, Tier: row.Tier, Area: row.AreaID, NameZh: row.NameZh, NameEn: row.NameEn,
	}
}
