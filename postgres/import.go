package postgres

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/linli/linli/aid"
)

// Numbered is one row of a file with its number, by which it is spoken of.
type Numbered[T any] struct {
	Row   int
	Value T
}

// Rows are the rows of a file as they are read. An error ends the import, which
// then has written nothing; rows that the reader refuses are not given.
type Rows[T any] = iter.Seq2[Numbered[T], error]

// ImportWatch follows an import. Its functions may be nil and are called from
// the importing goroutine.
type ImportWatch struct {
	// Rejected hears of a row that is left out, in no order. An error ends the
	// import, which then has written nothing.
	Rejected func(row int, reason error) error
	Progress func(rows int) // rows read so far, every some thousand
	// Refused is how many rows the reader has left out itself.
	Refused func() int
}

// ImportCount says what became of the rows of a file.
type ImportCount struct {
	Added, Changed, Unchanged, Rejected int
}

// rowsPerCopy is how many rows are sent in one COPY. Each is a transaction of
// its own into a temporary table, so that reading a long file does not hold up
// the readers that wait for the oldest transaction.
const rowsPerCopy = 20_000

// importLock is held by the one import that writes.
const importLock = 0x6c696e6c6a

// importPlan says how rows of one kind get into the tables. The rows are copied
// into the temporary table staged, whose first column is the row's number; the
// checks write what is wrong with them into the temporary table rejected; then
// the good rows are merged. All but the copying is one transaction.
type importPlan[T any] struct {
	columns []string // of staged, after row, with their types
	values  func(T) ([]any, error)
	checks  []check
	merge   []string // statements; the last gives the numbers of rows added and changed
	// concerns gives the ids of volunteers whom requests bind and whom the rows may bar
	// from coming; empty where they say nothing of volunteers.
	concerns string
	args     pgx.NamedArgs // of every check and statement, and refused
}

// told is the plan whose statements know how many rows were refused before them.
func (p importPlan[T]) told(refused int) importPlan[T] {
	args := pgx.NamedArgs{"refused": refused}
	maps.Copy(args, p.args)
	p.args = args
	return p
}

// check gives the rows that break a rule as (row, message).
type check struct{ field, query string }

// once refuses rows that say the same in a field, and in others, as an earlier
// row.
func once(field string, others ...string) check {
	key := strings.Join(append(others, field), ", ")
	return check{field, "SELECT row, 'came before, in row ' || first AS message FROM " +
		"(SELECT row, min(row) OVER (PARTITION BY " + key + ") AS first FROM staged) s WHERE row > first"}
}

func importRows[T any](ctx context.Context, s *Store, plan importPlan[T], rows Rows[T], watch ImportWatch) (ImportCount, error) {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return ImportCount{}, mapped(err)
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, "CREATE TEMP TABLE staged (row bigint NOT NULL, "+strings.Join(plan.columns, ", ")+
		"); CREATE TEMP TABLE rejected (row bigint PRIMARY KEY, field text NOT NULL, message text NOT NULL)"); err != nil {
		return ImportCount{}, mapped(err)
	}
	defer conn.Exec(context.WithoutCancel(ctx), "DROP TABLE IF EXISTS staged, rejected") //nolint:errcheck // a lost connection drops them as well
	count, err := stage(ctx, conn, plan, rows, watch)
	if broken := (unreadable{}); errors.As(err, &broken) {
		return ImportCount{}, broken.error
	}
	if err != nil {
		return ImportCount{}, mapped(err)
	}
	merged, err := mergeStaged(ctx, conn, plan.told(count.Rejected+watch.refused()), watch)
	if err != nil {
		return ImportCount{}, mapped(err)
	}
	if plan.concerns != "" {
		s.events.announce()
		s.outbox.announce()
	}
	merged.Unchanged = count.Unchanged - merged.Added - merged.Changed - merged.Rejected
	merged.Rejected += count.Rejected
	return merged, nil
}

// unreadable is an error of the rows, not of the database.
type unreadable struct{ error }

