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
SELECT * FROM told_notices
WHERE recipient = @recipient AND (at, id) < (@before_at::timestamptz, @before_id::text)
    AND (NOT @unread::boolean OR read_at IS NULL)
ORDER BY at DESC, id DESC LIMIT @at_most;

-- name: NoticeRows :many
SELECT * FROM told_notices WHERE id = ANY(@ids::text[]);

-- name: InsertCohortNotices :exec
-- For a step of a cohort that this transaction has taken, likewise. The accounts are
-- called upon for their office: where none of them is active any more, the
-- coordinators are.
WITH made AS (
INSERT INTO notices (step_of, step, recipient, kind, urgent, cohort_id, session_no, at, until)
SELECT @step_of::text, @step::text, told.id, @kind, @urgent, @cohort, @session_no::integer, @at, @until
FROM (
    SELECT a.id FROM accounts a WHERE a.volunteer_id = ANY(@volunteers::text[]) AND a.active
    UNION SELECT a.id FROM accounts a WHERE a.id = ANY(@accounts::text[]) AND a.active
    UNION (
        SELECT a.id FROM areas above JOIN account_areas s ON s.area_id = above.id JOIN accounts a ON a.id = s.account_id
        WHERE above.path = ANY(@areas::text[]) AND a.role = 'coordinator' AND a.active
            AND (@coordinators::boolean OR NOT @just_them::boolean AND cardinality(@accounts::text[]) > 0
                AND NOT EXISTS (SELECT FROM accounts there WHERE there.id = ANY(@accounts::text[]) AND there.active))
        ORDER BY length(above.path) DESC FETCH FIRST ROW WITH TIES)) AS told
ON CONFLICT ON CONSTRAINT cohort_told_once DO NOTHING RETURNING id, recipient),
queued AS (
    INSERT INTO deliveries (notice_id, channel)
    SELECT m.id, c.channel FROM made m JOIN (SELECT account_id, unnest(channels) AS channel FROM contacts) c ON c.account_id = m.recipient
    RETURNING channel)
INSERT INTO outbox (kind, key, next_try_at)
SELECT @wake::text, 'notices/' || q.channel, clock_timestamp() + interval '1 second' FROM (SELECT DISTINCT channel FROM queued) q
WHERE NOT EXISTS (SELECT FROM outbox waiting WHERE waiting.key = 'notices/' || q.channel FOR UPDATE SKIP LOCKED);

-- name: MarkNoticeRead :execrows
-- The first reading stays.
UPDATE notices SET read_at = coalesce(read_at, clock_timestamp()) WHERE id = @id AND recipient = @recipient;

-- name: CountUnread :one
SELECT count(*) FROM notices WHERE recipient = @recipient AND read_at IS NULL;
