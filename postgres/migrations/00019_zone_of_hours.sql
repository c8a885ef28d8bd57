-- +goose Up
-- Hours and days without a zone were those of UTC. Now they are those of the zone in
-- which notices are written, so whoever gave some before says that it was UTC.
UPDATE volunteers SET availability = availability || '{"zone": "UTC"}'
WHERE coalesce(availability ->> 'zone', '') = '' AND availability ?| '{weekly,away}';

-- +goose Down
SELECT 1; -- UTC by name is UTC then, too
