-- name: LockAreaChanges :exec
-- One change of the tree at a time.
SELECT pg_advisory_xact_lock(hashtext('area changes'));

-- name: LockAreas :many
-- Whoever writes into one of them waits, see follow_merged_area.
SELECT id, parent, path, level, name_zh, name_en, merged_into FROM areas WHERE id = ANY(@ids::text[]) ORDER BY id FOR UPDATE;

-- name: LockRollouts :many
SELECT r.id, r.status, r.version, r.name, r.name_zh, v.source
FROM rollouts r JOIN rollout_versions v ON v.rollout_id = r.id AND v.version = r.version ORDER BY r.id FOR NO KEY UPDATE OF r;

-- name: LockRequestsOfArea :many
SELECT id FROM help_requests WHERE area_id = @area ORDER BY id FOR NO KEY UPDATE;

-- name: LockVolunteersOfAreas :many
SELECT v.id FROM volunteers v JOIN areas a ON a.id = v.area_id WHERE starts_with(a.path, @path::text) ORDER BY v.id FOR NO KEY UPDATE OF v;

-- name: MoveOrganisations :execrows
UPDATE organisations SET area_id = @successor WHERE area_id = @area;

-- name: MoveVolunteers :execrows
UPDATE volunteers SET area_id = @successor WHERE area_id = @area;

-- name: MoveBeneficiaries :execrows
UPDATE beneficiaries SET area_id = @successor WHERE area_id = @area;

-- name: MoveRequests :execrows
UPDATE help_requests SET area_id = @successor WHERE area_id = @area;

-- name: GiveAccounts :execrows
-- Who acts in an area acts in another too.
INSERT INTO account_areas (account_id, area_id) SELECT x.account_id, @successor FROM account_areas x WHERE x.area_id = @area
ON CONFLICT DO NOTHING;

-- name: TakeAccounts :exec
DELETE FROM account_areas WHERE area_id = @area;

-- name: ForgetScarcityOf :exec
-- The next round writes it anew.
DELETE FROM scarcity WHERE area_id = @area;

-- name: TouchBelow :exec
-- Everybody below an area, so that the change feed tells that their path is another.
UPDATE volunteers SET changed_in = pg_current_xact_id() WHERE area_id IN
    (SELECT id FROM areas WHERE starts_with(path, @path::text) AND path <> @path::text);

-- name: MoveAreasBelow :execrows
UPDATE areas SET path = @to_path::text || substr(path, length(@path::text) + 1),
    parent = CASE WHEN parent = @area THEN @successor ELSE parent END
WHERE starts_with(path, @path::text) AND path <> @path::text;

-- name: MergeArea :exec
UPDATE areas SET merged_into = @successor WHERE id = @area OR merged_into = @area;

-- name: PlannedIn :many
-- The cohorts of a rollout that an area gathers, holds, sends people to or a lecturer.
SELECT plan_no, cohort_no, area, venue, lecturers, people FROM rollout_cohorts
WHERE rollout_id = @id AND (area = @area OR venue = @area OR lecturers = @area
    OR people @> jsonb_build_array(jsonb_build_object('area', @area::text)))
ORDER BY plan_no, cohort_no FOR UPDATE;

-- name: RestateCohort :exec
UPDATE rollout_cohorts SET area = $4, venue = $5, lecturers = $6, people = $7 WHERE rollout_id = $1 AND plan_no = $2 AND cohort_no = $3;

-- name: Checkpoints :many
SELECT month, checkpoint FROM rollout_checkpoints WHERE rollout_id = @id ORDER BY month FOR UPDATE;

-- name: InsertRestatement :exec
INSERT INTO rollout_versions (id, rollout_id, base, source, kept_by, kept_at, reason) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: InsertAreaChange :exec
INSERT INTO area_changes (id, kind, area_id, into_id, reason, made_by, made_at, result) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: AreaChangeRow :one
SELECT id, kind, area_id, into_id, reason, made_by, made_at, result FROM area_changes WHERE id = @id;

-- name: ListAreaChanges :many
SELECT id, kind, area_id, into_id, reason, made_by, made_at, result FROM area_changes
WHERE (made_at, id) < (@before_at::timestamptz, @before_id::text) ORDER BY made_at DESC, id DESC LIMIT @at_most;

-- name: OfArea :many
-- Which of some organisations, volunteers, beneficiaries and areas lie in an area itself.
SELECT 'organisations'::text AS list, o.id::text AS id, o.tree, o.tier FROM organisations o WHERE o.area_id = @area AND o.id = ANY(@organisations::text[])
UNION ALL SELECT 'volunteers', v.id::text, '', '' FROM volunteers v WHERE v.area_id = @area AND v.id = ANY(@volunteers::text[])
UNION ALL SELECT 'beneficiaries', b.id::text, '', '' FROM beneficiaries b WHERE b.area_id = @area AND b.id = ANY(@beneficiaries::text[])
UNION ALL SELECT 'areas', a.id::text, '', '' FROM areas a WHERE a.parent = @area::text AND a.merged_into IS NULL AND a.id = ANY(@areas::text[]);

-- name: SplitOrganisations :execrows
UPDATE organisations SET area_id = @successor WHERE area_id = @area AND id = ANY(@ids::text[]);

-- name: SplitVolunteers :execrows
UPDATE volunteers SET area_id = @successor WHERE area_id = @area AND (id = ANY(@ids::text[]) OR cell = ANY(@cells::bigint[]));

-- name: SplitBeneficiaries :execrows
UPDATE beneficiaries SET area_id = @successor WHERE area_id = @area AND (id = ANY(@ids::text[]) OR cell = ANY(@cells::bigint[]));

-- name: SplitRequests :execrows
-- Help requests go with those whom they are for.
UPDATE help_requests r SET area_id = @successor FROM beneficiaries b
WHERE r.area_id = @area AND b.id = r.beneficiary_id AND b.area_id = @successor;

-- name: TouchIn :exec
UPDATE volunteers SET changed_in = pg_current_xact_id() WHERE area_id IN
    (SELECT a.id FROM areas a JOIN areas c ON starts_with(a.path, c.path) WHERE c.id = ANY(@children::text[]));

-- name: SplitAreas :execrows
UPDATE areas a SET path = @to_path::text || substr(a.path, length(@path::text) + 1),
    parent = CASE WHEN a.id = c.id THEN @successor ELSE a.parent END
FROM areas c WHERE c.id = ANY(@children::text[]) AND starts_with(a.path, c.path);

-- name: SeatedIn :many
-- How many of those who hold a seat of a rollout's cohorts live in an area.
SELECT r.plan_no, r.cohort_no, count(*)::integer AS people
FROM rollout_cohorts r JOIN enrolments e ON e.cohort_id = r.cohort_id AND e.status IN ('enrolled', 'completed', 'missed')
    JOIN volunteers v ON v.id = e.volunteer_id JOIN areas a ON a.id = v.area_id
WHERE r.rollout_id = @id AND starts_with(a.path, @path::text)
GROUP BY r.plan_no, r.cohort_no;
