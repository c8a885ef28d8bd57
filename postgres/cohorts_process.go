package postgres

import (
	"context"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
	"github.com/linli/linli/training"
	"github.com/linli/linli/workflows/contract"
)

// AdvanceCohort is [Store.ChangeCohort] for the process of a cohort: fn also learns
// where those could go whom the cohort has left without the course, if it has ended.
// The process is not told of what it does itself.
func (s *Store) AdvanceCohort(ctx context.Context, id training.CohortID, fn func(c *training.Cohort, elsewhere training.Elsewhere, now time.Time) error) (*training.Cohort, error) {
	return s.changeCohort(ctx, id, func(q *db.Queries, c *training.Cohort, now time.Time) error {
		elsewhere, err := elsewhereOf(ctx, q, c, now)
		if err != nil {
			return err
		}
		return fn(c, elsewhere, now)
	}, func(context.Context, *db.Queries, training.CohortID) {})
}

func elsewhereOf(ctx context.Context, q *db.Queries, c *training.Cohort, now time.Time) (training.Elsewhere, error) {
	e := training.Elsewhere{Homes: map[aid.VolunteerID]aid.Point{}}
	left := c.Left()
	if len(left) == 0 || !c.FollowedAt.IsZero() {
		return e, nil
	}
	homes, err := q.HomesWithoutCourse(ctx, db.HomesWithoutCourseParams{Volunteers: texts(left), Course: c.Course, Day: dateTo(training.Day(now))})
	if err != nil {
		return e, err
	}
	for _, h := range homes {
		e.Homes[h.ID] = aid.Point{Lat: h.Lat, Lng: h.Lng}
	}
	ids, err := q.OpenCohortsOf(ctx, db.OpenCohortsOfParams{Course: c.Course, Now: now})
	if err != nil || len(ids) == 0 {
		return e, err
	}
	cards, err := cohortCards(ctx, q, texts(ids))
	for i := len(cards) - 1; i >= 0; i-- { // they come with the last to begin first
		e.Open = append(e.Open, cards[i])
	}
	return e, err
}

// LiveCohorts gives the cohorts whose process has something to do.
func (s *Store) LiveCohorts(ctx context.Context) ([]training.CohortID, error) {
	ids, err := s.queries().LiveCohorts(ctx)
	return ids, mapped(err)
}

// writeSteps queues the steps that were taken, each followed by the notices that tell
// of it.
func writeSteps(ctx context.Context, q *db.Queries, c *training.Cohort, now time.Time) {
	for _, step := range c.NewSteps {
		_ = q.TakeCohortStep(ctx, db.TakeCohortStepParams{CohortID: c.ID, Step: step, TakenAt: now})
	}
	for _, t := range c.Tellings {
		_ = q.InsertCohortNotices(ctx, db.InsertCohortNoticesParams{
			StepOf: string(c.ID), Step: t.Step, Kind: t.Kind, Urgent: t.Urgent, Cohort: t.Cohort, SessionNo: int32(t.Session), At: t.At, Until: t.Until,
			Volunteers: texts(t.Volunteers), Accounts: texts(t.Accounts), Areas: texts(c.AreaPath.Above()), Coordinators: t.Coordinators, JustThem: t.Only,
			Wake: contract.OutboxNoticesDue,
		})
	}
}

// cohortChanged has the process of a cohort look, and starts it if there is none.
func cohortChanged(ctx context.Context, q *db.Queries, id training.CohortID) {
	_ = q.InsertOutbox(ctx, db.InsertOutboxParams{Kind: contract.OutboxCohortChanged, Key: contract.CohortOutboxKey(id), Payload: []byte("{}")})
}