// stage copies the rows that are sound by themselves and counts them as
// unchanged until the merge tells.
func stage[T any](ctx context.Context, conn *pgxpool.Conn, plan importPlan[T], rows Rows[T], watch ImportWatch) (ImportCount, error) {
	names := []string{"row"}
	for _, c := range plan.columns {
		name, _, _ := strings.Cut(c, " ")
		names = append(names, name)
	}
	next, stop := iter.Pull2(rows)
	defer stop()
	var count ImportCount
	read, more := 0, true
	var broken error
	for more {
		left := rowsPerCopy
		_, err := conn.CopyFrom(ctx, pgx.Identifier{"staged"}, names, pgx.CopyFromFunc(func() ([]any, error) {
			for left > 0 {
				row, err, ok := next()
				if more = ok; !ok || err != nil {
					broken = err
					return nil, err
				}
				left--
				read++
				values, err := plan.values(row.Value)
				if err == nil {
					count.Unchanged++
					return append([]any{row.Row}, values...), nil
				}
				count.Rejected++
				if broken = watch.reject(row.Row, err); broken != nil {
					return nil, broken
				}
			}
			return nil, nil
		}))
		if broken != nil {
			return count, unreadable{broken}
		}
		if err != nil {
			return count, err
		}
		if watch.Progress != nil {
			watch.Progress(read)
		}
	}
	_, err := conn.Exec(ctx, "ANALYZE staged")
	return count, err
}

func mergeStaged[T any](ctx context.Context, conn *pgxpool.Conn, plan importPlan[T], watch ImportWatch) (merged ImportCount, err error) {
	merge := func(tx pgx.Tx) error {
		merged = ImportCount{}
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", int64(importLock)); err != nil {
			return err
		}
		was, err := plan.concerned(ctx, tx)
		if err != nil {
			return err
		}
		for _, c := range plan.checks {
			query := "INSERT INTO rejected (row, field, message) SELECT row, '" + c.field + "', message FROM (" + c.query +
				") AS broken ON CONFLICT (row) DO NOTHING"
			if err := refuse(ctx, tx, query, plan.args); err != nil {
				return fmt.Errorf("checking %s: %w", c.field, err)
			}
		}
		last := len(plan.merge) - 1
		for _, statement := range plan.merge[:last] {
			if _, err := tx.Exec(ctx, statement, plan.args); err != nil {
				return err
			}
		}
		if err := tx.QueryRow(ctx, plan.merge[last], plan.args).Scan(&merged.Added, &merged.Changed); err != nil {
			return err
		}
		if plan.concerns != "" {
			if _, err := tx.Exec(ctx, tellStandingOfChanged); err != nil {
				return err
			}
		}
		if err := reconsider(ctx, tx, was); err != nil {
			return err
		}
		merged.Rejected, err = reportRejected(ctx, tx, watch)
		return err
	}
	// What a merge did to staged and rejected is undone with it.
	err = unlessBrokenOff(ctx, func() error { return pgx.BeginFunc(ctx, conn, merge) })
	return merged, err
}

// refuse runs a check until it finds no more: leaving a row out may break others
// that refer to it.
func refuse(ctx context.Context, tx pgx.Tx, query string, args pgx.NamedArgs) error {
	for {
		tag, err := tx.Exec(ctx, query, args)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		if _, err := tx.Exec(ctx, "DELETE FROM staged WHERE row IN (SELECT row FROM rejected)"); err != nil {
			return err
		}
	}
}

func reportRejected(ctx context.Context, tx pgx.Tx, watch ImportWatch) (n int, err error) {
	rows, err := tx.Query(ctx, "SELECT row, field, message FROM rejected ORDER BY row")
	if err != nil {
		return 0, err
	}
	var row int
	var field, message string
	_, err = pgx.ForEachRow(rows, []any{&row, &field, &message}, func() error {
		n++
		return watch.reject(row, &aid.Error{Kind: aid.Invalid, Message: "invalid row", Problems: []aid.Problem{{Field: field, Message: message}}})
	})
	return n, err
}

func (w ImportWatch) reject(row int, reason error) error {
	if w.Rejected == nil {
		return nil
	}
	return w.Rejected(row, reason)
}

func (w ImportWatch) refused() int {
	if w.Refused == nil {
		return 0
	}
	return w.Refused()
}

// importArea refuses an import into an area that is not known.
func (s *Store) importArea(ctx context.Context, id aid.AreaID) (aid.Area, error) {
	area, err := s.Area(ctx, id)
	if e := new(aid.Error); errors.As(err, &e) && e.Kind == aid.NotFound {
		var c aid.Check
		c.That(false, "area_id", "%q is not known; add the area first", id)
		return area, c.Err("import")
	}
	return area, err
}
