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
-- Whoever is excluded from a standing pairing is so from what serves its visits.
SELECT x.request_id, x.volunteer_id FROM (
    SELECT e.request_id, e.volunteer_id, e.id FROM request_exclusions e WHERE e.request_id = ANY(@ids::text[])
    UNION ALL
    SELECT s.id, e.volunteer_id, e.id FROM help_requests s JOIN visits v ON v.id = s.serves
        JOIN request_exclusions e ON e.request_id = v.request_id
    WHERE s.id = ANY(@ids::text[]) AND s.serves <> '') x
GROUP BY x.request_id, x.volunteer_id ORDER BY min(x.id);

-- name: Exclude :exec
INSERT INTO request_exclusions (request_id, volunteer_id) SELECT @request, unnest(@volunteers::text[]);

-- name: Readmit :exec
DELETE FROM request_exclusions WHERE request_id = @request AND volunteer_id = ANY(@volunteers::text[]);
