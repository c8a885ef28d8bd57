package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
)

// hasPostGIS tells whether the extension's files are installed.
func hasPostGIS(ctx context.Context, db *pgx.Conn) (bool, error) {
	var there bool
	err := db.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'postgis')`).Scan(&there)
	return there, err
}

// fill makes the table of the volunteers, in the order of their cells, with an
// index for every way to search it.
func fill(ctx context.Context, db *pgx.Conn, p people, withPostGIS bool) error {
	rows := make([]row, len(p.Volunteers))
	for i, v := range p.Volunteers {
		var err error
		if rows[i], err = rowOf(i, v); err != nil {
			return err
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(a.cells[len(resolutions)-1], b.cells[len(resolutions)-1]) })
	if err := execute(ctx, db,
		`DROP TABLE IF EXISTS volunteers`,
		`CREATE UNLOGGED TABLE volunteers (
			id bigint NOT NULL, lat float8 NOT NULL, lng float8 NOT NULL,
			x float8 NOT NULL, y float8 NOT NULL, z float8 NOT NULL,
			cell5 bigint NOT NULL, cell6 bigint NOT NULL, cell7 bigint NOT NULL, cell8 bigint NOT NULL,
			skills bigint NOT NULL, courses int[] NOT NULL, chord float8 NOT NULL, reach float8 NOT NULL,
			available_from timestamptz NOT NULL, available_to timestamptz NOT NULL)`); err != nil {
		return err
	}
	columns := []string{"id", "lat", "lng", "x", "y", "z", "cell5", "cell6", "cell7", "cell8", "skills", "courses", "chord", "reach", "available_from", "available_to"}
	_, err := db.CopyFrom(ctx, pgx.Identifier{"volunteers"}, columns, pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
		r := &rows[i]
		return []any{
			r.id, r.home.Lat, r.home.Lng, r.at.X, r.at.Y, r.at.Z, r.cells[0], r.cells[1], r.cells[2], r.cells[3],
			r.skills, r.courses, r.chord, r.reach, r.from, r.until,
		}, nil
	}))
	if err != nil {
		return err
	}
	for _, res := range resolutions {
		if err := execute(ctx, db, fmt.Sprintf(`CREATE INDEX ON volunteers (cell%d)`, res)); err != nil {
			return err
		}
	}
	if withPostGIS {
		if err := execute(ctx, db,
			`CREATE EXTENSION IF NOT EXISTS postgis`,
			`ALTER TABLE volunteers ADD COLUMN home geography(Point, 4326), ADD COLUMN flat geometry(Point, 32652)`,
			`UPDATE volunteers SET home = ST_MakePoint(lng, lat)::geography, flat = ST_Transform(ST_SetSRID(ST_MakePoint(lng, lat), 4326), 32652)`,
			`VACUUM FULL volunteers`,
			`CREATE INDEX ON volunteers USING gist (home)`,
			`CREATE INDEX ON volunteers USING gist (flat)`); err != nil {
			return err
		}
	}
	return execute(ctx, db, `VACUUM ANALYZE volunteers`, `SET jit = off`, `SET max_parallel_workers_per_gather = 0`)
}

func execute(ctx context.Context, db *pgx.Conn, statements ...string) error {
	for _, sql := range statements {
		if _, err := db.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%.60s: %w", sql, err)
		}
	}
	return nil
}
