-- name: RecordsOfVolunteers :many
-- Of a year; who was never asked is left out.
SELECT volunteer_id, (count(*) FILTER (WHERE status = 'accepted'))::integer AS yes, count(*)::integer AS asked
FROM offers WHERE volunteer_id = ANY(@ids::text[]) AND status IN ('accepted', 'declined', 'expired') AND made_at > now() - interval '1 year'
GROUP BY volunteer_id;

-- name: RecordOfCategory :many
-- Of the newest requests of an area and category, so that it stays quick and follows change.
SELECT (count(*) FILTER (WHERE o.status = 'accepted'))::integer AS yes, count(*)::integer AS asked
FROM (SELECT id FROM help_requests WHERE area_id = @area AND category = @category ORDER BY opened_at DESC LIMIT 100) r
JOIN offers o ON o.request_id = r.id
WHERE o.status IN ('accepted', 'declined', 'expired');
