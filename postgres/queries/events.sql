-- name: EventsAfter :many
SELECT e.seq, e.kind, e.at, e.request_id, e.offer_id, e.pairing_id, e.visit_id, e.volunteer_id, e.actor, e.reason, a.path
FROM events e JOIN help_requests r ON r.id = e.request_id JOIN areas a ON a.id = r.area_id
WHERE (e.written_in, e.seq) > (
        coalesce((SELECT p.written_in FROM events p WHERE p.seq <= @after::bigint ORDER BY p.seq DESC LIMIT 1), '0'::xid8), @after::bigint)
    AND e.written_in < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY e.written_in, e.seq LIMIT @at_most;

-- name: LastEvent :one
SELECT coalesce((SELECT seq FROM events WHERE written_in < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY written_in DESC, seq DESC LIMIT 1), 0)::bigint;

-- name: Timeline :many
SELECT e.seq, e.kind, e.at, e.request_id, e.offer_id, e.pairing_id, e.visit_id, e.volunteer_id, e.actor, e.reason, a.path
FROM events e JOIN help_requests r ON r.id = e.request_id JOIN areas a ON a.id = r.area_id
WHERE e.request_id = @request AND e.seq > @after ORDER BY e.seq LIMIT @at_most;
