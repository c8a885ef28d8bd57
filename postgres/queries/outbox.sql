-- name: InsertOutbox :exec
INSERT INTO outbox (kind, key, payload) VALUES ($1, $2, $3);

-- name: ClaimOutbox :many
-- The heads of the keys only: what comes later for a key waits until the earlier
-- row is gone, also for relays that run beside this one.
SELECT id, kind, key, payload, attempts FROM outbox AS head
WHERE next_try_at <= clock_timestamp()
    AND NOT EXISTS (SELECT FROM outbox earlier WHERE earlier.key = head.key AND earlier.id < head.id)
ORDER BY next_try_at, id LIMIT @at_most FOR UPDATE SKIP LOCKED;

-- name: DeleteOutbox :exec
DELETE FROM outbox WHERE id = ANY(@ids::bigint[]);

-- name: PutOffOutbox :exec
UPDATE outbox SET attempts = attempts + 1, last_error = @last_error,
    next_try_at = clock_timestamp() + make_interval(secs => @wait_seconds::float8)
WHERE id = @id;

-- name: OutboxLag :one
SELECT count(*) AS rows, coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS oldest_seconds FROM outbox;
