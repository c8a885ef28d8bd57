-- name: ListOffers :many
SELECT id, request_id, role_no, volunteer_id, status, round_id, distance, spare_skills, made_at, expires_at, answered_at, reason,
    chance, through
FROM offers
WHERE volunteer_id = @volunteer AND (made_at, id) < (@before_at::timestamptz, @before_id::text)
    AND (cardinality(@statuses::text[]) = 0 OR status = ANY(@statuses::text[]))
ORDER BY made_at DESC, id DESC LIMIT @at_most;

-- name: ListPairings :many
SELECT p.id, p.request_id, p.role_no, p.seat_no, p.volunteer_id, p.beneficiary_id, p.offer_id, p.status, p.made_at, p.confirmed_at,
    p.ended_at, p.reason
FROM pairings p JOIN help_requests r ON r.id = p.request_id JOIN areas a ON a.id = r.area_id
WHERE (p.made_at, p.id) < (@before_at::timestamptz, @before_id::text)
    AND (@volunteer::text = '' OR p.volunteer_id = @volunteer::text)
    AND (cardinality(@areas::text[]) = 0 OR EXISTS (SELECT FROM unnest(@areas::text[]) AS s(path) WHERE starts_with(a.path, s.path)))
    AND (@request::text = '' OR p.request_id = @request::text)
    AND (cardinality(@statuses::text[]) = 0 OR p.status = ANY(@statuses::text[]))
ORDER BY p.made_at DESC, p.id DESC LIMIT @at_most;

-- name: WalkPairings :many
-- The same for areas alone over the newest stretch only, as WalkVolunteers.
WITH newest AS MATERIALIZED (
    SELECT id, request_id, made_at, status FROM pairings
    WHERE (made_at, id) < (@before_at::timestamptz, @before_id::text) ORDER BY made_at DESC, id DESC LIMIT @stretch),
stretch AS MATERIALIZED (SELECT n.id, n.made_at, n.status, r.area_id FROM newest n JOIN help_requests r ON r.id = n.request_id),
visible AS MATERIALIZED (
    SELECT s.id FROM stretch s JOIN areas a ON a.id = s.area_id
    WHERE EXISTS (SELECT FROM unnest(@areas::text[]) AS v(path) WHERE starts_with(a.path, v.path))
        AND (cardinality(@statuses::text[]) = 0 OR s.status = ANY(@statuses::text[]))
    ORDER BY s.made_at DESC, s.id DESC LIMIT @at_most)
SELECT p.id, p.request_id, p.role_no, p.seat_no, p.volunteer_id, p.beneficiary_id, p.offer_id, p.status, p.made_at, p.confirmed_at,
    p.ended_at, p.reason
FROM visible s JOIN pairings p ON p.id = s.id ORDER BY p.made_at DESC, p.id DESC;
