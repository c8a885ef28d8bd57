-- name: LapsingNear :many
-- Those in some neighbourhoods who hold a course that lapses soon or has lapsed, and
-- may enrol in a cohort of it: who have what comes first, are in no cohort of the
-- course that goes on, and have not left this one. Those come first whom a pairing
-- binds that asks for it, and then who lives nearest.
WITH due AS MATERIALIZED (
    SELECT v.id, h.holds_until, power(v.lat - @lat::float8, 2) + power((v.lng - @lng::float8) * cos(radians(@lat::float8)), 2) AS away
    FROM volunteer_courses h JOIN volunteers v ON v.id = h.volunteer_id
    WHERE h.course_id = @course AND h.holds_until <= @soon::date AND v.active AND v.cell = ANY(@cells::bigint[])
        AND v.area_id IN (SELECT a.id FROM areas a WHERE EXISTS (SELECT FROM unnest(@areas::text[]) AS s(path) WHERE starts_with(a.path, s.path)))
        AND v.id NOT IN (SELECT e.volunteer_id FROM enrolments e JOIN cohorts k ON k.id = e.cohort_id
            WHERE k.id = @cohort::text OR k.course_id = @course AND k.status IN ('open', 'closed') AND e.status IN ('waiting', 'enrolled'))
        AND (cardinality(@prerequisites::text[]) = 0 OR cardinality(@prerequisites::text[]) = (SELECT count(*) FROM volunteer_courses c
            WHERE c.volunteer_id = v.id AND c.course_id = ANY(@prerequisites::text[]) AND (c.holds_until IS NULL OR c.holds_until >= @first_day::date)))
), bound AS MATERIALIZED (
    SELECT DISTINCT p.volunteer_id FROM due d JOIN pairings p ON p.volunteer_id = d.id
        JOIN request_roles r ON r.request_id = p.request_id AND r.role_no = p.role_no
    WHERE p.status IN ('forming', 'confirmed') AND @course::text = ANY(r.courses)
)
SELECT d.id, d.holds_until, (b.volunteer_id IS NOT NULL)::boolean AS paired FROM due d LEFT JOIN bound b ON b.volunteer_id = d.id
ORDER BY (b.volunteer_id IS NULL), d.away, d.id LIMIT @at_most;

-- name: UntrainedNear :many
-- The same of those who have never held it, who lives nearest first.
SELECT v.id FROM volunteers v
WHERE v.active AND v.cell = ANY(@cells::bigint[])
    AND v.area_id IN (SELECT a.id FROM areas a WHERE EXISTS (SELECT FROM unnest(@areas::text[]) AS s(path) WHERE starts_with(a.path, s.path)))
    AND NOT EXISTS (SELECT FROM volunteer_courses h WHERE h.volunteer_id = v.id AND h.course_id = @course)
    AND v.id NOT IN (SELECT e.volunteer_id FROM enrolments e JOIN cohorts k ON k.id = e.cohort_id
        WHERE k.id = @cohort::text OR k.course_id = @course AND k.status IN ('open', 'closed') AND e.status IN ('waiting', 'enrolled'))
    AND (cardinality(@prerequisites::text[]) = 0 OR cardinality(@prerequisites::text[]) = (SELECT count(*) FROM volunteer_courses c
        WHERE c.volunteer_id = v.id AND c.course_id = ANY(@prerequisites::text[]) AND (c.holds_until IS NULL OR c.holds_until >= @first_day::date)))
ORDER BY power(v.lat - @lat::float8, 2) + power((v.lng - @lng::float8) * cos(radians(@lat::float8)), 2), v.id
LIMIT @at_most;
