package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
	"github.com/linli/linli/training"
)

// Organisation gives one organisation and the path of its area.
func (s *Store) Organisation(ctx context.Context, id aid.OrganisationID) (aid.Organisation, aid.AreaPath, error) {
	row, err := s.queries().OrganisationRow(ctx, id)
	if err != nil {
		return aid.Organisation{}, "", orNotFound(err, "organisation")
	}
	return aid.Organisation{
		ID: row.ID, Parent: aid.OrganisationID(row.Parent), Tree: row.Tree, Tier: row.Tier, Area: row.AreaID, NameZh: row.NameZh, NameEn: row.NameEn,
	}, row.Path, nil
}

// AddCohort keeps a new cohort, with the order to start its process. It gives [aid.Conflict] with
// [aid.ReasonAlreadyExists] when the id is taken and [aid.Invalid] for trainers
// that are no accounts of trainers.
func (s *Store) AddCohort(ctx context.Context, c *training.Cohort) error {
	err := s.inTx(ctx, func(tx pgx.Tx) error { return addCohort(ctx, tx, c) })
	if err == nil {
		s.outbox.announce()
	}
	return err
}

func addCohort(ctx context.Context, tx pgx.Tx, c *training.Cohort) error {
	trainers, err := db.New(tx).KnownTrainers(ctx, texts(c.Trainers))
	if err != nil {
		return err
	}
	var check aid.Check
	for i, t := range c.Trainers {
		check.That(slices.Contains(trainers, t), fmt.Sprintf("trainers[%d]", i), "%q is no account of a trainer", t)
	}
	if err := check.Err("cohort"); err != nil {
		return err
	}
	var b batch
	q := b.queries()
	_ = q.InsertCohort(ctx, db.InsertCohortParams{
		ID: c.ID, CourseID: c.Course, Version: int32(c.Version), OrganisationID: c.Organisation, Mode: c.Mode, Venue: c.Venue,
		Lat: c.Location.Lat, Lng: c.Location.Lng, Cell: c.Cell, Capacity: int32(c.Capacity), Waiting: int32(c.Waiting),
		Status: c.Status, StartsAt: c.First().During.StartsAt, OpenedBy: c.OpenedBy, OpenedAt: c.OpenedAt,
		TrainersWanted: int32(c.Wanted),
	})
	for i, t := range c.Trainers {
		_ = q.InsertCohortTrainer(ctx, db.InsertCohortTrainerParams{CohortID: c.ID, AccountID: t, Place: int32(i)})
	}
	for _, s := range c.Sessions {
		_ = q.InsertCohortSession(ctx, db.InsertCohortSessionParams{
			CohortID: c.ID, SessionNo: int32(s.No), Title: s.Title, StartsAt: s.During.StartsAt, EndsAt: s.During.EndsAt,
		})
	}
	writeSteps(ctx, q, c, c.OpenedAt)
	cohortChanged(ctx, q, c.ID)
	return b.send(ctx, tx)
}

// Cohorts gives the cohorts of the filter, the last to begin first.
func (s *Store) Cohorts(ctx context.Context, f training.CohortFilter, p aid.Page) (aid.PageOf[training.Card], error) {
	after, err := newestAfter(p)
	if err != nil {
		return aid.PageOf[training.Card]{}, err
	}
	rows, err := s.queries().ListCohorts(ctx, db.ListCohortsParams{
		BeforeAt: after.At, BeforeID: after.ID, Course: string(f.Course), Area: string(f.Area), Volunteer: string(f.Volunteer),
		Statuses: texts(f.Statuses), Rollout: string(f.Rollout), Step: f.Step, PeopleOf: string(f.PeopleOf), AtMost: int32(p.Limit) + 1,
	})
	if err != nil {
		return aid.PageOf[training.Card]{}, mapped(err)
	}
	page := onePage(rows, p.Limit, func(row db.ListCohortsRow) any { return newest{row.StartsAt, string(row.ID)} },
		func(row db.ListCohortsRow) string { return string(row.ID) })
	cards, err := cohortCards(ctx, s.queries(), page.Items)
	return aid.PageOf[training.Card]{Items: cards, Next: page.Next}, mapped(err)
}

// CohortCard gives one cohort without its people.
func (s *Store) CohortCard(ctx context.Context, id training.CohortID) (training.Card, error) {
	cards, err := cohortCards(ctx, s.queries(), []string{string(id)})
	switch {
	case err != nil:
		return training.Card{}, mapped(err)
	case len(cards) == 0:
		return training.Card{}, aid.Errorf(aid.NotFound, "there is no such cohort")
	}
	return cards[0], nil
}

// Cohort gives one cohort with its people, as of one instant.
func (s *Store) Cohort(ctx context.Context, id training.CohortID) (c *training.Cohort, err error) {
	err = s.readTx(ctx, func(tx pgx.Tx) error {
		c, err = loadCohort(ctx, db.New(tx), id)
		return err
	})
	return c, err
}

