package postgres

import (
	"context"

	"github.com/linli/linli/aid"
)

// RiskClasses gives the risk classes by id.
func (s *Store) RiskClasses(ctx context.Context) ([]aid.RiskClass, error) {
	rows, err := s.queries().ListRiskClasses(ctx)
	out := make([]aid.RiskClass, len(rows))
	for i, row := range rows {
		out[i] = aid.RiskClass{
			Risk: aid.Risk{
				Class: row.ID, CheckMonths: int(row.CheckMonths), MinorsBarred: row.MinorsBarred, TwoDeep: row.TwoDeep,
				Course: aid.CourseID(row.CourseID),
			},
			NameZh: row.NameZh, NameEn: row.NameEn, Categories: row.Categories,
		}
	}
	return out, mapped(err)
}

// Categories gives the kinds of help that are known, by name: those of a risk class, and
// those that help was ever asked for.
func (s *Store) Categories(ctx context.Context) ([]aid.Category, error) {
	rows, err := s.queries().ListCategories(ctx)
	out := make([]aid.Category, len(rows))
	for i, row := range rows {
		out[i] = aid.Category{Name: row.Category, Class: aid.RiskClassID(row.ClassID)}
	}
	return out, mapped(err)
}

// ImportRiskClasses takes risk classes over; those that there are become what the
// file says, with the categories that it names and no others. Help requests that
// are open keep to what held when they were opened. All good rows are written, or
// none; rows whose course is not known, or one of whose categories belongs to
// another class, are left out and reported. While any row is left out, so are those
// by which a category would end without a class, since it would be unprotected.
func (s *Store) ImportRiskClasses(ctx context.Context, rows Rows[aid.RiskClass], watch ImportWatch) (ImportCount, error) {
	const listed = "staged s, unnest(s.categories) AS one(category)"
	plan := importPlan[aid.RiskClass]{
		columns: []string{
			"id text", "name_zh text", "name_en text", "check_months integer", "minors_barred boolean", "two_deep boolean",
			"course_id text", "categories text[]",
		},
		values: func(k aid.RiskClass) ([]any, error) {
			if err := k.Validate(); err != nil {
				return nil, err
			}
			categories := make([]string, len(k.Categories))
			for i, one := range k.Categories {
				categories[i] = aid.CategoryOf(one)
			}
			var course any // none is null
			if k.Course != "" {
				course = string(k.Course)
			}
			return []any{
				string(k.Class), k.NameZh, k.NameEn, k.CheckMonths, k.MinorsBarred, k.TwoDeep, course, categories,
			}, nil
		},
		checks: []check{
			once("id"),
			{"course", "SELECT row, course_id || ' is not in the catalogue of courses' AS message FROM staged WHERE course_id NOT IN (SELECT id FROM courses)"},
			{"categories", "SELECT row, string_agg(category, ', ') || ': named by an earlier row, too' AS message FROM (SELECT s.row, category, min(s.row) OVER (PARTITION BY category) AS first FROM " + listed + ") s WHERE row > first GROUP BY row"},
			{"categories", "SELECT s.row, string_agg(c.category, ', ') || ': of another class' AS message FROM " + listed + " JOIN risk_categories c ON c.category = one.category WHERE c.class_id NOT IN (SELECT id FROM staged) GROUP BY s.row UNION ALL " +
				// A row that was rejected may have been to take over what this one gives up.
				"SELECT s.row, string_agg(c.category, ', ') || ': would be of no class, while a row that may name it was rejected; correct that row first' FROM staged s JOIN risk_categories c ON c.class_id = s.id " +
				"WHERE (@refused > 0 OR EXISTS (SELECT FROM rejected)) AND c.category NOT IN (SELECT one.category FROM " + listed + ") GROUP BY s.row"},
		},
		merge: []string{
			`CREATE TEMP TABLE differ ON COMMIT DROP AS SELECT s.id, k.id IS NULL AS added FROM staged s LEFT JOIN risk_classes k ON k.id = s.id
			WHERE (s.name_zh, s.name_en, s.check_months, s.minors_barred, s.two_deep, s.course_id)
				IS DISTINCT FROM (k.name_zh, k.name_en, k.check_months, k.minors_barred, k.two_deep, k.course_id::text)
				OR ARRAY(SELECT unnest(s.categories) ORDER BY 1) <> ARRAY(SELECT category::text FROM risk_categories c WHERE c.class_id = k.id ORDER BY 1)`,
			`INSERT INTO risk_classes AS k (id, name_zh, name_en, check_months, minors_barred, two_deep, course_id)
			SELECT id, name_zh, name_en, check_months, minors_barred, two_deep, course_id FROM staged ORDER BY id
			ON CONFLICT (id) DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en, check_months = excluded.check_months,
				minors_barred = excluded.minors_barred, two_deep = excluded.two_deep, course_id = excluded.course_id`,
			`DELETE FROM risk_categories WHERE class_id IN (SELECT id FROM staged)`,
			`INSERT INTO risk_categories (category, class_id) SELECT category, s.id FROM ` + listed,
			`SELECT count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM differ`,
		},
	}
	return importRows(ctx, s, plan, rows, watch)
}
