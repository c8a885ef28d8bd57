-- name: BeginRound :execrows
INSERT INTO rounds (id, shard, started_at, seconds, requests, seats, volunteers, offers, objective, dual_bound, gap,
    solve_seconds, warm)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (id) DO NOTHING;

-- name: EndRound :one
UPDATE rounds SET seconds = greatest(0, date_part('epoch', (@at::timestamptz) - started_at)),
    offers = (SELECT count(*) FROM offers WHERE round_id = @id)
WHERE id = @id RETURNING offers;

-- name: ListRounds :many
SELECT id, shard, started_at, seconds, requests, seats, volunteers, offers, objective, dual_bound, gap,
    solve_seconds, warm FROM rounds
WHERE (started_at, id) < (@before_at::timestamptz, @before_id::text)
ORDER BY started_at DESC, id DESC LIMIT @at_most;
