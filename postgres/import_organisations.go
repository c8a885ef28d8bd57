package postgres

import (
	"context"
	"slices"

	"github.com/linli/linli/aid"
)

// Trees and tiers of organisations, as the schema has them.
var (
	organisationTrees = []string{"regional", "special"}
	organisationTiers = []string{"association", "corps", "division", "brigade", "detachment", "central_station", "station", "team"}
)

// ImportOrganisations adds the organisations of a file and brings those that
// exist up to it. An organisation that names no area belongs to the given one.
// Parents may come in any order. All good rows are written, or none; rows whose
// area is not known, or whose line of parents does not end at a root of the same
// tree, are left out and reported.
func (s *Store) ImportOrganisations(ctx context.Context, area aid.AreaID, rows Rows[aid.Organisation], watch ImportWatch) (ImportCount, error) {
	if _, err := s.importArea(ctx, area); err != nil {
		return ImportCount{}, err
	}
	plan := importPlan[aid.Organisation]{
		columns: []string{"id text", "parent text", "tree text", "tier text", "area_id text", "name_zh text", "name_en text"},
		values:  func(o aid.Organisation) ([]any, error) { return stagedOrganisation(o, area) },
		checks: []check{
			once("id"),
			{"area_id", "SELECT row, 'is not a known area' AS message FROM staged WHERE area_id NOT IN (SELECT id FROM areas)"},
			{"parent", `WITH RECURSIVE afterwards AS (
					SELECT id, parent, tree FROM staged UNION ALL SELECT id, parent, tree FROM organisations WHERE id NOT IN (SELECT id FROM staged)),
				rooted AS (
					SELECT id, tree FROM afterwards WHERE parent IS NULL
					UNION SELECT a.id, a.tree FROM afterwards a JOIN rooted p ON p.id = a.parent AND p.tree = a.tree)
				SELECT row, 'is not known, lies in the other tree, or leads in a circle' AS message FROM staged WHERE id NOT IN (SELECT id FROM rooted)`},
		},
		merge: []string{
			`WITH merged AS (
				INSERT INTO organisations AS o (id, parent, tree, tier, area_id, name_zh, name_en)
				SELECT id, parent, tree, tier, area_id, name_zh, name_en FROM staged ORDER BY id
				ON CONFLICT (id) DO UPDATE SET parent = excluded.parent, tree = excluded.tree, tier = excluded.tier,
					area_id = excluded.area_id, name_zh = excluded.name_zh, name_en = excluded.name_en
				WHERE (o.parent, o.tree, o.tier, o.area_id, o.name_zh, o.name_en)
					IS DISTINCT FROM (excluded.parent, excluded.tree, excluded.tier, excluded.area_id, excluded.name_zh, excluded.name_en)
				RETURNING xmax = 0 AS added)
			SELECT count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM merged`,
		},
	}
	return importRows(ctx, s, plan, rows, watch)
}

func stagedOrganisation(o aid.Organisation, area aid.AreaID) ([]any, error) {
	if o.Area == "" {
		o.Area = area
	}
	var c aid.Check
	c.That(aid.ValidID(o.ID), "id", "must be 1 to %d letters, digits, '.', '_' or '-'", aid.MaxIDLength)
	c.That(slices.Contains(organisationTrees, o.Tree), "tree", "must be one of %v", organisationTrees)
	c.That(slices.Contains(organisationTiers, o.Tier), "tier", "must be one of %v", organisationTiers)
	c.That(o.NameZh != "" || o.NameEn != "", "name_zh", "is missing")
	if err := c.Err("organisation"); err != nil {
		return nil, err
	}
	parent := any(nil)
	if o.Parent != "" {
		parent = string(o.Parent)
	}
	return []any{string(o.ID), parent, o.Tree, o.Tier, string(o.Area), o.NameZh, o.NameEn}, nil
}
