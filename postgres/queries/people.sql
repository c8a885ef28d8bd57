-- name: VolunteerRows :many
SELECT v.id, v.name, v.phone, v.area_id, a.path, v.lat, v.lng, v.cell, v.skills, v.availability, v.capacity, v.max_distance, v.active, v.version,
    v.checked_on, v.birth_date, v.guardian_consent_until,
    ARRAY(SELECT course_id FROM volunteer_courses c WHERE c.volunteer_id = v.id ORDER BY course_id)::text[] AS courses,
    ARRAY(SELECT holds_until FROM volunteer_courses c WHERE c.volunteer_id = v.id ORDER BY course_id)::date[] AS courses_until
FROM volunteers v JOIN areas a ON a.id = v.area_id
WHERE v.id = ANY(@ids::text[]) ORDER BY v.id;

-- name: ListVolunteers :many
SELECT v.id FROM volunteers v JOIN areas a ON a.id = v.area_id
WHERE v.id > @after::text AND EXISTS (SELECT FROM unnest(@areas::text[]) AS p(path) WHERE starts_with(a.path, p.path))
ORDER BY v.id LIMIT @at_most;

-- name: WalkVolunteers :many
-- The same over the next stretch only: quick where most of it may be seen. The
-- areas are asked of the stretch alone: joined with the table, they would be taken
-- for the shorter way, through everybody in them.
WITH stretch AS MATERIALIZED (SELECT id, area_id FROM volunteers WHERE id > @after::text ORDER BY id LIMIT @stretch),
visible AS MATERIALIZED (
    SELECT s.id FROM stretch s JOIN areas a ON a.id = s.area_id
    WHERE EXISTS (SELECT FROM unnest(@areas::text[]) AS p(path) WHERE starts_with(a.path, p.path))
    ORDER BY s.id LIMIT @at_most)
SELECT v.id FROM visible s JOIN volunteers v ON v.id = s.id ORDER BY v.id;

-- name: InsertVolunteer :exec
INSERT INTO volunteers (id, name, phone, area_id, lat, lng, cell, skills, availability, capacity, max_distance, active,
    checked_on, birth_date, guardian_consent_until)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- name: LockVolunteer :one
SELECT version FROM volunteers WHERE id = @id FOR NO KEY UPDATE;

-- name: RequestsBinding :many
-- The help requests that bind a volunteer, in their order.
SELECT request_id FROM reservations WHERE volunteer_id = @volunteer GROUP BY request_id ORDER BY request_id;

-- name: LockRequestsBinding :many
-- LockRequest for all that bind some volunteers, in the order in which everybody does.
SELECT id FROM help_requests WHERE id IN (SELECT request_id FROM reservations WHERE volunteer_id = ANY(@volunteers::text[]) AND counts)
ORDER BY id FOR NO KEY UPDATE;

-- name: UpdateVolunteer :exec
UPDATE volunteers SET name = $2, phone = $3, area_id = $4, lat = $5, lng = $6, cell = $7, skills = $8, availability = $9,
    capacity = $10, max_distance = $11, active = $12, checked_on = $13, birth_date = $14, guardian_consent_until = $15
WHERE id = $1;

-- name: DropCourses :exec
DELETE FROM volunteer_courses WHERE volunteer_id = @volunteer AND NOT (course_id = ANY(@kept::text[]));

-- name: HoldCourse :exec
INSERT INTO volunteer_courses (volunteer_id, course_id, holds_until) VALUES ($1, $2, $3)
ON CONFLICT (volunteer_id, course_id) DO UPDATE SET holds_until = excluded.holds_until
WHERE volunteer_courses.holds_until IS DISTINCT FROM excluded.holds_until;

-- name: ListBeneficiaries :many
SELECT b.id FROM beneficiaries b JOIN areas a ON a.id = b.area_id
WHERE b.id > @after::text AND EXISTS (SELECT FROM unnest(@areas::text[]) AS p(path) WHERE starts_with(a.path, p.path))
ORDER BY b.id LIMIT @at_most;

-- name: WalkBeneficiaries :many
-- As WalkVolunteers.
WITH stretch AS MATERIALIZED (SELECT id, area_id FROM beneficiaries WHERE id > @after::text ORDER BY id LIMIT @stretch),
visible AS MATERIALIZED (
    SELECT s.id FROM stretch s JOIN areas a ON a.id = s.area_id
    WHERE EXISTS (SELECT FROM unnest(@areas::text[]) AS p(path) WHERE starts_with(a.path, p.path))
    ORDER BY s.id LIMIT @at_most)
SELECT b.id FROM visible s JOIN beneficiaries b ON b.id = s.id ORDER BY b.id;

-- name: InsertBeneficiary :exec
INSERT INTO beneficiaries (id, name, phone, address, area_id, lat, lng, cell) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: BeneficiaryRows :many
SELECT b.id, b.name, b.phone, b.address, b.area_id, a.path, b.lat, b.lng, b.cell, b.created_at
FROM beneficiaries b JOIN areas a ON a.id = b.area_id WHERE b.id = ANY(@ids::text[]) ORDER BY b.id;
