-- name: LockVolunteers :many
-- Volunteers are locked after the request and by id, so that no two transactions
-- wait for each other.
SELECT id, active, load, capacity FROM volunteers WHERE id = ANY(@ids::text[]) ORDER BY id FOR NO KEY UPDATE;

-- name: LockPicks :many
-- LockVolunteers, and with them whom they are kept apart from: of two whom two
-- requests ask at once, whoever is asked later finds the other there.
SELECT id, active, load, capacity FROM volunteers WHERE id IN (
    SELECT unnest(@ids::text[])
    UNION SELECT d.other_volunteer_id FROM do_not_match d
        WHERE d.volunteer_id = ANY(@ids::text[]) AND d.other_volunteer_id IS NOT NULL AND d.lifted_at IS NULL
    UNION SELECT d.volunteer_id FROM do_not_match d WHERE d.other_volunteer_id = ANY(@ids::text[]) AND d.lifted_at IS NULL)
ORDER BY id FOR NO KEY UPDATE;

-- name: BookedVolunteers :many
SELECT DISTINCT volunteer_id FROM reservations
WHERE volunteer_id = ANY(@ids::text[]) AND during && (@windows::text)::tstzmultirange;

-- name: BookedElsewhere :many
SELECT volunteer_id, lower(during)::timestamptz AS starts_at, upper(during)::timestamptz AS ends_at FROM reservations
WHERE volunteer_id = ANY(@ids::text[]) AND request_id <> @request AND NOT isempty(during) AND upper(during) > @after::timestamptz;

-- name: Reserve :exec
INSERT INTO reservations (request_id, volunteer_id, during, counts) VALUES (@request, @volunteer, (@during::text)::tstzrange, @counts);

-- name: Release :exec
DELETE FROM reservations WHERE request_id = @request AND volunteer_id = @volunteer AND during = (@during::text)::tstzrange;
