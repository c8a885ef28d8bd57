-- name: InsertNotices :exec
-- For the event that this transaction wrote last. The areas are those whose
-- coordinators are called upon: of them the lowest that has any. They are also
-- called upon in place of an account that is not active any more.
--
-- With the notices go their deliveries, and for each channel a row of the outbox
-- that wakes its process a moment later, so that several changes wake it once. A
-- row that waits already will do; it is locked until this transaction ends, so
-- that it cannot be delivered before. One that somebody else has locked may be
-- delivered too early for these deliveries, and does not count.
WITH made AS (
INSERT INTO notices (event_seq, recipient, kind, urgent, request_id, offer_id, pairing_id, reason, at, until)
SELECT currval(pg_get_serial_sequence('events', 'seq')), told.id, @kind, @urgent, @request, @offer, @pairing, @reason, @at, @until
FROM (
    SELECT a.id FROM accounts a WHERE a.volunteer_id = ANY(@volunteers::text[]) AND a.active
    UNION SELECT a.id FROM accounts a WHERE a.id = @account::text AND a.active
    UNION (
        SELECT a.id FROM areas above JOIN account_areas s ON s.area_id = above.id JOIN accounts a ON a.id = s.account_id
        WHERE above.path = ANY(@areas::text[]) AND a.role = 'coordinator' AND a.active
            AND (@coordinators::boolean OR EXISTS (SELECT FROM accounts gone WHERE gone.id = @account::text AND NOT gone.active))
        ORDER BY length(above.path) DESC FETCH FIRST ROW WITH TIES)) AS told
ON CONFLICT ON CONSTRAINT told_once DO NOTHING RETURNING id, recipient),
queued AS (
    INSERT INTO deliveries (notice_id, channel)
    SELECT m.id, c.channel FROM made m JOIN (SELECT account_id, unnest(channels) AS channel FROM contacts) c ON c.account_id = m.recipient
    RETURNING channel)
INSERT INTO outbox (kind, key, next_try_at)
SELECT @wake::text, 'notices/' || q.channel, clock_timestamp() + interval '1 second' FROM (SELECT DISTINCT channel FROM queued) q
WHERE NOT EXISTS (SELECT FROM outbox waiting WHERE waiting.key = 'notices/' || q.channel FOR UPDATE SKIP LOCKED);

-- name: ListNotices :many
-- What is told of a standing pairing as a whole tells when its next visit is.
SELECT n.id, n.recipient, n.kind, n.urgent, n.request_id, n.offer_id, n.pairing_id, n.reason, n.at, n.until, n.read_at,
    r.category, coalesce(v.starts_at, (r.ahead->0->>'starts_at')::timestamptz, r.starts_at)::timestamptz AS starts_at,
    coalesce(v.ends_at, (r.ahead->0->>'ends_at')::timestamptz, r.ends_at)::timestamptz AS ends_at,
    (r.cadence IS NOT NULL AND v.id IS NULL)::boolean AS standing, r.unmet, a.name_zh, a.name_en, o.expires_at
FROM notices n JOIN help_requests r ON r.id = n.request_id JOIN areas a ON a.id = r.area_id
    LEFT JOIN offers o ON o.id = n.offer_id
    LEFT JOIN events e ON e.seq = n.event_seq LEFT JOIN visits v ON v.id = e.visit_id
WHERE n.recipient = @recipient AND (n.at, n.id) < (@before_at::timestamptz, @before_id::text)
    AND (NOT @unread::boolean OR n.read_at IS NULL)
ORDER BY n.at DESC, n.id DESC LIMIT @at_most;

-- name: NoticeRows :many
SELECT n.id, n.recipient, n.kind, n.urgent, n.request_id, n.offer_id, n.pairing_id, n.reason, n.at, n.until, n.read_at,
    r.category, coalesce(v.starts_at, (r.ahead->0->>'starts_at')::timestamptz, r.starts_at)::timestamptz AS starts_at,
    coalesce(v.ends_at, (r.ahead->0->>'ends_at')::timestamptz, r.ends_at)::timestamptz AS ends_at,
    (r.cadence IS NOT NULL AND v.id IS NULL)::boolean AS standing, r.unmet, a.name_zh, a.name_en, o.expires_at
FROM notices n JOIN help_requests r ON r.id = n.request_id JOIN areas a ON a.id = r.area_id
    LEFT JOIN offers o ON o.id = n.offer_id
    LEFT JOIN events e ON e.seq = n.event_seq LEFT JOIN visits v ON v.id = e.visit_id
WHERE n.id = ANY(@ids::text[]);

-- name: MarkNoticeRead :execrows
-- The first reading stays.
UPDATE notices SET read_at = coalesce(read_at, clock_timestamp()) WHERE id = @id AND recipient = @recipient;

-- name: CountUnread :one
SELECT count(*) FROM notices WHERE recipient = @recipient AND read_at IS NULL;