// EnrolmentsOf gives somebody's enrolments in some cohorts.
func (s *Store) EnrolmentsOf(ctx context.Context, v aid.VolunteerID, in []training.CohortID) (map[training.CohortID]training.Enrolment, error) {
	rows, err := s.queries().EnrolmentsOfVolunteer(ctx, db.EnrolmentsOfVolunteerParams{Volunteer: v, Cohorts: texts(in)})
	out := make(map[training.CohortID]training.Enrolment, len(rows))
	for _, row := range rows {
		out[row.CohortID] = training.Enrolment{
			Volunteer: row.VolunteerID, No: int(row.Arrival), Status: row.Status, Via: row.Via, By: row.EnrolledBy, At: row.Since,
		}
	}
	return out, mapped(err)
}

func cohortCards(ctx context.Context, q *db.Queries, ids []string) ([]training.Card, error) {
	rows, err := q.CohortRows(ctx, ids)
	if err != nil {
		return nil, err
	}
	sessions, err := q.CohortSessions(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]training.Card, len(rows))
	for i, row := range rows {
		out[i] = training.Card{Cohort: cohortOf(row), Seats: int(row.Taken), Line: int(row.Queue)}
		for _, k := range sessions {
			if k.CohortID == row.ID {
				out[i].Sessions = append(out[i].Sessions, training.Session{
					No: int(k.SessionNo), Title: k.Title, During: aid.Window{StartsAt: k.StartsAt, EndsAt: k.EndsAt}, Venue: k.Venue,
				})
			}
		}
	}
	return out, nil
}

func cohortOf(row db.CohortRowsRow) training.Cohort {
	c := training.Cohort{
		ID: row.ID, Rule: definitionOf(row.CourseVersion), AreaPath: row.Path, Status: row.Status, Reason: row.Reason,
		OpenedBy: row.OpenedBy, OpenedAt: row.OpenedAt, EndedAt: time.Time(row.EndedAt), FollowedAt: time.Time(row.FollowedAt), Wanted: int(row.TrainersWanted), Unmet: row.TrainersUnmet, Secret: row.Secret,
		Plan: training.Plan{
			Course: row.CourseID, Version: int(row.Version), Organisation: row.OrganisationID, Mode: row.Mode, Venue: row.Venue,
			Location: aid.Point{Lat: row.Lat, Lng: row.Lng}, Cell: row.Cell, Capacity: int(row.Capacity), Waiting: int(row.Waiting),
		},
	}
	for _, t := range row.Trainers {
		c.Trainers = append(c.Trainers, aid.AccountID(t))
	}
	return c
}

func loadCohort(ctx context.Context, q *db.Queries, id training.CohortID) (*training.Cohort, error) {
	cards, err := cohortCards(ctx, q, []string{string(id)})
	if err != nil {
		return nil, err
	}
	if len(cards) == 0 {
		return nil, aid.Errorf(aid.NotFound, "there is no such cohort")
	}
	c := &cards[0].Cohort
	enrolments, err := q.CohortEnrolments(ctx, id)
	for _, row := range enrolments {
		c.Enrolments = append(c.Enrolments, training.Enrolment{
			Volunteer: row.VolunteerID, No: int(row.Arrival), Status: row.Status, Via: row.Via, By: row.EnrolledBy, At: row.Since,
		})
	}
	if err != nil {
		return nil, err
	}
	if err := loadAsks(ctx, q, c); err != nil {
		return nil, err
	}
	steps, err := q.CohortSteps(ctx, id)
	if err != nil {
		return nil, err
	}
	c.Steps = make(map[string]bool, len(steps))
	for _, step := range steps {
		c.Steps[step] = true
	}
	marks, err := q.CohortMarks(ctx, id)
	for _, row := range marks {
		c.Marks = append(c.Marks, training.Mark{
			Session: int(row.SessionNo), Volunteer: row.VolunteerID, Present: row.Present, Means: row.Means, By: row.NotedBy, At: row.NotedAt,
		})
	}
	if err != nil {
		return nil, err
	}
	scores, err := q.CohortScores(ctx, id)
	for _, row := range scores {
		c.Scores = append(c.Scores, training.Score{
			Volunteer: row.VolunteerID, Try: int(row.Try), Points: int(row.Points), By: row.NotedBy, At: row.NotedAt,
		})
	}
	if err != nil {
		return nil, err
	}
	waivers, err := q.CohortWaivers(ctx, id)
	for _, row := range waivers {
		c.Waivers = append(c.Waivers, training.Waiver{
			Volunteer: row.VolunteerID, Requirement: row.Requirement, Reason: row.Reason, By: row.NotedBy, At: row.NotedAt,
		})
	}
	return c, err
}
