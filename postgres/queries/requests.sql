-- name: LockRequest :one
-- Only one transaction at a time changes a request. Foreign keys may still look.
SELECT id FROM help_requests WHERE id = @id FOR NO KEY UPDATE;

-- name: ClockNow :one
SELECT clock_timestamp()::timestamptz;

-- name: RequestRows :many
SELECT r.id, r.beneficiary_id, r.opened_by, r.area_id, a.path, r.lat, r.lng, r.cell, r.shard, r.category, r.min_people,
    r.urgency, r.starts_at, r.ends_at, r.notes, r.status, r.search_over, r.unmet, r.opened_at, r.ended_at,
    r.cadence, r.ahead, r.review, r.serves, r.reach, r.reached_at, r.risk, r.only_asks
FROM help_requests r JOIN areas a ON a.id = r.area_id
WHERE r.id = ANY(@ids::text[]);

-- name: RolesOfRequests :many
SELECT request_id, role_no, name, skills, courses, people, wishes, lead FROM request_roles
WHERE request_id = ANY(@ids::text[]) ORDER BY request_id, role_no;

-- name: OffersOfRequests :many
SELECT id, request_id, role_no, volunteer_id, status, round_id, distance, spare_skills, made_at, expires_at, answered_at, reason,
    chance, through
FROM offers WHERE request_id = ANY(@ids::text[]) ORDER BY request_id, made_at, id;

-- name: PairingsOfRequests :many
SELECT id, request_id, role_no, seat_no, volunteer_id, beneficiary_id, offer_id, status, made_at, confirmed_at, ended_at, reason
FROM pairings WHERE request_id = ANY(@ids::text[]) ORDER BY request_id, made_at, id;

-- name: InsertRequest :exec
INSERT INTO help_requests (id, beneficiary_id, opened_by, area_id, lat, lng, cell, shard, category, min_people, urgency,
    starts_at, ends_at, notes, status, search_over, unmet, opened_at, ended_at, cadence, ahead, review, serves, reach, reached_at, risk, only_asks)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27);

-- name: InsertRole :exec
INSERT INTO request_roles (request_id, role_no, name, skills, courses, people, wishes, lead) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: UpdateRequest :exec
UPDATE help_requests SET status = $2, search_over = $3, unmet = $4, ended_at = $5, cadence = $6, ahead = $7, review = $8, reach = $9, reached_at = $10, version = version + 1 WHERE id = $1;

-- name: InsertOffer :exec
INSERT INTO offers (id, request_id, role_no, volunteer_id, status, round_id, distance, spare_skills, made_at, expires_at, answered_at, reason, chance,
    through)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: UpdateOffer :exec
UPDATE offers SET status = $2, answered_at = $3, reason = $4 WHERE id = $1;

