package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
)

// Mark is a place in the change feed of volunteers: the oldest transaction that
// was open when the feed was read. Marks belong to one database and its history:
// whoever keeps one keeps a stamp with it, see [Store.StampHistory].
type Mark = aid.FeedMark

// Candidates yields every volunteer as matching sees them, without name and
// phone, inactive ones too, and the mark from which changes follow. It stops
// with the error of yield, which must not keep the connection waiting long.
func (s *Store) Candidates(ctx context.Context, yield func(aid.Candidate) error) (Mark, error) {
	return s.feed(ctx, yield, db.AllCandidates)
}

// CandidatesSince yields the volunteers who may have changed since the mark,
// with what binds their time, and the next mark. It misses no change, however
// long the transaction that made it stayed open: one that the reading at the
// mark did not show had that number or a greater one. It may yield a volunteer
// who did not change, so taking in the same one twice must do no harm.
func (s *Store) CandidatesSince(ctx context.Context, since Mark, yield func(aid.Candidate) error) (Mark, error) {
	return s.feed(ctx, yield, db.ChangedCandidates, uint64(since))
}

func (s *Store) feed(ctx context.Context, yield func(aid.Candidate) error, query string, args ...any) (Mark, error) {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return 0, mapped(err)
	}
	defer conn.Release()
	// The mark is read first: what commits in between is yielded now and again.
	mark, err := db.New(conn).OldestOpenTransaction(ctx)
	if err != nil {
		return 0, mapped(err)
	}
	rows, err := conn.Query(ctx, query, args...)
	if err != nil {
		return 0, mapped(err)
	}
	defer rows.Close()
	for rows.Next() {
		row, err := pgx.RowToStructByPos[db.AllCandidatesRow](rows)
		if err != nil {
			return 0, mapped(err)
		}
		c, err := candidateOf(row)
		if err != nil {
			return 0, err
		}
		if err := yield(c); err != nil {
			return 0, err
		}
	}
	return Mark(mark), mapped(rows.Err())
}

// StampHistory names what has happened in the database so far, for [Store.HasStamp]
// to know again. It forgets the stamps of more than 30 days ago.
func (s *Store) StampHistory(ctx context.Context) (stamp string, err error) {
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		if err := q.ForgetStamps(ctx); err != nil {
			return err
		}
		stamp, err = q.StampHistory(ctx)
		return err
	})
	return stamp, err
}

// HasStamp tells whether the database is the one that was stamped and has all that
// had happened in it by then. In a copy, in one that a dump was read into, and
// after a backup from before the stamp was put back, it has not.
func (s *Store) HasStamp(ctx context.Context, stamp string) (bool, error) {
	has, err := s.queries().HasStamp(ctx, stamp)
	return has, mapped(err)
}

func candidateOf(row db.AllCandidatesRow) (aid.Candidate, error) {
	c := aid.Candidate{Volunteer: aid.Volunteer{
		ID: row.ID, Area: row.AreaID, AreaPath: row.Path, Home: aid.Point{Lat: row.Lat, Lng: row.Lng}, Cell: row.Cell,
		Skills: row.Skills, Courses: coursesOf(row.Courses, row.CoursesUntil), Availability: row.Availability,
		Capacity: int(row.Capacity), MaxDistance: int(row.MaxDistance), Active: row.Active,
	}}
	for i := range row.BoundFrom {
		c.Bound = append(c.Bound, aid.Window{StartsAt: row.BoundFrom[i], EndsAt: row.BoundTo[i]})
	}
	for i := range row.VisitsFrom {
		c.Visits = append(c.Visits, aid.Window{StartsAt: row.VisitsFrom[i], EndsAt: row.VisitsTo[i]})
	}
	var err error
	c.Vetting = vettingOf(row.CheckedOn, row.BirthDate, row.GuardianConsentUntil)
	c.Budget, err = budgetOf(row.Budget)
	return c, err
}

func coursesOf(ids []string, until []pgtype.Date) []aid.CourseHeld {
	var out []aid.CourseHeld
	for i, id := range ids {
		out = append(out, aid.CourseHeld{Course: aid.CourseID(id), Until: dateOf(until[i])})
	}
	return out
}

// dateOf reads a day; NULL is the zero date, which means no end.
func dateOf(d pgtype.Date) aid.Date {
	if !d.Valid {
		return aid.Date{}
	}
	return aid.DateOf(d.Time)
}

func dateTo(d aid.Date) pgtype.Date {
	if d.IsZero() {
		return pgtype.Date{}
	}
	return pgtype.Date{Time: time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC), Valid: true}
}
