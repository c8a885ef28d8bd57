package postgres

import (
	"context"

	"github.com/linli/linli/aid"
)

// placedAreas finds the path of each area that is known or of the file, as far
// as its line of parents ends at a root.
const placedAreas = `WITH RECURSIVE placed AS (
	SELECT a.id::text AS id, coalesce(n.path, a.path) AS path FROM areas a LEFT JOIN areas n ON n.id = a.merged_into
	UNION ALL SELECT id, '/' || id || '/' FROM staged WHERE parent = '' AND id NOT IN (SELECT id FROM areas)
	UNION SELECT s.id, p.path || s.id || '/' FROM staged s JOIN placed p ON p.id = s.parent
		WHERE s.id NOT IN (SELECT id FROM areas))`

// ImportAreas adds the areas of a file, whose parents may come in any order or
// be known already. An area that exists stays as it is, since what lies in it is
// found by its path; its names alone are brought up to the file. A parent that was
// merged is its successor. All good rows
// are written, or none; rows whose parent is not known are left out and reported.
func (s *Store) ImportAreas(ctx context.Context, rows Rows[aid.Area], watch ImportWatch) (ImportCount, error) {
	return importRows(ctx, s, importPlan[aid.Area]{
		columns: []string{"id text", "parent text", "level text", "name_zh text", "name_en text"},
		values: func(a aid.Area) ([]any, error) {
			if err := a.Validate(); err != nil {
				return nil, err
			}
			return []any{string(a.ID), string(a.Parent), string(a.Level), a.NameZh, a.NameEn}, nil
		},
		checks: []check{
			once("id"),
			{"parent", placedAreas + " SELECT row, 'is not known, or leads in a circle' AS message FROM staged WHERE id NOT IN (SELECT id FROM placed)"},
			{"parent", "SELECT row, 'is another than before; an area cannot move' AS message FROM staged s JOIN areas a ON a.id = s.id WHERE a.merged_into IS NULL AND coalesce(a.parent, '') <> area_now(s.parent)"},
		},
		merge: []string{placedAreas + `, merged AS (
			INSERT INTO areas AS a (id, parent, path, level, name_zh, name_en)
			SELECT s.id, nullif(area_now(s.parent), ''), p.path, s.level, s.name_zh, s.name_en FROM staged s JOIN placed p ON p.id = s.id
			ORDER BY length(p.path), s.id
			ON CONFLICT (id) DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en
			WHERE a.merged_into IS NULL AND (a.name_zh, a.name_en) IS DISTINCT FROM (excluded.name_zh, excluded.name_en)
			RETURNING xmax = 0 AS added)
		SELECT count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM merged`},
	}, rows, watch)
}
