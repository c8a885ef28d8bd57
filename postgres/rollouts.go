package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
	"github.com/linli/linli/training/rollout"
	"github.com/linli/linli/workflows/contract"
)

// OpenRollout keeps a rollout with the first version of its file, and the order to
// start its process. It gives [aid.Conflict] with [aid.ReasonAlreadyExists] when the
// id is taken.
func (s *Store) OpenRollout(ctx context.Context, k rollout.Kept) error {
	payload, err := json.Marshal(contract.RolloutInput{Rollout: k.ID})
	if err != nil {
		return err
	}
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		var b batch
		q := b.queries()
		_ = q.InsertRollout(ctx, db.InsertRolloutParams{ID: k.ID, Name: k.Name, NameZh: k.NameZh, OpenedBy: k.OpenedBy, OpenedAt: k.OpenedAt})
		_ = q.InsertRolloutVersion(ctx, db.InsertRolloutVersionParams{
			ID: string(k.ID), RolloutID: k.ID, Source: k.Source, KeptBy: k.OpenedBy, KeptAt: k.OpenedAt,
		})
		_ = q.PutRolloutVersionInForce(ctx, db.PutRolloutVersionInForceParams{ID: string(k.ID), At: zeronull.Timestamptz(k.OpenedAt)})
		_ = q.InsertOutbox(ctx, db.InsertOutboxParams{Kind: contract.OutboxStartRollout, Key: "rollout/" + string(k.ID), Payload: payload})
		return b.send(ctx, tx)
	})
	if err == nil {
		s.outbox.announce()
	}
	return err
}

// Rollouts gives the rollouts without their files, the newest first.
func (s *Store) Rollouts(ctx context.Context, p aid.Page) (aid.PageOf[rollout.Kept], error) {
	after, err := newestAfter(p)
	if err != nil {
		return aid.PageOf[rollout.Kept]{}, err
	}
	rows, err := s.queries().ListRollouts(ctx, db.ListRolloutsParams{BeforeAt: after.At, BeforeID: after.ID, AtMost: int32(p.Limit) + 1})
	if err != nil {
		return aid.PageOf[rollout.Kept]{}, mapped(err)
	}
	return onePage(rows, p.Limit, func(r db.Rollout) any { return newest{r.OpenedAt, string(r.ID)} }, rolloutOf), nil
}

// LiveRollouts gives the ids of the rollouts that have not ended.
func (s *Store) LiveRollouts(ctx context.Context) ([]aid.RolloutID, error) {
	ids, err := s.queries().LiveRollouts(ctx)
	return ids, mapped(err)
}

// RolloutToGoOn gives what starts the process of a rollout whose process was lost: it
// plans what is left, under the next number. It is [aid.Conflict] with
// [aid.ReasonSettled] if the rollout has ended.
func (s *Store) RolloutToGoOn(ctx context.Context, id aid.RolloutID) (in contract.RolloutInput, err error) {
	err = s.readTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		r, err := q.RolloutRow(ctx, id)
		if err != nil {
			return orNotFound(err, "rollout")
		}
		if r.Status == rollout.Ended {
			return rolloutEnded()
		}
		last, err := lastPlan(ctx, q, id)
		in = contract.RolloutInput{Rollout: id, Plans: last.No}
		return err
	})
	return in, err
}

func rolloutEnded() error {
	return aid.Because(aid.Conflict, aid.ReasonSettled, "the rollout has ended")
}

func rolloutOf(r db.Rollout) rollout.Kept {
	return rollout.Kept{
		ID: r.ID, Name: r.Name, NameZh: r.NameZh, Status: r.Status, Reason: r.Reason, Version: int(r.Version), OpenedBy: r.OpenedBy, OpenedAt: r.OpenedAt,
	}
}

// Rollout gives one with the file of the version in force.
func (s *Store) Rollout(ctx context.Context, id aid.RolloutID) (rollout.Kept, error) {
	r, err := s.queries().RolloutRow(ctx, id)
	return rollout.Kept{
		ID: r.ID, Name: r.Name, NameZh: r.NameZh, Status: r.Status, Reason: r.Reason, Version: int(r.Version), Source: r.Source,
		OpenedBy: r.OpenedBy, OpenedAt: r.OpenedAt,
	}, orNotFound(err, "rollout")
}

// RolloutVersions gives the versions that came into force, the first one first.
func (s *Store) RolloutVersions(ctx context.Context, id aid.RolloutID) ([]rollout.Version, error) {
	rows, err := s.queries().RolloutVersions(ctx, id)
	out := make([]rollout.Version, len(rows))
	for i, r := range rows {
		out[i] = rollout.Version{Version: int(r.Version), By: r.KeptBy, At: r.KeptAt, Reason: r.Reason}
	}
	return out, mapped(err)
}

