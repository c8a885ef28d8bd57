-- name: InsertDoNotMatch :exec
INSERT INTO do_not_match (id, volunteer_id, beneficiary_id, other_volunteer_id, kind, reason, entered_by, entered_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: LiftDoNotMatch :execrows
UPDATE do_not_match SET lifted_by = @by, lifted_at = clock_timestamp() WHERE id = @id AND lifted_at IS NULL;

-- name: DoNotMatchRow :one
SELECT d.id, d.volunteer_id, d.beneficiary_id, d.other_volunteer_id, d.kind, d.reason, d.entered_by, d.entered_at, d.lifted_by, d.lifted_at,
    a.path, coalesce(c.path, e.path)::text AS other_path
FROM do_not_match d JOIN volunteers v ON v.id = d.volunteer_id JOIN areas a ON a.id = v.area_id
    LEFT JOIN beneficiaries b ON b.id = d.beneficiary_id LEFT JOIN areas c ON c.id = b.area_id
    LEFT JOIN volunteers o ON o.id = d.other_volunteer_id LEFT JOIN areas e ON e.id = o.area_id
WHERE d.id = @id;

-- name: ListDoNotMatch :many
-- Whoever answers for one of the two sees it.
SELECT d.id, d.volunteer_id, d.beneficiary_id, d.other_volunteer_id, d.kind, d.reason, d.entered_by, d.entered_at, d.lifted_by, d.lifted_at,
    a.path, coalesce(c.path, e.path)::text AS other_path
FROM do_not_match d JOIN volunteers v ON v.id = d.volunteer_id JOIN areas a ON a.id = v.area_id
    LEFT JOIN beneficiaries b ON b.id = d.beneficiary_id LEFT JOIN areas c ON c.id = b.area_id
    LEFT JOIN volunteers o ON o.id = d.other_volunteer_id LEFT JOIN areas e ON e.id = o.area_id
WHERE (d.entered_at, d.id) < (@before_at::timestamptz, @before_id::text)
    AND (@lifted::boolean OR d.lifted_at IS NULL)
    AND (@volunteer::text = '' OR d.volunteer_id = @volunteer::text OR d.other_volunteer_id = @volunteer::text)
    AND (@beneficiary::text = '' OR d.beneficiary_id = @beneficiary::text)
    AND EXISTS (SELECT FROM unnest(@areas::text[]) AS s(path)
        WHERE starts_with(a.path, s.path) OR starts_with(coalesce(c.path, e.path), s.path))
ORDER BY d.entered_at DESC, d.id DESC LIMIT @at_most;

-- name: RequestsTogether :many
-- The help requests that bind a volunteer and are for a beneficiary, or bind another
-- volunteer too, and those beside each other of which each binds one of the two.
SELECT v.request_id FROM reservations v JOIN help_requests r ON r.id = v.request_id
WHERE v.volunteer_id = @volunteer AND (r.beneficiary_id = @beneficiary::text
    OR EXISTS (SELECT FROM reservations o WHERE o.request_id = v.request_id AND o.volunteer_id = @other::text))
UNION
SELECT unnest(ARRAY[b.request_id, b.beside_id]) FROM requests_beside b
    JOIN reservations o ON o.request_id = b.beside_id AND o.volunteer_id = @other::text
WHERE b.request_id = ANY(ARRAY(SELECT v.request_id FROM reservations v WHERE v.volunteer_id = @volunteer))
ORDER BY 1;

-- name: BesideOfRequests :many
-- Whom the requests beside some requests bind.
SELECT DISTINCT b.request_id, v.volunteer_id FROM requests_beside b JOIN reservations v ON v.request_id = b.beside_id
WHERE b.request_id = ANY(@ids::text[]) ORDER BY 1, 2;

-- name: SeparationsOfRequests :many
-- Whom a request's beneficiary must not meet, and whom those that it binds, or that
-- the requests beside it bind.
WITH there AS MATERIALIZED (
    SELECT v.request_id, v.volunteer_id FROM reservations v WHERE v.request_id = ANY(@ids::text[])
    UNION
    SELECT b.request_id, v.volunteer_id FROM requests_beside b JOIN reservations v ON v.request_id = b.beside_id
    WHERE b.request_id = ANY(@ids::text[]))
SELECT r.id AS request_id, d.volunteer_id, d.other_volunteer_id
FROM help_requests r JOIN do_not_match d ON d.beneficiary_id = r.beneficiary_id
WHERE r.id = ANY(@ids::text[]) AND d.lifted_at IS NULL
UNION
SELECT t.request_id, d.volunteer_id, d.other_volunteer_id FROM there t JOIN do_not_match d ON d.volunteer_id = t.volunteer_id
WHERE d.other_volunteer_id IS NOT NULL AND d.lifted_at IS NULL
UNION
SELECT t.request_id, d.volunteer_id, d.other_volunteer_id FROM there t JOIN do_not_match d ON d.other_volunteer_id = t.volunteer_id
WHERE d.lifted_at IS NULL
ORDER BY 1, 2, 3;

-- name: SeparationsOfPicks :many
-- The same for one request and people who may join it.
SELECT d.volunteer_id, d.other_volunteer_id
FROM help_requests r JOIN do_not_match d ON d.beneficiary_id = r.beneficiary_id
WHERE r.id = @request AND d.volunteer_id = ANY(@volunteers::text[]) AND d.lifted_at IS NULL
UNION
SELECT d.volunteer_id, d.other_volunteer_id FROM do_not_match d
WHERE d.volunteer_id = ANY(@volunteers::text[]) AND d.other_volunteer_id IS NOT NULL AND d.lifted_at IS NULL
UNION
SELECT d.volunteer_id, d.other_volunteer_id FROM do_not_match d
WHERE d.other_volunteer_id = ANY(@volunteers::text[]) AND d.lifted_at IS NULL
ORDER BY 1, 2;
