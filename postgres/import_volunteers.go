package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/linli/linli/aid"
)

// ImportVolunteers registers the volunteers of a file in an area, and brings
// those that are registered up to the file: their home, skills, availability,
// capacity, reach and the courses that it names. Courses that the file does not
// name stay, as do name and phone where the file has none; a new volunteer
// without a name is called by their id. Whether they are active stays too. The
// requests that bind them learn of it in the same transaction.
//
// All good rows are written, or none: an error leaves the tables as they were.
// The same file again changes nothing. Rows with a skill or course that is not
// in the catalogue, with an id that came before, or with less capacity than what
// binds the volunteer now are left out and reported.
func (s *Store) ImportVolunteers(ctx context.Context, area aid.AreaID, rows Rows[aid.Volunteer], watch ImportWatch) (ImportCount, error) {
	in, err := s.importArea(ctx, area) // one that was merged is its successor
	if err != nil {
		return ImportCount{}, err
	}
	plan := importPlan[aid.Volunteer]{
		columns: []string{
			"id text", "name text", "phone text", "lat float8", "lng float8", "cell bigint", "skills text[]",
			"availability jsonb", "capacity integer", "max_distance integer", "courses text[]", "courses_until date[]",
		},
		values: stagedVolunteer,
		checks: []check{
			once("id"),
			{"skills", "SELECT row, string_agg(skill, ', ') || ': not in the catalogue of skills' AS message FROM staged, unnest(skills) AS skill WHERE skill NOT IN (SELECT id FROM skills) GROUP BY row"},
			{"trained", "SELECT row, string_agg(course, ', ') || ': not in the catalogue of courses' AS message FROM staged, unnest(courses) AS course WHERE course NOT IN (SELECT id FROM courses) GROUP BY row"},
			// The volunteers who change, their courses counted, are locked all at
			// once and by id as everywhere: nobody binds them between this check and
			// the update, and nobody waits for one while holding another we wait for.
			{"capacity", "SELECT row, 'is ' || staged.capacity || ', less than the ' || v.load || ' tasks that bind the volunteer now' AS message FROM staged JOIN (SELECT v.id, v.load FROM volunteers v JOIN staged s ON s.id = v.id WHERE " + volunteerDiffers + " OR " + coursesDiffer + " ORDER BY v.id FOR NO KEY UPDATE OF v) v ON v.id = staged.id WHERE staged.capacity < v.load"},
		},
		merge: []string{
			`UPDATE volunteers v SET area_id = @area, lat = s.lat, lng = s.lng, cell = s.cell, skills = s.skills, availability = s.availability,
				capacity = s.capacity, max_distance = s.max_distance, name = coalesce(nullif(s.name, ''), v.name), phone = coalesce(nullif(s.phone, ''), v.phone)
			FROM staged s WHERE s.id = v.id AND ` + volunteerDiffers,
			`CREATE TEMP TABLE added ON COMMIT DROP AS SELECT id FROM staged s WHERE NOT EXISTS (SELECT FROM volunteers v WHERE v.id = s.id)`,
			`INSERT INTO volunteers (id, name, phone, area_id, lat, lng, cell, skills, availability, capacity, max_distance)
			SELECT id, coalesce(nullif(name, ''), id), phone, @area, lat, lng, cell, skills, availability, capacity, max_distance
			FROM staged WHERE id IN (SELECT id FROM added) ORDER BY id`,
			`INSERT INTO volunteer_courses AS held (volunteer_id, course_id, holds_until)
			SELECT s.id, c.id, c.until FROM staged s, unnest(s.courses, s.courses_until) AS c(id, until)
			WHERE NOT EXISTS (SELECT FROM volunteer_courses h WHERE h.volunteer_id = s.id AND h.course_id = c.id AND h.holds_until IS NOT DISTINCT FROM c.until)
			ORDER BY s.id, c.id
			ON CONFLICT (volunteer_id, course_id) DO UPDATE SET holds_until = excluded.holds_until`,
			`SELECT (SELECT count(*) FROM added), count(*) - (SELECT count(*) FROM added)
			FROM staged JOIN volunteers v USING (id) WHERE v.changed_in = pg_current_xact_id()`,
		},
		concerns: "SELECT v.id FROM staged s JOIN volunteers v ON v.id = s.id WHERE v.load > 0 AND (NOT v.skills <@ s.skills OR " + coursesEndSooner + ")",
		args:     pgx.NamedArgs{"area": string(in.ID)},
	}
	return importRows(ctx, s, plan, rows, watch)
}

