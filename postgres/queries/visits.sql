-- name: VisitsOfRequests :many
-- Of standing pairings, which last for years, those long past are left out.
SELECT v.id, v.request_id, v.pairing_id, v.volunteer_id, v.starts_at, v.ends_at, v.status, v.in_at, v.in_means, v.in_cell, v.out_at,
    v.out_means, v.out_cell, v.code, v.wrong_codes, v.confirmed_at, v.confirmed_by, v.reminded_at, v.alarm, v.reason, v.substitute,
    v.vouched_at, v.vouched_by, v.overlap, v.begun_at
FROM visits v JOIN help_requests r ON r.id = v.request_id
WHERE v.request_id = ANY(@ids::text[])
    AND (r.cadence IS NULL OR v.ends_at > now() - interval '90 days' OR v.status IN ('planned', 'begun', 'handed_over'))
ORDER BY v.request_id, v.starts_at, v.id;

-- name: InsertVisit :exec
INSERT INTO visits (id, request_id, pairing_id, volunteer_id, starts_at, ends_at, status, in_at, in_means, in_cell, out_at, out_means,
    out_cell, code, wrong_codes, confirmed_at, confirmed_by, reminded_at, alarm, reason, substitute, vouched_at, vouched_by, overlap, begun_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25);

-- name: UpdateVisit :exec
UPDATE visits SET status = $2, in_at = $3, in_means = $4, in_cell = $5, out_at = $6, out_means = $7, out_cell = $8,
    wrong_codes = $9, confirmed_at = $10, confirmed_by = $11, reminded_at = $12, alarm = $13, reason = $14, substitute = $15, vouched_at = $16, vouched_by = $17, overlap = $18, begun_at = $19 WHERE id = $1;

-- name: RequestOfVisit :one
SELECT request_id, volunteer_id FROM visits WHERE id = @id;

-- name: ListVisits :many
SELECT v.id, v.request_id, v.pairing_id, v.volunteer_id, v.starts_at, v.ends_at, v.status, v.in_at, v.in_means, v.in_cell, v.out_at,
    v.out_means, v.out_cell, v.code, v.wrong_codes, v.confirmed_at, v.confirmed_by, v.reminded_at, v.alarm, v.reason, v.substitute, v.vouched_at,
    v.vouched_by, v.overlap, v.begun_at
FROM visits v JOIN help_requests r ON r.id = v.request_id JOIN areas a ON a.id = r.area_id
WHERE (v.starts_at, v.id) < (@before_at::timestamptz, @before_id::text)
    AND (@volunteer::text = '' OR v.volunteer_id = @volunteer::text)
    AND (cardinality(@areas::text[]) = 0 OR EXISTS (SELECT FROM unnest(@areas::text[]) AS s(path) WHERE starts_with(a.path, s.path)))
    AND (@request::text = '' OR v.request_id = @request::text)
    AND (cardinality(@statuses::text[]) = 0 OR v.status = ANY(@statuses::text[]))
    AND v.ends_at > @from_at::timestamptz AND v.starts_at < @until_at::timestamptz
ORDER BY v.starts_at DESC, v.id DESC LIMIT @at_most;
