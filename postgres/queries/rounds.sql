-- name: SaveRound :exec
INSERT INTO rounds (id, shard, started_at, seconds, requests, seats, volunteers, offers, objective, dual_bound, gap)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (id) DO UPDATE SET seconds = excluded.seconds, requests = excluded.requests, seats = excluded.seats,
    volunteers = excluded.volunteers, offers = excluded.offers, objective = excluded.objective,
    dual_bound = excluded.dual_bound, gap = excluded.gap;

-- name: ListRounds :many
SELECT id, shard, started_at, seconds, requests, seats, volunteers, offers, objective, dual_bound, gap FROM rounds
WHERE (started_at, id) < (@before_at::timestamptz, @before_id::text)
ORDER BY started_at DESC, id DESC LIMIT @at_most;
