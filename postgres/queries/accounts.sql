-- name: AccountOfToken :one
SELECT c.id, c.role, c.name, c.volunteer_id,
    ARRAY(SELECT a.path FROM account_areas s JOIN areas a ON a.id = s.area_id WHERE s.account_id = c.id ORDER BY a.path)::text[] AS areas
FROM tokens t JOIN accounts c ON c.id = t.account_id
WHERE t.hash = @hash AND c.active AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > @now::timestamptz);

-- name: InsertAccount :exec
INSERT INTO accounts (id, role, name, volunteer_id) VALUES ($1, $2, $3, $4);

-- name: InsertAccountArea :exec
-- Two ids may stand for one area.
INSERT INTO account_areas (account_id, area_id) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: InsertToken :exec
INSERT INTO tokens (hash, account_id, label, expires_at) VALUES ($1, $2, $3, $4);

-- name: RevokeToken :execrows
UPDATE tokens SET revoked_at = coalesce(revoked_at, clock_timestamp()) WHERE hash = @hash;