// volunteerDiffers compares a row s of the file with the record v, as far as
// the file speaks.
const volunteerDiffers = `((v.area_id, v.lat, v.lng, v.cell, v.skills, v.availability, v.capacity, v.max_distance)
	IS DISTINCT FROM (@area::text, s.lat, s.lng, s.cell, s.skills, s.availability, s.capacity, s.max_distance)
	OR s.name NOT IN ('', v.name) OR s.phone NOT IN ('', v.phone))`

// coursesDiffer tells whether a row s of the file names a course that is not
// held, or held until another day.
const coursesDiffer = `EXISTS (SELECT FROM unnest(s.courses, s.courses_until) AS c(id, until)
	WHERE NOT EXISTS (SELECT FROM volunteer_courses h WHERE h.volunteer_id = s.id AND h.course_id = c.id AND h.holds_until IS NOT DISTINCT FROM c.until))`

// coursesEndSooner tells whether a course that is held ends sooner by a row s.
const coursesEndSooner = `EXISTS (SELECT FROM unnest(s.courses, s.courses_until) AS c(id, until)
	JOIN volunteer_courses h ON h.volunteer_id = s.id AND h.course_id = c.id WHERE c.until < coalesce(h.holds_until, 'infinity'))`

func stagedVolunteer(v aid.Volunteer) ([]any, error) {
	named := v
	if named.Name == "" {
		named.Name = string(v.ID)
	}
	if err := named.Validate(); err != nil {
		return nil, err
	}
	courses, until := make([]string, len(v.Courses)), make([]pgtype.Date, len(v.Courses))
	for i, h := range v.Courses {
		courses[i], until[i] = string(h.Course), dateTo(h.Until)
	}
	return []any{
		string(v.ID), v.Name, v.Phone, v.Home.Lat, v.Home.Lng, int64(v.Cell), texts(v.Skills),
		v.Availability, v.Capacity, v.MaxDistance, courses, until,
	}, nil
}

// Completion is a course that a volunteer completed and the last day on which it
// counts; the zero date means that it never lapses.
type Completion struct {
	Volunteer aid.VolunteerID
	aid.CourseHeld
}

// ImportCompletions notes the courses that volunteers completed. A course that
// is noted already gets the file's last day, and the requests that bind its volunteer
// learn of it in the same transaction. All good rows are written, or none;
// rows whose volunteer or course is not known, or that came before, are left out
// and reported.
func (s *Store) ImportCompletions(ctx context.Context, rows Rows[Completion], watch ImportWatch) (ImportCount, error) {
	plan := importPlan[Completion]{
		columns: []string{"volunteer_id text", "course_id text", "holds_until date"},
		values: func(c Completion) ([]any, error) {
			return []any{string(c.Volunteer), string(c.Course), dateTo(c.Until)}, nil
		},
		checks: []check{
			once("course_id", "volunteer_id"),
			{"volunteer_id", "SELECT row, 'is not registered' AS message FROM staged s WHERE NOT EXISTS (SELECT FROM volunteers v WHERE v.id = s.volunteer_id)"},
			{"course_id", "SELECT row, 'is not in the catalogue of courses' AS message FROM staged WHERE course_id NOT IN (SELECT id FROM courses)"},
		},
		concerns: `SELECT DISTINCT v.id FROM staged s JOIN volunteers v ON v.id = s.volunteer_id
			JOIN volunteer_courses h ON h.volunteer_id = s.volunteer_id AND h.course_id = s.course_id
			WHERE v.load > 0 AND s.holds_until < coalesce(h.holds_until, 'infinity')`,
		merge: []string{
			`WITH merged AS (
				INSERT INTO volunteer_courses AS held (volunteer_id, course_id, holds_until)
				SELECT volunteer_id, course_id, holds_until FROM staged s
				WHERE NOT EXISTS (SELECT FROM volunteer_courses h WHERE h.volunteer_id = s.volunteer_id AND h.course_id = s.course_id AND h.holds_until IS NOT DISTINCT FROM s.holds_until)
				ORDER BY volunteer_id, course_id
				ON CONFLICT (volunteer_id, course_id) DO UPDATE SET holds_until = excluded.holds_until
				RETURNING xmax = 0 AS added)
			SELECT count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM merged`,
		},
	}
	return importRows(ctx, s, plan, rows, watch)
}