-- name: InsertPairing :exec
INSERT INTO pairings (id, request_id, role_no, seat_no, volunteer_id, beneficiary_id, offer_id, status, made_at, confirmed_at, ended_at, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: UpdatePairing :exec
UPDATE pairings SET status = $2, confirmed_at = $3, ended_at = $4, reason = $5 WHERE id = $1;

-- name: InsertEvent :exec
INSERT INTO events (request_id, kind, at, offer_id, pairing_id, visit_id, volunteer_id, actor, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: RequestOfOffer :one
SELECT request_id, volunteer_id FROM offers WHERE id = @id;

-- name: RequestOfPairing :one
SELECT request_id, volunteer_id FROM pairings WHERE id = @id;

-- name: SeekingRequests :many
-- Those of which nobody holds some seat. Standing pairings that lack nobody are many,
-- and stay paired for years: they are told apart here, and not by reading them. What
-- asks one volunteer alone seeks nobody.
SELECT r.id FROM help_requests r
WHERE r.shard = @shard AND r.status IN ('open', 'offered', 'paired') AND NOT r.search_over AND r.only_asks = ''
    AND (SELECT sum(o.people) FROM request_roles o WHERE o.request_id = r.id)
        > (SELECT count(*) FROM pairings p WHERE p.request_id = r.id AND p.status IN ('forming', 'confirmed'))
ORDER BY r.opened_at, r.id;

-- name: SeekingShards :many
-- Most requests that may be given people have all they need, so that each shard
-- is asked only whether it has one that does not. The roles are aggregated and not
-- joined, since a join reads those of all requests there ever were.
SELECT s.shard FROM (SELECT DISTINCT shard FROM help_requests WHERE status IN ('open', 'offered', 'paired') AND NOT search_over) s
WHERE EXISTS (SELECT FROM help_requests r
    WHERE r.shard = s.shard AND r.status IN ('open', 'offered', 'paired') AND NOT r.search_over
        AND r.only_asks = '' AND (SELECT bool_or(o.people > (SELECT count(*) FROM pairings p
                    WHERE p.request_id = r.id AND p.role_no = o.role_no AND p.status IN ('forming', 'confirmed'))
                + (SELECT count(*) FROM offers f WHERE f.request_id = r.id AND f.role_no = o.role_no AND f.status = 'pending'))
            FROM request_roles o WHERE o.request_id = r.id))
ORDER BY s.shard;

-- name: ListRequests :many
SELECT r.id, r.opened_at
FROM help_requests r JOIN areas a ON a.id = r.area_id
WHERE EXISTS (SELECT FROM unnest(@areas::text[]) AS p(path) WHERE starts_with(a.path, p.path))
    AND (r.opened_at, r.id) < (@before_at::timestamptz, @before_id::text)
    AND (cardinality(@statuses::text[]) = 0 OR r.status = ANY(@statuses::text[]))
    AND (@beneficiary::text = '' OR r.beneficiary_id = @beneficiary::text)
ORDER BY r.opened_at DESC, r.id DESC LIMIT @at_most;

-- name: LiveRequests :many
SELECT id FROM help_requests WHERE status IN ('open', 'offered', 'paired', 'in_service') ORDER BY id;

-- name: WalkRequests :many
-- The same over the newest stretch only, as WalkVolunteers.
WITH stretch AS MATERIALIZED (
    SELECT id, opened_at, area_id, status, beneficiary_id FROM help_requests
    WHERE (opened_at, id) < (@before_at::timestamptz, @before_id::text) ORDER BY opened_at DESC, id DESC LIMIT @stretch),
visible AS MATERIALIZED (
    SELECT s.id FROM stretch s JOIN areas a ON a.id = s.area_id
    WHERE EXISTS (SELECT FROM unnest(@areas::text[]) AS p(path) WHERE starts_with(a.path, p.path))
        AND (cardinality(@statuses::text[]) = 0 OR s.status = ANY(@statuses::text[]))
        AND (@beneficiary::text = '' OR s.beneficiary_id = @beneficiary::text)
    ORDER BY s.opened_at DESC, s.id DESC LIMIT @at_most)
SELECT r.id, r.opened_at FROM visible s JOIN help_requests r ON r.id = s.id ORDER BY r.opened_at DESC, r.id DESC;

-- name: LiveStanding :many
SELECT id FROM help_requests WHERE cadence IS NOT NULL AND status IN ('open', 'offered', 'paired', 'in_service') ORDER BY id;

-- name: TellStandingOfVolunteer :exec
-- Their visits may be for others now.
INSERT INTO outbox (kind, key)
SELECT @kind, r.id FROM help_requests r WHERE r.cadence IS NOT NULL AND r.status IN ('open', 'offered', 'paired', 'in_service')
    AND EXISTS (SELECT FROM pairings p WHERE p.request_id = r.id AND p.volunteer_id = @volunteer AND p.status IN ('forming', 'confirmed'));

-- name: TellStandingOfVisit :exec
INSERT INTO outbox (kind, key) SELECT @kind, v.request_id FROM visits v WHERE v.id = @visit::text;
