-- name: BudgetsOfVolunteers :many
SELECT id, availability, offer_budget(id)::jsonb AS budget FROM volunteers WHERE id = ANY(@ids::text[]);

-- name: KeepLimits :exec
INSERT INTO volunteer_limits (volunteer_id, pending, weekly, quiet_from, quiet_to, cool_down) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (volunteer_id) DO UPDATE SET pending = excluded.pending, weekly = excluded.weekly,
    quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, cool_down = excluded.cool_down;

-- name: KeepPark :exec
INSERT INTO parks (volunteer_id, kind, category, until, within, offer_id, since) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (volunteer_id, kind, category) DO UPDATE SET until = excluded.until, within = least(parks.within, excluded.within),
    offer_id = excluded.offer_id, since = excluded.since;

-- name: LiftPark :execrows
DELETE FROM parks WHERE volunteer_id = @volunteer AND kind = @kind AND category = @category;

-- name: ExclusionsOfRequests :many
SELECT request_id, volunteer_id FROM request_exclusions WHERE request_id = ANY(@ids::text[]) ORDER BY id;

-- name: Exclude :exec
INSERT INTO request_exclusions (request_id, volunteer_id) SELECT @request, unnest(@volunteers::text[]);

-- name: Readmit :exec
DELETE FROM request_exclusions WHERE request_id = @request AND volunteer_id = ANY(@volunteers::text[]);
