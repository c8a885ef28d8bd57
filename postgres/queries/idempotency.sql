-- name: ClaimKey :one
-- The first claim wins. A claim that was left without an answer may be taken
-- over, and a claim of the same request that has its answer is told it.
INSERT INTO idempotency_keys AS k (account_id, key, request_hash, claimed_at)
VALUES (@account_id, @key, @request_hash, clock_timestamp())
ON CONFLICT (account_id, key) DO UPDATE SET claimed_at = clock_timestamp()
WHERE k.status IS NULL AND k.request_hash = excluded.request_hash
    AND k.claimed_at < clock_timestamp() - make_interval(secs => @patience_seconds::float8)
RETURNING claimed_at;

-- name: ReadKey :one
SELECT request_hash, coalesce(status, 0)::integer AS status, coalesce(headers, '{}')::jsonb AS headers, coalesce(body, '')::bytea AS body
FROM idempotency_keys WHERE account_id = @account_id AND key = @key;

-- name: FinishKey :execrows
UPDATE idempotency_keys SET status = @status::integer, headers = @headers, body = @body WHERE account_id = @account_id AND key = @key AND status IS NULL;

-- name: ReleaseKey :exec
DELETE FROM idempotency_keys WHERE account_id = @account_id AND key = @key AND status IS NULL;

-- name: PurgeKeys :execrows
DELETE FROM idempotency_keys WHERE claimed_at < clock_timestamp() - make_interval(secs => @age_seconds::float8);
