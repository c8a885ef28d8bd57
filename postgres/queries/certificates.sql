-- name: InsertCertificate :exec
INSERT INTO certificates (id, volunteer_id, course_id, version, cohort_id, completed_on, holds_until, skills, issued_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: UpdateCertificate :exec
UPDATE certificates SET holds_until = $2, revoked_at = $3 WHERE id = $1;

-- name: LockCertificates :many
SELECT id FROM certificates WHERE id = ANY(@ids::text[]) ORDER BY id FOR NO KEY UPDATE;

-- name: CertificateRows :many
SELECT c.id, c.volunteer_id, c.course_id, c.version, c.cohort_id, c.completed_on, c.holds_until, c.skills, c.issued_at, c.revoked_at
FROM certificates c WHERE c.id = ANY(@ids::text[]) ORDER BY c.issued_at DESC, c.id DESC;

-- name: CertificatesOfVolunteers :many
SELECT c.id, c.volunteer_id, c.course_id, c.version, c.cohort_id, c.completed_on, c.holds_until, c.skills, c.issued_at, c.revoked_at
FROM certificates c WHERE c.volunteer_id = ANY(@volunteers::text[]) ORDER BY c.id;

-- name: ListCertificates :many
SELECT c.id, c.issued_at FROM certificates c JOIN volunteers v ON v.id = c.volunteer_id JOIN areas a ON a.id = v.area_id
WHERE (c.issued_at, c.id) < (@before_at::timestamptz, @before_id::text)
    AND (@volunteer::text = '' OR c.volunteer_id = @volunteer::text)
    AND (@course::text = '' OR c.course_id = @course::text)
    AND (cardinality(@areas::text[]) = 0 OR EXISTS (SELECT FROM unnest(@areas::text[]) AS p(path) WHERE starts_with(a.path, p.path)))
ORDER BY c.issued_at DESC, c.id DESC LIMIT @at_most;

-- name: CertificatesLapsing :many
-- Those of a course whose last day lies in a run of days, of people in some areas.
SELECT c.id FROM certificates c JOIN volunteers v ON v.id = c.volunteer_id JOIN areas a ON a.id = v.area_id
WHERE c.course_id = @course AND c.revoked_at IS NULL AND c.holds_until BETWEEN @first::date AND @last::date AND c.holds_until < @until::date
    AND EXISTS (SELECT FROM unnest(@areas::text[]) AS p(path) WHERE starts_with(a.path, p.path))
ORDER BY c.id LIMIT @at_most;

-- name: RenewedBy :many
-- What people hold of courses that others renew.
SELECT c.id, v.valid_years FROM certificates c JOIN course_versions v ON v.course_id = c.course_id AND v.version = c.version
WHERE c.volunteer_id = ANY(@volunteers::text[]) AND c.revoked_at IS NULL AND c.holds_until IS NOT NULL AND @course::text = ANY(v.renewed_by)
ORDER BY c.id;

-- name: InsertAct :exec
INSERT INTO certificate_acts (id, kind, until, reason, act_by, act_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: InsertChange :exec
INSERT INTO certificate_changes (act_id, certificate_id, until_before, until_after) VALUES ($1, $2, $3, $4);

-- name: ActRow :one
SELECT t.id, t.kind, t.until, t.reason, t.act_by, t.act_at, (SELECT count(*) FROM certificate_changes h WHERE h.act_id = t.id)::integer AS changed
FROM certificate_acts t WHERE t.id = @id;

-- name: ActsOfCertificate :many
SELECT t.id, t.kind, t.reason, t.act_by, t.act_at, h.until_before, h.until_after
FROM certificate_changes h JOIN certificate_acts t ON t.id = h.act_id WHERE h.certificate_id = @id ORDER BY t.act_at, t.id;

-- name: BindingsOf :many
-- The help requests that bind some volunteers, in their order.
SELECT request_id, volunteer_id FROM reservations WHERE volunteer_id = ANY(@volunteers::text[]) GROUP BY request_id, volunteer_id
ORDER BY request_id, volunteer_id;

-- name: KeepVolunteerSkills :exec
UPDATE volunteers SET skills = @skills WHERE id = @id;
