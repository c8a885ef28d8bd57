-- name: InsertCohort :exec
INSERT INTO cohorts (id, course_id, version, organisation_id, mode, venue, lat, lng, cell, capacity, waiting, status, starts_at, opened_by, opened_at, trainers_wanted)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16);

-- name: InsertCohortTrainer :exec
INSERT INTO cohort_trainers (cohort_id, account_id, place) VALUES ($1, $2, $3);

-- name: InsertCohortSession :exec
INSERT INTO cohort_sessions (cohort_id, session_no, title, starts_at, ends_at) VALUES ($1, $2, $3, $4, $5);

-- name: KnownTrainers :many
SELECT id FROM accounts WHERE id = ANY(@ids::text[]) AND role = 'trainer' AND active;

-- name: OrganisationRow :one
SELECT o.id, o.parent, o.tree, o.tier, o.area_id, o.name_zh, o.name_en, a.path FROM organisations o JOIN areas a ON a.id = o.area_id WHERE o.id = @id;

-- name: LockCohort :one
SELECT id FROM cohorts WHERE id = @id FOR NO KEY UPDATE;

-- name: CohortRows :many
SELECT c.id, c.course_id, c.version, c.organisation_id, c.mode, c.venue, c.lat, c.lng, c.cell, c.capacity, c.waiting, c.status, c.reason,
    c.starts_at, c.opened_by, c.opened_at, c.ended_at, c.followed_at, c.trainers_wanted, c.trainers_unmet, c.taken, c.secret, a.path,
    (SELECT count(*) FROM enrolments e WHERE e.cohort_id = c.id AND e.status = 'waiting')::integer AS queue,
    ARRAY(SELECT t.account_id FROM cohort_trainers t WHERE t.cohort_id = c.id ORDER BY t.place)::text[] AS trainers,
    sqlc.embed(v)
FROM cohorts c JOIN organisations o ON o.id = c.organisation_id JOIN areas a ON a.id = o.area_id
    JOIN course_versions v ON v.course_id = c.course_id AND v.version = c.version
WHERE c.id = ANY(@ids::text[]) ORDER BY c.starts_at DESC, c.id DESC;

-- name: CohortSessions :many
SELECT cohort_id, session_no, title, starts_at, ends_at, venue FROM cohort_sessions WHERE cohort_id = ANY(@ids::text[]) ORDER BY cohort_id, session_no;

-- name: CohortEnrolments :many
SELECT volunteer_id, arrival, status, via, enrolled_by, since FROM enrolments WHERE cohort_id = @id ORDER BY arrival;

-- name: CohortMarks :many
SELECT session_no, volunteer_id, present, means, noted_by, noted_at FROM attendance WHERE cohort_id = @id ORDER BY seq;

-- name: CohortScores :many
SELECT volunteer_id, try, points, noted_by, noted_at FROM scores WHERE cohort_id = @id ORDER BY seq;

-- name: CohortWaivers :many
SELECT volunteer_id, requirement, reason, noted_by, noted_at FROM waivers WHERE cohort_id = @id ORDER BY noted_at, volunteer_id, requirement;

-- name: EnrolmentsOfVolunteer :many
SELECT cohort_id, volunteer_id, arrival, status, via, enrolled_by, since FROM enrolments
WHERE volunteer_id = @volunteer AND cohort_id = ANY(@cohorts::text[]);

-- name: ListCohorts :many
SELECT c.id, c.starts_at FROM cohorts c JOIN organisations o ON o.id = c.organisation_id JOIN areas a ON a.id = o.area_id
WHERE (c.starts_at, c.id) < (@before_at::timestamptz, @before_id::text)
    AND (@course::text = '' OR c.course_id = @course::text)
    AND (@area::text = '' OR EXISTS (SELECT FROM areas p WHERE p.id = area_now(@area::text) AND starts_with(a.path, p.path)))
    AND (@volunteer::text = '' OR EXISTS (SELECT FROM enrolments e WHERE e.cohort_id = c.id AND e.volunteer_id = @volunteer::text))
    AND (cardinality(@statuses::text[]) = 0 OR c.status = ANY(@statuses::text[]))
    AND (@rollout::text = '' AND @step::text = '' AND @people_of::text = '' OR EXISTS (SELECT FROM rollout_cohorts r WHERE r.cohort_id = c.id
        AND (@rollout::text = '' OR r.rollout_id = @rollout::text) AND (@step::text = '' OR r.step = @step::text)
        AND (@people_of::text = '' OR r.people @> jsonb_build_array(jsonb_build_object('area', @people_of::text)))))
ORDER BY c.starts_at DESC, c.id DESC LIMIT @at_most;

-- name: UpdateCohort :exec
UPDATE cohorts SET capacity = $2, status = $3, reason = $4, ended_at = $5, followed_at = $6, trainers_unmet = $7, starts_at = $8, trainers_wanted = $9 WHERE id = $1;

-- name: MoveCohortSession :exec
UPDATE cohort_sessions SET starts_at = $3, ends_at = $4, venue = $5 WHERE cohort_id = $1 AND session_no = $2;

-- name: PutEnrolment :exec
INSERT INTO enrolments (cohort_id, volunteer_id, arrival, status, via, enrolled_by, since) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (cohort_id, volunteer_id) DO UPDATE SET arrival = excluded.arrival, status = excluded.status, via = excluded.via,
    enrolled_by = excluded.enrolled_by, since = excluded.since;

-- name: InsertMark :exec
INSERT INTO attendance (cohort_id, session_no, volunteer_id, present, means, noted_by, noted_at) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: InsertScore :exec
INSERT INTO scores (cohort_id, volunteer_id, try, points, noted_by, noted_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: InsertWaiver :exec
INSERT INTO waivers (cohort_id, volunteer_id, requirement, reason, noted_by, noted_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: CohortSteps :many
SELECT step FROM cohort_steps WHERE cohort_id = @id;

-- name: TakeCohortStep :exec
INSERT INTO cohort_steps (cohort_id, step, taken_at) VALUES ($1, $2, $3);

-- name: LiveCohorts :many
-- Those that have not ended, and those whose people are followed up still.
SELECT id FROM cohorts WHERE followed_at IS NULL;

-- name: HomesWithoutCourse :many
-- Where people live who are active, and neither hold a course on a day nor have a
-- place in a cohort of it that goes on.
SELECT v.id, v.lat, v.lng FROM volunteers v WHERE v.id = ANY(@volunteers::text[]) AND v.active
    AND NOT EXISTS (SELECT FROM volunteer_courses h WHERE h.volunteer_id = v.id AND h.course_id = @course
        AND (h.holds_until IS NULL OR h.holds_until >= @day))
    AND NOT EXISTS (SELECT FROM enrolments e JOIN cohorts k ON k.id = e.cohort_id WHERE e.volunteer_id = v.id AND k.course_id = @course
        AND k.status IN ('open', 'closed') AND e.status IN ('enrolled', 'waiting'));

-- name: OpenCohortsOf :many
-- Cohorts of a course in which there is a place, the first to begin first.
SELECT c.id FROM cohorts c WHERE c.course_id = @course AND c.status = 'open' AND c.starts_at > @now
    AND (c.taken < c.capacity OR (SELECT count(*) FROM enrolments e WHERE e.cohort_id = c.id AND e.status = 'waiting') < c.waiting)
ORDER BY c.starts_at, c.id LIMIT 200;
