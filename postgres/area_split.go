package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
	"github.com/linli/linli/training/rollout"
)

// SplitArea makes part of an area one of its own, also in the past: whoever and whatever
// is named lies in the new one since ever. Accounts that act in the area act in the new
// one too. Rollouts are restated in the same transaction: restate gives the file of one,
// given the organisations that go along, with whether it differs. A
// change that was made already under its id is given as it was made.
func (s *Store) SplitArea(ctx context.Context, c aid.AreaChange, split aid.AreaSplit,
	restate func(s rollout.Source, moved []aid.Organisation) (rollout.Source, bool, error),
) (made aid.AreaChange, err error) {
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		if err := q.LockAreaChanges(ctx); err != nil {
			return err
		}
		row, err := q.AreaChangeRow(ctx, c.ID)
		if err == nil {
			made = areaChangeOf(row)
			return nil
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		area, err := lockOne(ctx, q, c.Area)
		if err != nil {
			return err
		}
		moved, err := splitOff(ctx, q, area, split)
		if err != nil {
			return err
		}
		part := split.New
		part.Parent, part.Level, part.Path = area.Parent, area.Level, partPath(area, part.ID)
		made = c
		made.Kind, made.Into = aid.AreaSplitOff, part.ID
		if made.Moved, err = movePart(ctx, q, area, part, split); err != nil {
			return err
		}
		made.Rollouts, err = restateRollouts(ctx, tx, made, restatement{
			source: func(s rollout.Source) (rollout.Source, bool, error) { return restate(s, moved) },
			cohort: func(p *rollout.Planned, seated int) { p.Split(area.ID, part.ID, seated) },
			seated: part.Path,
		})
		if err != nil {
			return err
		}
		return insertAreaChange(ctx, q, made)
	})
	if err == nil {
		s.outbox.announce()
	}
	return made, err
}

// partPath is the path of the new area beside the other.
func partPath(beside aid.Area, id aid.AreaID) aid.AreaPath {
	if above := beside.Path.Above(); len(above) > 1 {
		return above[1].Child(id)
	}
	return aid.AreaPath("").Child(id)
}

func lockOne(ctx context.Context, q *db.Queries, id aid.AreaID) (aid.Area, error) {
	rows, err := q.LockAreas(ctx, []string{string(id)})
	switch {
	case err != nil:
		return aid.Area{}, err
	case len(rows) == 0:
		return aid.Area{}, aid.Errorf(aid.NotFound, "there is no such area")
	case rows[0].MergedInto != "":
		return aid.Area{}, aid.Because(aid.Conflict, aid.ReasonSettled, "area %q has been merged into %q", id, rows[0].MergedInto)
	}
	return areaOf(rows[0]), nil
}

// splitOff gives the organisations that go along, and refuses what does not lie there.
func splitOff(ctx context.Context, q *db.Queries, area aid.Area, s aid.AreaSplit) (moved []aid.Organisation, err error) {
	rows, err := q.OfArea(ctx, db.OfAreaParams{
		Area: area.ID, Areas: texts(s.Areas), Organisations: texts(s.Organisations), Volunteers: texts(s.Volunteers), Beneficiaries: texts(s.Beneficiaries),
	})
	if err != nil {
		return nil, err
	}
	known := map[string][]string{}
	for _, r := range rows {
		known[r.List] = append(known[r.List], r.ID)
		if r.List == "organisations" {
			moved = append(moved, aid.Organisation{ID: aid.OrganisationID(r.ID), Tree: r.Tree, Tier: r.Tier})
		}
	}
	return moved, s.Known(area.ID, known)
}

// movePart moves what is named to the new area.
func movePart(ctx context.Context, q *db.Queries, area, part aid.Area, s aid.AreaSplit) (moved aid.AreaMoved, err error) {
	cells := make([]int64, len(s.Cells))
	for i, c := range s.Cells {
		cells[i] = int64(c)
	}
	err = q.InsertArea(ctx, db.InsertAreaParams{
		ID: part.ID, Parent: zeronull.Text(part.Parent), Path: part.Path, Level: part.Level, NameZh: part.NameZh, NameEn: part.NameEn,
	})
	if aid.ReasonOf(mapped(err)) == aid.ReasonAlreadyExists {
		var c aid.Check
		c.That(false, "id", "%q is the id of another area", part.ID)
		return moved, c.Err("split")
	}
	if err != nil {
		return moved, err
	}
	if _, err = q.LockRequestsOfArea(ctx, area.ID); err != nil { // before volunteers, as everywhere
		return moved, err
	}
	if _, err = q.LockVolunteersOfAreas(ctx, string(area.Path)); err != nil {
		return moved, err
	}
	return moved, inTurn(
		moving{&moved.Organisations, func() (int64, error) {
			return q.SplitOrganisations(ctx, db.SplitOrganisationsParams{Area: area.ID, Successor: part.ID, Ids: texts(s.Organisations)})
		}},
		moving{&moved.Volunteers, func() (int64, error) {
			return q.SplitVolunteers(ctx, db.SplitVolunteersParams{Area: area.ID, Successor: part.ID, Ids: texts(s.Volunteers), Cells: cells})
		}},
		moving{&moved.Beneficiaries, func() (int64, error) {
			return q.SplitBeneficiaries(ctx, db.SplitBeneficiariesParams{Area: area.ID, Successor: part.ID, Ids: texts(s.Beneficiaries), Cells: cells})
		}},
		moving{&moved.Requests, func() (int64, error) {
			return q.SplitRequests(ctx, db.SplitRequestsParams{Area: area.ID, Successor: part.ID})
		}},
		moving{&moved.Accounts, func() (int64, error) {
			return q.GiveAccounts(ctx, db.GiveAccountsParams{Area: area.ID, Successor: part.ID})
		}},
		moving{nil, func() (int64, error) { return 0, q.ForgetScarcityOf(ctx, area.ID) }},
		moving{nil, func() (int64, error) { return 0, q.TouchIn(ctx, texts(s.Areas)) }},
		moving{&moved.Areas, func() (int64, error) {
			return q.SplitAreas(ctx, db.SplitAreasParams{Path: string(area.Path), ToPath: string(part.Path), Successor: zeronull.Text(part.ID), Children: texts(s.Areas)})
		}},
	)
}
