-- name: ClaimDeliveries :many
-- Those that are due, and those that the same run has claimed before it was cut
-- off: urgent ones first, and before those that have failed what was not tried yet,
-- so that no alarm waits behind news, or behind somebody who cannot be reached. What
-- asks for an answer that is given, or not wanted any more, is overtaken.
WITH due AS (
    SELECT d.notice_id FROM deliveries d JOIN notices n ON n.id = d.notice_id
    WHERE d.channel = @channel AND d.status = 'pending' AND (d.next_try_at <= clock_timestamp() OR d.claimed_by = @run::text)
    ORDER BY n.urgent DESC, d.attempts, d.next_try_at, d.notice_id LIMIT @at_most FOR UPDATE OF d SKIP LOCKED)
UPDATE deliveries d SET attempts = attempts + 1, claimed_by = @run::text,
    next_try_at = clock_timestamp() + make_interval(secs => @lease_seconds::float8)
FROM due WHERE d.notice_id = due.notice_id AND d.channel = @channel
RETURNING d.notice_id, d.attempts, EXISTS (SELECT FROM notices n JOIN offers o ON o.id = n.offer_id
    WHERE n.id = d.notice_id AND n.kind = 'offer_made' AND o.status <> 'pending') AS overtaken;

-- name: EndDelivery :exec
UPDATE deliveries SET status = @status, reason = @reason, claimed_by = '', ended_at = clock_timestamp()
WHERE notice_id = @notice AND channel = @channel AND status = 'pending';

-- name: PutOffDelivery :exec
UPDATE deliveries SET next_try_at = @next_try, reason = @reason, claimed_by = '',
    attempts = attempts - CASE WHEN @untried::boolean THEN 1 ELSE 0 END
WHERE notice_id = @notice AND channel = @channel AND status = 'pending';

-- name: NextDelivery :one
SELECT next_try_at FROM deliveries WHERE channel = @channel AND status = 'pending' ORDER BY next_try_at LIMIT 1;

-- name: DueChannels :many
-- One row each, however many are due.
SELECT DISTINCT channel FROM deliveries WHERE status = 'pending' AND next_try_at <= clock_timestamp();
