package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// RequestRow is a help request of a file. Its beneficiary is not read: the file
// knows only the need.
type RequestRow struct {
	ID    aid.RequestID
	Need  aid.Need
	Cell  aid.Cell
	Shard aid.Cell // the coarse cell in which it is matched
}

// ImportRequests opens the help requests of a file in an area in the name of an
// account, each with a beneficiary of the request's id, which is their name too,
// and with the outbox row that starts its process. Requests that exist already
// are left alone. All good rows are written, or none; rows that could not be
// opened by hand either are left out and reported.
func (s *Store) ImportRequests(ctx context.Context, area aid.AreaID, by aid.AccountID, rows Rows[RequestRow], watch ImportWatch) (ImportCount, error) {
	in, err := s.importArea(ctx, area)
	if err != nil {
		return ImportCount{}, err
	}
	now, err := s.Now(ctx)
	if err != nil {
		return ImportCount{}, err
	}
	classes, err := s.RiskClasses(ctx)
	if err != nil {
		return ImportCount{}, err
	}
	plan := importPlan[RequestRow]{
		columns: []string{
			"id text", "lat float8", "lng float8", "cell bigint", "shard bigint", "category text", "min_people integer",
			"urgency text", "starts_at timestamptz", "ends_at timestamptz", "notes text", "roles jsonb", "opened_at timestamptz", "risk jsonb",
		},
		values: func(row RequestRow) ([]any, error) {
			row.Need.Risk = aid.RiskOf(classes, row.Need.Category)
			return stagedRequest(row, by, in, now)
		},
		checks: []check{
			once("id"),
			{"id", "SELECT row, 'is the id of a beneficiary already' AS message FROM staged s WHERE EXISTS (SELECT FROM beneficiaries b WHERE b.id = s.id) AND NOT EXISTS (SELECT FROM help_requests r WHERE r.id = s.id)"},
			{"skills", "SELECT row, string_agg(skill, ', ') || ': not in the catalogue of skills' AS message FROM staged, jsonb_array_elements(roles) AS role, jsonb_array_elements_text(role->'skills') AS skill WHERE skill NOT IN (SELECT id FROM skills) GROUP BY row"},
			{"courses", "SELECT row, string_agg(course, ', ') || ': not in the catalogue of courses' AS message FROM staged, jsonb_array_elements(roles) AS role, jsonb_array_elements_text(role->'courses') AS course WHERE course NOT IN (SELECT id FROM courses) GROUP BY row"},
		},
		merge: []string{
			`CREATE TEMP TABLE added ON COMMIT DROP AS SELECT * FROM staged s WHERE NOT EXISTS (SELECT FROM help_requests r WHERE r.id = s.id)`,
			`INSERT INTO beneficiaries (id, name, area_id, lat, lng, cell) SELECT id, id, @area, lat, lng, cell FROM added`,
			`INSERT INTO help_requests (id, beneficiary_id, opened_by, area_id, lat, lng, cell, shard, category, min_people, urgency, starts_at, ends_at, notes, status, opened_at, risk)
			SELECT id, id, @by, @area, lat, lng, cell, shard, category, min_people, urgency, starts_at, ends_at, notes, 'open', opened_at, risk FROM added`,
			`INSERT INTO request_roles (request_id, role_no, name, skills, courses, people)
			SELECT id, n - 1, role->>'name', ARRAY(SELECT jsonb_array_elements_text(role->'skills')), ARRAY(SELECT jsonb_array_elements_text(role->'courses')), (role->>'people')::integer
			FROM added, jsonb_array_elements(roles) WITH ORDINALITY AS r(role, n)`,
			`INSERT INTO events (request_id, kind, at, actor) SELECT id, @opened, opened_at, @by FROM added ORDER BY row`,
			`INSERT INTO outbox (kind, key, payload)
			SELECT @start, id, jsonb_build_object('request', id, 'shard', shard, 'urgency', urgency) FROM added ORDER BY row`,
			`SELECT count(*), 0 FROM added`,
		},
		args: pgx.NamedArgs{
			"area": string(area), "by": string(by), "opened": string(aid.EventRequestOpened), "start": contract.OutboxStartRequest,
		},
	}
	count, err := importRows(ctx, s, plan, rows, watch)
	if err == nil {
		s.events.announce()
		s.outbox.announce()
	}
	return count, err
}

func stagedRequest(row RequestRow, by aid.AccountID, area aid.Area, now time.Time) ([]any, error) {
	row.Need.Beneficiary = aid.BeneficiaryID(row.ID)
	var c aid.Check
	c.That(aid.ValidID(row.ID), "id", "must be 1 to %d letters, digits, '.', '_' or '-'", aid.MaxIDLength)
	if err := c.Err("help request"); err != nil {
		return nil, err
	}
	r, err := aid.OpenRequest(row.ID, row.Need, by, area, row.Cell, now)
	if err != nil {
		return nil, err
	}
	roles := make([]aid.RequestRole, len(r.Roles))
	for i, role := range r.Roles { // lists, never null
		role.Skills, role.Courses = append([]aid.Skill{}, role.Skills...), append([]aid.CourseID{}, role.Courses...)
		roles[i] = role
	}
	return []any{
		string(r.ID), r.Location.Lat, r.Location.Lng, int64(r.Cell), int64(row.Shard), r.Category, r.MinPeople,
		string(r.Urgency), r.Window.StartsAt, r.Window.EndsAt, r.Notes, roles, r.OpenedAt, r.Risk,
	}, nil
}
