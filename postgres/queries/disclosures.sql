-- name: HoldGrounds :many
-- The requests of the pairings that are confirmed, and stay so until this transaction
-- ends: whoever ends one, or bars its volunteer, locks its request first.
SELECT r.id FROM pairings p JOIN help_requests r ON r.id = p.request_id
WHERE p.id = ANY(@ids::text[]) AND p.status = 'confirmed' ORDER BY r.id, p.id FOR SHARE OF r, p;

-- name: InsertDisclosure :exec
INSERT INTO disclosures (beneficiary_id, account_id, what, ground, request_id, pairing_id, at)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: ListDisclosures :many
SELECT seq, beneficiary_id, account_id, what, ground, request_id, pairing_id, at FROM disclosures
WHERE beneficiary_id = @beneficiary AND (@before::bigint = 0 OR seq < @before::bigint) ORDER BY seq DESC LIMIT @at_most;
