-- +goose Up
-- Several help requests bring people to one door at one time: that of a standing
-- pairing, those that seek substitutes for its visits, and those that ask somebody
-- along. All but the first say which visit they serve, and the visit names who is
-- asked along to it, also where asking was cut off before that was noted.
UPDATE help_requests r SET serves = v.id FROM visits v WHERE r.id = 'ovl-' || v.id AND r.only_asks <> '';
UPDATE visits v SET overlap = r.id FROM help_requests r WHERE r.serves = v.id AND r.only_asks <> '' AND v.overlap = '';
CREATE INDEX help_requests_serving ON help_requests (serves COLLATE "C") -- as ids are
    WHERE serves <> '' AND status IN ('open', 'offered', 'paired', 'in_service');

-- requests_beside are the pairs of such requests as far as they are under way, each
-- seen from either side. Visits long past are left where they are.
CREATE VIEW requests_beside (request_id, beside_id) AS
SELECT s.id, v.request_id FROM help_requests s JOIN visits v ON v.id = s.serves
WHERE s.serves <> '' AND s.status IN ('open', 'offered', 'paired', 'in_service')
UNION ALL
SELECT v.request_id, s.id FROM visits v JOIN help_requests s ON s.serves = v.id
WHERE s.serves <> '' AND s.status IN ('open', 'offered', 'paired', 'in_service') AND v.starts_at > now() - interval '90 days'
UNION ALL
SELECT s.id, o.id FROM help_requests s JOIN visits v ON v.id = s.serves
    JOIN visits w ON w.request_id = v.request_id AND w.starts_at = v.starts_at JOIN help_requests o ON o.serves = w.id
WHERE s.serves <> '' AND s.status IN ('open', 'offered', 'paired', 'in_service')
    AND o.serves <> '' AND o.status IN ('open', 'offered', 'paired', 'in_service') AND o.id <> s.id;

-- +goose Down
DROP VIEW requests_beside;
DROP INDEX help_requests_serving;
UPDATE help_requests SET serves = '' WHERE only_asks <> '';
