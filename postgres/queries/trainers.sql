-- name: TrainerAccount :one
-- The areas of an account of a trainer.
SELECT t.id, ARRAY(SELECT a.path FROM account_areas x JOIN areas a ON a.id = x.area_id WHERE x.account_id = t.id ORDER BY a.path)::text[] AS areas
FROM accounts t WHERE t.id = @id AND t.role = 'trainer' AND t.active;

-- name: TrainerRows :many
-- What is known of some trainers, or of all where none is named.
SELECT t.account_id, t.lat, t.lng, t.cell, t.max_distance, t.monthly, t.courses,
    ARRAY(SELECT a.path FROM account_areas x JOIN areas a ON a.id = x.area_id WHERE x.account_id = t.account_id ORDER BY a.path)::text[] AS areas
FROM trainers t JOIN accounts u ON u.id = t.account_id
WHERE u.active AND (cardinality(@ids::text[]) = 0 OR t.account_id = ANY(@ids::text[])) ORDER BY t.account_id;

-- name: PutTrainer :exec
INSERT INTO trainers (account_id, lat, lng, cell, max_distance, monthly, courses) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (account_id) DO UPDATE SET lat = excluded.lat, lng = excluded.lng, cell = excluded.cell, max_distance = excluded.max_distance,
    monthly = excluded.monthly, courses = excluded.courses;

-- name: TrainerEngagements :many
-- The sessions of cohorts that trainers hold or are asked to hold, of those that began
-- after an instant and are not cancelled.
SELECT h.account_id, c.id AS cohort_id, c.starts_at AS begins_at, s.starts_at, s.ends_at
FROM (SELECT account_id, cohort_id FROM cohort_trainers UNION SELECT account_id, cohort_id FROM trainer_asks WHERE status = 'pending') h
    JOIN cohorts c ON c.id = h.cohort_id JOIN cohort_sessions s ON s.cohort_id = c.id
WHERE h.account_id = ANY(@ids::text[]) AND c.status <> 'cancelled' AND c.starts_at > @since
ORDER BY h.account_id, c.id, s.session_no;

-- name: LackingCohorts :many
-- Cohorts that lack a trainer for whom nobody is being asked, and have a session to
-- come.
SELECT c.id FROM cohorts c WHERE c.status IN ('open', 'closed')
    AND c.trainers_wanted > (SELECT count(*) FROM cohort_trainers t WHERE t.cohort_id = c.id)
        + (SELECT count(*) FROM trainer_asks k WHERE k.cohort_id = c.id AND k.status = 'pending')
    AND @now::timestamptz < (SELECT max(s.starts_at) FROM cohort_sessions s WHERE s.cohort_id = c.id)
ORDER BY c.id;

-- name: LockCohorts :exec
SELECT id FROM cohorts WHERE id = ANY(@ids::text[]) ORDER BY id FOR NO KEY UPDATE;

-- name: CohortAsks :many
SELECT account_id, status, distance, made_at, expires_at, answered_at, answered_by, reason FROM trainer_asks WHERE cohort_id = @id ORDER BY place;

-- name: CohortDrops :many
SELECT account_id, reason, dropped_by, dropped_at FROM trainer_drops WHERE cohort_id = @id ORDER BY dropped_at, account_id;

-- name: PutAsk :exec
INSERT INTO trainer_asks (cohort_id, account_id, place, status, distance, made_at, expires_at, answered_at, answered_by, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (cohort_id, account_id) DO UPDATE SET status = excluded.status, answered_at = excluded.answered_at,
    answered_by = excluded.answered_by, reason = excluded.reason;

-- name: InsertDrop :exec
INSERT INTO trainer_drops (cohort_id, account_id, reason, dropped_by, dropped_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (cohort_id, account_id) DO UPDATE SET reason = excluded.reason, dropped_by = excluded.dropped_by, dropped_at = excluded.dropped_at;

-- name: DropCohortTrainer :exec
DELETE FROM cohort_trainers WHERE cohort_id = $1 AND account_id = $2;
