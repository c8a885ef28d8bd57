-- name: LockVolunteers :many
-- Volunteers are locked after the request and by id, so that no two transactions
-- wait for each other.
SELECT id, active, load, capacity FROM volunteers WHERE id = ANY(@ids::text[]) ORDER BY id FOR NO KEY UPDATE;

-- name: BookedVolunteers :many
SELECT volunteer_id FROM reservations
WHERE volunteer_id = ANY(@ids::text[]) AND during && tstzrange(@starts_at::timestamptz, @ends_at::timestamptz);

-- name: Reserve :exec
INSERT INTO reservations (request_id, volunteer_id, during)
SELECT r.id, v.id, tstzrange(r.starts_at, r.ends_at)
FROM help_requests r, unnest(@volunteers::text[]) AS v(id) WHERE r.id = @request;

-- name: Release :exec
DELETE FROM reservations WHERE request_id = @request AND volunteer_id = ANY(@volunteers::text[]);