// KeepAmendment keeps a version of a rollout's file, made of a version before, until
// [Store.AmendRollout] puts it in force. One that is kept already stays as it is.
func (s *Store) KeepAmendment(ctx context.Context, id aid.RolloutID, amendment string, base int, source rollout.Source, by aid.AccountID, at time.Time) error {
	err := mapped(s.queries().InsertRolloutVersion(ctx, db.InsertRolloutVersionParams{
		ID: amendment, RolloutID: id, Base: int32(base), Source: source, KeptBy: by, KeptAt: at,
	}))
	if aid.ReasonOf(err) == aid.ReasonAlreadyExists {
		return nil
	}
	return err
}

// AmendRollout puts a kept amendment in force if check allows it, and gives its
// number. One that is in force already stays so. It is [aid.Conflict] with
// [aid.ReasonChangedMeanwhile] if another came first, and with [aid.ReasonSettled] if
// the rollout has ended.
func (s *Store) AmendRollout(ctx context.Context, id aid.RolloutID, amendment string, check func(next *rollout.Amendment, calendar []rollout.Turnout) error) (version int, err error) {
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		row, err := q.LockRollout(ctx, id)
		if err != nil {
			return orNotFound(err, "rollout")
		}
		next, err := q.RolloutVersionRow(ctx, amendment)
		if err == nil && next.RolloutID != id {
			err = pgx.ErrNoRows
		}
		if err != nil {
			return orNotFound(err, "amendment")
		}
		version = int(next.Base) + 1
		switch {
		case next.Version.Valid:
			return nil
		case row.Status == rollout.Ended:
			return rolloutEnded()
		case next.Base != row.Version:
			return aid.Because(aid.Conflict, aid.ReasonChangedMeanwhile, "version %d is in force by now; read it, and amend that", row.Version)
		}
		calendar, err := turnouts(ctx, q, id)
		if err != nil {
			return err
		}
		amended := rollout.Amendment{Source: next.Source}
		if err := check(&amended, calendar); err != nil {
			return err
		}
		now, err := q.ClockNow(ctx)
		if err != nil {
			return err
		}
		var b batch
		w := b.queries()
		_ = w.PutRolloutVersionInForce(ctx, db.PutRolloutVersionInForceParams{ID: amendment, At: zeronull.Timestamptz(now)})
		_ = w.PutRollout(ctx, db.PutRolloutParams{ID: id, Status: rollout.Planning, Version: int32(version), Name: amended.Name, NameZh: amended.NameZh})
		return b.send(ctx, tx)
	})
	return version, err
}

// LastPlan gives the last plan without its cohorts, the zero value before the first.
func (s *Store) LastPlan(ctx context.Context, id aid.RolloutID) (rollout.KeptPlan, error) {
	return lastPlan(ctx, s.queries(), id)
}

func lastPlan(ctx context.Context, q *db.Queries, id aid.RolloutID) (rollout.KeptPlan, error) {
	r, err := q.LastRolloutPlan(ctx, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return rollout.KeptPlan{}, nil
	}
	return rollout.KeptPlan{
		No: int(r.PlanNo), Version: int(r.Version), MadeAt: r.MadeAt, Report: r.Report, Refused: r.Refused, LeftOut: r.LeftOut,
	}, mapped(err)
}

// LastCheckpoint gives the last count of a rollout, the zero value before the first.
func (s *Store) LastCheckpoint(ctx context.Context, id aid.RolloutID) (rollout.Checkpoint, error) {
	c, err := s.queries().LastCheckpoint(ctx, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return rollout.Checkpoint{}, nil
	}
	return c, mapped(err)
}

// KeepCheckpoint keeps the count of a month, in place of an earlier one, and ends the
// rollout with the last.
func (s *Store) KeepCheckpoint(ctx context.Context, id aid.RolloutID, c rollout.Checkpoint) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		row, err := q.LockRollout(ctx, id)
		if err != nil {
			return orNotFound(err, "rollout")
		}
		if err := q.PutCheckpoint(ctx, db.PutCheckpointParams{RolloutID: id, Month: int32(c.Month), Checkpoint: c}); err != nil || !c.Ended {
			return err
		}
		return q.PutRollout(ctx, db.PutRolloutParams{ID: id, Status: rollout.Ended, Version: row.Version, Name: row.Name, NameZh: row.NameZh})
	})
}

// NoteDeparture keeps that somebody has left the office for which they were trained.
// Noted again it stays as it was.
func (s *Store) NoteDeparture(ctx context.Context, id aid.RolloutID, v aid.VolunteerID, on aid.Date, by aid.AccountID, at time.Time) error {
	return mapped(s.queries().InsertDeparture(ctx, db.InsertDepartureParams{VolunteerID: v, RolloutID: id, LeftOn: dateTo(on), NotedBy: by, NotedAt: at}))
}

// KnownAreas gives those of some ids that are areas, each with the one that it stands
// for now: itself, or its successor if it was merged.
func (s *Store) KnownAreas(ctx context.Context, ids []aid.AreaID) (map[aid.AreaID]aid.AreaID, error) {
	rows, err := s.queries().KnownAreas(ctx, texts(ids))
	found := make(map[aid.AreaID]aid.AreaID, len(rows))
	for _, r := range rows {
		found[r.ID] = aid.AreaID(r.Now)
	}
	return found, mapped(err)
}
