-- name: EarnRecord :exec
-- What is disputed or settled stays as it was judged.
INSERT INTO service_records (visit_id, request_id, pairing_id, volunteer_id, began_at, ended_at, grade, standing)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'counted')
ON CONFLICT (visit_id) DO UPDATE SET began_at = EXCLUDED.began_at, ended_at = EXCLUDED.ended_at, grade = EXCLUDED.grade
WHERE service_records.standing = 'counted';

-- name: UnearnRecord :exec
DELETE FROM service_records WHERE visit_id = @visit AND standing = 'counted';

-- name: LockRecord :one
SELECT visit_id, request_id, pairing_id, volunteer_id, began_at, ended_at, grade, standing, disputed_at, reason, settled_at, settled_by
FROM service_records WHERE visit_id = @visit FOR NO KEY UPDATE;

-- name: RecordOfVisit :one
SELECT visit_id, request_id, pairing_id, volunteer_id, began_at, ended_at, grade, standing, disputed_at, reason, settled_at, settled_by
FROM service_records WHERE visit_id = @visit;

-- name: JudgeRecord :exec
UPDATE service_records SET standing = $2, disputed_at = $3, reason = $4, settled_at = $5, settled_by = $6 WHERE visit_id = $1;

-- name: ListRecords :many
SELECT s.visit_id, s.request_id, s.pairing_id, s.volunteer_id, s.began_at, s.ended_at, s.grade, s.standing, s.disputed_at, s.reason,
    s.settled_at, s.settled_by
FROM service_records s JOIN help_requests r ON r.id = s.request_id JOIN areas a ON a.id = r.area_id
WHERE (s.began_at, s.visit_id) < (@before_at::timestamptz, @before_id::text)
    AND (@volunteer::text = '' OR s.volunteer_id = @volunteer::text)
    AND (cardinality(@areas::text[]) = 0 OR EXISTS (SELECT FROM unnest(@areas::text[]) AS p(path) WHERE starts_with(a.path, p.path)))
    AND (cardinality(@standings::text[]) = 0 OR s.standing = ANY(@standings::text[]))
ORDER BY s.began_at DESC, s.visit_id DESC LIMIT @at_most;
