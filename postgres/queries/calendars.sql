-- name: PutCalendar :exec
INSERT INTO calendars (account_id, hash) VALUES (@account, @hash)
ON CONFLICT (account_id) DO UPDATE SET hash = excluded.hash, since = now();

-- name: DropCalendar :exec
DELETE FROM calendars WHERE account_id = @account;

-- name: CalendarOf :one
SELECT a.id, a.volunteer_id FROM calendars c JOIN accounts a ON a.id = c.account_id WHERE c.hash = @hash AND a.active;

-- name: CalendarVisits :many
SELECT v.id, v.starts_at, v.ends_at, v.status, r.category, r.version, a.name_zh, a.name_en
FROM visits v JOIN help_requests r ON r.id = v.request_id JOIN areas a ON a.id = r.area_id
WHERE v.volunteer_id = @volunteer AND v.starts_at > @since::timestamptz
ORDER BY v.starts_at DESC, v.id DESC LIMIT @at_most;

-- name: CalendarPairings :many
-- Those that have no visit: accepted, and not confirmed yet or never.
SELECT p.id, p.status, coalesce((r.ahead->0->>'starts_at')::timestamptz, r.starts_at)::timestamptz AS starts_at,
    coalesce((r.ahead->0->>'ends_at')::timestamptz, r.ends_at)::timestamptz AS ends_at, r.category, r.version, a.name_zh, a.name_en
FROM pairings p JOIN help_requests r ON r.id = p.request_id JOIN areas a ON a.id = r.area_id
WHERE p.volunteer_id = @volunteer AND coalesce((r.ahead->0->>'starts_at')::timestamptz, r.starts_at) > @since::timestamptz
    AND NOT EXISTS (SELECT FROM visits v WHERE v.pairing_id = p.id AND v.status <> 'cancelled')
    AND (r.cadence IS NULL OR p.status IN ('forming', 'confirmed'))
ORDER BY starts_at DESC, p.id DESC LIMIT @at_most;
