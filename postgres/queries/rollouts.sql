-- name: InsertRollout :exec
INSERT INTO rollouts (id, name, name_zh, status, version, opened_by, opened_at) VALUES ($1, $2, $3, 'planning', 1, $4, $5);

-- name: InsertRolloutVersion :exec
INSERT INTO rollout_versions (id, rollout_id, base, source, kept_by, kept_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: PutRolloutVersionInForce :exec
UPDATE rollout_versions SET version = base + 1, in_force_at = @at WHERE id = @id;

-- name: PutRollout :exec
UPDATE rollouts SET status = $2, reason = $3, version = $4, name = $5, name_zh = $6 WHERE id = $1;

-- name: LockRollout :one
SELECT id, name, name_zh, status, reason, version, opened_by, opened_at FROM rollouts WHERE id = @id FOR NO KEY UPDATE;

-- name: RolloutRow :one
SELECT r.id, r.name, r.name_zh, r.status, r.reason, r.version, r.opened_by, r.opened_at, v.source
FROM rollouts r JOIN rollout_versions v ON v.rollout_id = r.id AND v.version = r.version WHERE r.id = @id;

-- name: ListRollouts :many
SELECT id, name, name_zh, status, reason, version, opened_by, opened_at FROM rollouts
WHERE (opened_at, id) < (@before_at::timestamptz, @before_id::text) ORDER BY opened_at DESC, id DESC LIMIT @at_most;

-- name: LiveRollouts :many
SELECT id FROM rollouts WHERE status <> 'ended' ORDER BY id;

-- name: RolloutVersionRow :one
SELECT id, rollout_id, version, base, source, kept_by, kept_at FROM rollout_versions WHERE id = @id;

-- name: RolloutVersions :many
SELECT coalesce(version, 0)::integer AS version, kept_by, kept_at, reason FROM rollout_versions WHERE rollout_id = @id AND version IS NOT NULL ORDER BY version;

-- name: InsertRolloutPlan :exec
INSERT INTO rollout_plans (rollout_id, plan_no, version, made_at, report, refused, left_out) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: LastRolloutPlan :one
SELECT plan_no, version, made_at, report, refused, left_out FROM rollout_plans WHERE rollout_id = @id ORDER BY plan_no DESC LIMIT 1;

-- name: DropUnannounced :exec
DELETE FROM rollout_cohorts WHERE rollout_id = @id AND cohort_id IS NULL;

-- name: RefillRolloutCohort :exec
UPDATE rollout_cohorts SET people = $4 WHERE rollout_id = $1 AND plan_no = $2 AND cohort_no = $3;

-- name: LockRolloutCohort :one
SELECT cohort_id FROM rollout_cohorts WHERE rollout_id = $1 AND plan_no = $2 AND cohort_no = $3 FOR UPDATE;

-- name: NoteAnnounced :exec
UPDATE rollout_cohorts SET cohort_id = $4, hindrance = $5, unmet = $6 WHERE rollout_id = $1 AND plan_no = $2 AND cohort_no = $3;

-- name: RolloutCohorts :many
-- The calendar in order; pages of it go on after a cohort.
SELECT r.plan_no, r.cohort_no, r.step, r.course, r.area, r.venue, r.month, r.lecturers, r.seats, r.people, r.cohort_id, r.hindrance, r.unmet,
    coalesce(c.status, '')::text AS status
FROM rollout_cohorts r LEFT JOIN cohorts c ON c.id = r.cohort_id
WHERE r.rollout_id = @id AND (r.month, r.plan_no, r.cohort_no) > (@month::integer, @plan::integer, @no::integer)
    AND (@area::text = '' OR r.area = area_now(@area::text) OR r.venue = area_now(@area::text)
        OR r.people @> jsonb_build_array(jsonb_build_object('area', area_now(@area::text))))
    AND (@step::text = '' OR r.step = @step::text)
    AND r.month >= @from_month::integer AND (@until_month::integer = 0 OR r.month <= @until_month::integer)
ORDER BY r.month, r.plan_no, r.cohort_no LIMIT @at_most;

-- name: RolloutTurnout :many
-- By where they live: who holds a seat of an announced cohort, who of them came to a
-- session of it, who completed it and has not left the office, and whose certificate
-- of it has lapsed since.
SELECT e.cohort_id, a.path, count(*)::integer AS seated, count(*) FILTER (WHERE t.came)::integer AS attended,
    count(*) FILTER (WHERE z.id IS NOT NULL AND d.volunteer_id IS NULL)::integer AS done,
    count(*) FILTER (WHERE z.holds_until < @today::date AND d.volunteer_id IS NULL)::integer AS lapsed
FROM rollout_cohorts r JOIN enrolments e ON e.cohort_id = r.cohort_id AND e.status IN ('enrolled', 'completed', 'missed')
    JOIN volunteers v ON v.id = e.volunteer_id JOIN areas a ON a.id = v.area_id
    LEFT JOIN certificates z ON z.cohort_id = e.cohort_id AND z.volunteer_id = e.volunteer_id AND z.revoked_at IS NULL
    LEFT JOIN office_departures d ON d.rollout_id = r.rollout_id AND d.volunteer_id = e.volunteer_id
    LEFT JOIN (
        SELECT m.cohort_id, m.volunteer_id, bool_or(m.present) AS came
        FROM (SELECT DISTINCT ON (n.cohort_id, n.session_no, n.volunteer_id) n.cohort_id, n.volunteer_id, n.present
            FROM rollout_cohorts k JOIN attendance n ON n.cohort_id = k.cohort_id
            WHERE k.rollout_id = @id AND (cardinality(@cohorts::text[]) = 0 OR k.cohort_id = ANY(@cohorts::text[]))
            ORDER BY n.cohort_id, n.session_no, n.volunteer_id, n.seq DESC) m
        GROUP BY m.cohort_id, m.volunteer_id
    ) t ON t.cohort_id = e.cohort_id AND t.volunteer_id = e.volunteer_id
WHERE r.rollout_id = @id AND (cardinality(@cohorts::text[]) = 0 OR r.cohort_id = ANY(@cohorts::text[]))
GROUP BY e.cohort_id, a.path ORDER BY e.cohort_id, a.path;

-- name: RolloutPersons :many
-- People who completed courses of a step and have not left the office, by where they
-- live; finished are those who completed as many as the step has.
SELECT p.step, a.path, count(*)::integer AS begun, count(*) FILTER (WHERE p.courses >= s.courses)::integer AS finished
FROM (
    SELECT r.step, z.volunteer_id, count(DISTINCT r.course) AS courses
    FROM rollout_cohorts r JOIN certificates z ON z.cohort_id = r.cohort_id AND z.revoked_at IS NULL
    WHERE r.rollout_id = @id
        AND NOT EXISTS (SELECT FROM office_departures d WHERE d.rollout_id = r.rollout_id AND d.volunteer_id = z.volunteer_id)
    GROUP BY r.step, z.volunteer_id
) p JOIN volunteers v ON v.id = p.volunteer_id JOIN areas a ON a.id = v.area_id
    JOIN (SELECT unnest(@steps::text[]) AS step, unnest(@counts::integer[]) AS courses) s ON s.step = p.step
GROUP BY p.step, a.path ORDER BY p.step, a.path;

-- name: PutCheckpoint :exec
INSERT INTO rollout_checkpoints (rollout_id, month, checkpoint) VALUES ($1, $2, $3)
ON CONFLICT (rollout_id, month) DO UPDATE SET checkpoint = excluded.checkpoint;

-- name: LastCheckpoint :one
SELECT checkpoint FROM rollout_checkpoints WHERE rollout_id = @id ORDER BY month DESC LIMIT 1;

-- name: InsertDeparture :exec
INSERT INTO office_departures (volunteer_id, rollout_id, left_on, noted_by, noted_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (rollout_id, volunteer_id) DO NOTHING;

-- name: NearestOrganisation :one
-- The organisation that answers for an area: of the area itself or the nearest above
-- it, of the regional tree first.
SELECT o.id, a.path FROM areas here JOIN areas a ON starts_with(here.path, a.path) JOIN organisations o ON o.area_id = a.id
WHERE here.id = area_now(@area::text) ORDER BY length(a.path) DESC, o.tree <> 'regional', o.id LIMIT 1;

-- name: TrainersOf :many
-- Trainers who act in an area, with their cohorts that begin in a time and are not
-- cancelled.
SELECT DISTINCT t.id, (SELECT count(*) FROM cohort_trainers k JOIN cohorts c ON c.id = k.cohort_id
    WHERE k.account_id = t.id AND c.status <> 'cancelled' AND c.starts_at >= @from_at AND c.starts_at < @until_at)::integer AS cohorts
FROM accounts t JOIN account_areas x ON x.account_id = t.id JOIN areas a ON a.id = x.area_id JOIN areas here ON starts_with(here.path, a.path)
WHERE here.id = area_now(@area::text) AND t.role = 'trainer' AND t.active ORDER BY t.id;

-- name: LockTrainers :exec
-- Two announcements that run at once do not give one trainer the same day.
SELECT pg_advisory_xact_lock(hashtext('rollout trainers'));

-- name: KnownAreas :many
-- With what each stands for now.
SELECT id, area_now(id)::text AS now FROM areas WHERE id = ANY(@ids::text[]);
