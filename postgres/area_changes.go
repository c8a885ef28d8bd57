package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/workflows/contract"
)

// MergeArea makes an area part of another, also in the past: whoever and whatever lies
// in it lies in the other one since ever, what lies below it lies below the other one,
// and its id stands for the other. Rollouts are restated in the same transaction, each by
// an amendment that comes into force at once: restate gives the file of one, with whether
// it differs. A change that was made already under its id is given as it was made.
func (s *Store) MergeArea(ctx context.Context, c aid.AreaChange, restate func(s rollout.Source, into aid.Area) (rollout.Source, bool, error)) (made aid.AreaChange, err error) {
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
		area, into, err := lockTwo(ctx, q, c.Area, c.Into)
		if err != nil {
			return err
		}
		if err := aid.MergeArea(area, into); err != nil {
			return err
		}
		made = c
		made.Kind = aid.AreaMerged
		if made.Moved, err = moveAll(ctx, q, area, into); err != nil {
			return err
		}
		made.Rollouts, err = restateRollouts(ctx, tx, made, restatement{
			source:     func(s rollout.Source) (rollout.Source, bool, error) { return restate(s, into) },
			cohort:     func(p *rollout.Planned, _ int) { p.Merge(area.ID, into.ID) },
			checkpoint: func(c *rollout.Checkpoint) { c.Merge(area.ID, into.ID) },
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

// lockTwo locks the areas of a change, so that whoever writes into them waits.
func lockTwo(ctx context.Context, q *db.Queries, one, other aid.AreaID) (a, b aid.Area, err error) {
	rows, err := q.LockAreas(ctx, []string{string(one), string(other)})
	for _, r := range rows {
		if r.ID == one {
			a = areaOf(r)
		}
		if r.ID == other {
			b = areaOf(r)
		}
	}
	switch {
	case err != nil:
	case a.ID == "":
		err = aid.Errorf(aid.NotFound, "there is no such area")
	case b.ID == "":
		var c aid.Check
		c.That(false, "into_id", "%q is not the id of an area", other)
		err = c.Err("merge")
	}
	return a, b, err
}

// moveAll moves what lies in an area to another, and what lies below it below that.
func moveAll(ctx context.Context, q *db.Queries, area, into aid.Area) (moved aid.AreaMoved, err error) {
	if _, err = q.LockRequestsOfArea(ctx, area.ID); err != nil { // before volunteers, as everywhere
		return moved, err
	}
	if _, err = q.LockVolunteersOfAreas(ctx, string(area.Path)); err != nil {
		return moved, err
	}
	return moved, inTurn(
		moving{&moved.Organisations, func() (int64, error) {
			return q.MoveOrganisations(ctx, db.MoveOrganisationsParams{Area: area.ID, Successor: into.ID})
		}},
		moving{&moved.Volunteers, func() (int64, error) {
			return q.MoveVolunteers(ctx, db.MoveVolunteersParams{Area: area.ID, Successor: into.ID})
		}},
		moving{&moved.Beneficiaries, func() (int64, error) {
			return q.MoveBeneficiaries(ctx, db.MoveBeneficiariesParams{Area: area.ID, Successor: into.ID})
		}},
		moving{&moved.Requests, func() (int64, error) {
			return q.MoveRequests(ctx, db.MoveRequestsParams{Area: area.ID, Successor: into.ID})
		}},
		moving{&moved.Accounts, func() (int64, error) {
			return q.GiveAccounts(ctx, db.GiveAccountsParams{Area: area.ID, Successor: into.ID})
		}},
		moving{nil, func() (int64, error) { return 0, q.TakeAccounts(ctx, area.ID) }},
		moving{nil, func() (int64, error) { return 0, q.ForgetScarcityOf(ctx, area.ID) }},
		moving{nil, func() (int64, error) { return 0, q.TouchBelow(ctx, string(area.Path)) }},
		moving{&moved.Areas, func() (int64, error) {
			return q.MoveAreasBelow(ctx, db.MoveAreasBelowParams{
				Area: zeronull.Text(area.ID), Path: string(area.Path), Successor: zeronull.Text(into.ID), ToPath: string(into.Path),
			})
		}},
		moving{nil, func() (int64, error) {
			return 0, q.MergeArea(ctx, db.MergeAreaParams{Area: area.ID, Successor: zeronull.Text(into.ID)})
		}},
	)
}

// moving is one step of a move; to takes how much it moved.
type moving struct {
	to *int
	do func() (int64, error)
}

func inTurn(steps ...moving) error {
	for _, s := range steps {
		n, err := s.do()
		if err != nil {
			return err
		}
		if s.to != nil {
			*s.to = int(n)
		}
	}
	return nil
}

// restatement is what a change of areas does to a rollout.
type restatement struct {
	source func(rollout.Source) (rollout.Source, bool, error)
	// cohort restates one, given how many of those who hold a seat live at the path seated.
	cohort     func(p *rollout.Planned, seated int)
	seated     aid.AreaPath
	checkpoint func(c *rollout.Checkpoint) // nil leaves counts as they were made
}

// restateRollouts amends every rollout that knows the area of a change, and has their
// processes plan what is left anew. One that has ended stays so.
func restateRollouts(ctx context.Context, tx pgx.Tx, c aid.AreaChange, to restatement) ([]aid.RestatedRollout, error) {
	q := db.New(tx)
	all, err := q.LockRollouts(ctx)
	if err != nil {
		return nil, err
	}
	restated := []aid.RestatedRollout{}
	for i, r := range all {
		source, differs, err := to.source(r.Source)
		if err != nil {
			return nil, ofRollout(err, r.ID)
		}
		if !differs {
			continue
		}
		var b batch
		w := b.queries()
		if err := restateKept(ctx, q, w, r.ID, c.Area, to); err != nil {
			return nil, err
		}
		amendment, version := string(c.ID)+"."+strconv.Itoa(i), r.Version+1
		_ = w.InsertRestatement(ctx, db.InsertRestatementParams{
			ID: amendment, RolloutID: r.ID, Base: r.Version, Source: source, KeptBy: c.By, KeptAt: c.At, Reason: c.Reason,
		})
		_ = w.PutRolloutVersionInForce(ctx, db.PutRolloutVersionInForceParams{ID: amendment, At: zeronull.Timestamptz(c.At)})
		status := r.Status
		if status != rollout.Ended {
			status = rollout.Planning
			payload, err := json.Marshal(contract.AmendRollout{Rollout: r.ID, Amendment: amendment})
			if err != nil {
				return nil, err
			}
			_ = w.InsertOutbox(ctx, db.InsertOutboxParams{Kind: contract.OutboxRolloutAmended, Key: "rollout/" + string(r.ID), Payload: payload})
		}
		_ = w.PutRollout(ctx, db.PutRolloutParams{ID: r.ID, Status: status, Version: version, Name: r.Name, NameZh: r.NameZh})
		if err := b.send(ctx, tx); err != nil {
			return nil, err
		}
		restated = append(restated, aid.RestatedRollout{Rollout: r.ID, Version: int(version)})
	}
	return restated, nil
}

// ofRollout says of which rollout an error tells.
func ofRollout(err error, id aid.RolloutID) error {
	e, ok := errors.AsType[*aid.Error](err)
	if !ok {
		return err
	}
	told := *e
	told.Message = "rollout " + string(id) + " cannot be restated: " + e.Message
	return &told
}

// restateKept restates the calendar and the counts of a rollout.
func restateKept(ctx context.Context, q, w *db.Queries, id aid.RolloutID, area aid.AreaID, to restatement) error {
	cohorts, err := q.PlannedIn(ctx, db.PlannedInParams{ID: id, Area: area})
	if err != nil {
		return err
	}
	seated := map[[2]int32]int{}
	if to.seated != "" {
		rows, err := q.SeatedIn(ctx, db.SeatedInParams{ID: id, Path: string(to.seated)})
		if err != nil {
			return err
		}
		for _, r := range rows {
			seated[[2]int32{r.PlanNo, r.CohortNo}] = int(r.People)
		}
	}
	for _, row := range cohorts {
		p := rollout.Planned{Plan: int(row.PlanNo), No: int(row.CohortNo), Area: row.Area, Venue: row.Venue, Lecturers: row.Lecturers, From: row.People}
		to.cohort(&p, seated[[2]int32{row.PlanNo, row.CohortNo}])
		_ = w.RestateCohort(ctx, db.RestateCohortParams{
			RolloutID: id, PlanNo: row.PlanNo, CohortNo: row.CohortNo, Area: p.Area, Venue: p.Venue, Lecturers: p.Lecturers, People: p.From,
		})
	}
	if to.checkpoint == nil {
		return nil
	}
	counts, err := q.Checkpoints(ctx, id)
	for _, row := range counts {
		to.checkpoint(&row.Checkpoint)
		_ = w.PutCheckpoint(ctx, db.PutCheckpointParams{RolloutID: id, Month: row.Month, Checkpoint: row.Checkpoint})
	}
	return err
}

func insertAreaChange(ctx context.Context, q *db.Queries, c aid.AreaChange) error {
	return q.InsertAreaChange(ctx, db.InsertAreaChangeParams{
		ID: c.ID, Kind: c.Kind, AreaID: c.Area, IntoID: c.Into, Reason: c.Reason, MadeBy: c.By, MadeAt: c.At, Result: c.AreaChangeResult,
	})
}

// AreaChanges gives the changes of the tree of areas, the newest first.
func (s *Store) AreaChanges(ctx context.Context, p aid.Page) (aid.PageOf[aid.AreaChange], error) {
	after, err := newestAfter(p)
	if err != nil {
		return aid.PageOf[aid.AreaChange]{}, err
	}
	rows, err := s.queries().ListAreaChanges(ctx, db.ListAreaChangesParams{BeforeAt: after.At, BeforeID: after.ID, AtMost: int32(p.Limit) + 1})
	if err != nil {
		return aid.PageOf[aid.AreaChange]{}, mapped(err)
	}
	return onePage(rows, p.Limit, func(r db.AreaChange) any { return newest{r.MadeAt, string(r.ID)} }, areaChangeOf), nil
}

func areaChangeOf(r db.AreaChange) aid.AreaChange {
	return aid.AreaChange{
		ID: r.ID, Kind: r.Kind, Area: r.AreaID, Into: r.IntoID, Reason: r.Reason, By: r.MadeBy, At: r.MadeAt, AreaChangeResult: r.Result,
	}
}
