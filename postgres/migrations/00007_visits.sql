-- +goose Up
-- Visits: each time at which a volunteer comes, by a confirmed pairing. And the
-- service records that come of them.
CREATE TABLE visits (
    id           identifier PRIMARY KEY,
    request_id   identifier NOT NULL REFERENCES help_requests,
    pairing_id   identifier NOT NULL REFERENCES pairings,
    volunteer_id identifier NOT NULL REFERENCES volunteers,
    starts_at    timestamptz NOT NULL,
    ends_at      timestamptz NOT NULL,
    status       text NOT NULL CHECK (status IN ('planned', 'begun', 'done', 'missed', 'cancelled')),
    in_at        timestamptz,
    in_means     text NOT NULL DEFAULT '' CHECK (in_means IN ('', 'position', 'code', 'caseworker')),
    in_cell      bigint NOT NULL DEFAULT 0,
    out_at       timestamptz,
    out_means    text NOT NULL DEFAULT '' CHECK (out_means IN ('', 'position', 'code', 'caseworker')),
    out_cell     bigint NOT NULL DEFAULT 0,
    code         text NOT NULL CHECK (code ~ '^[0-9]{6}$'),
    wrong_codes  integer NOT NULL DEFAULT 0,
    confirmed_at timestamptz,
    confirmed_by text NOT NULL DEFAULT '',
    CONSTRAINT visits_take_time CHECK (ends_at > starts_at),
    CONSTRAINT visits_are_checked_in CHECK ((status IN ('begun', 'done')) = (in_at IS NOT NULL)),
    CONSTRAINT visits_are_checked_out CHECK ((status = 'done') = (out_at IS NOT NULL) AND out_at >= in_at)
);
CREATE UNIQUE INDEX visits_begin_once ON visits (pairing_id, starts_at);
CREATE INDEX visits_of_request ON visits (request_id, starts_at);
CREATE INDEX visits_of_volunteer ON visits (volunteer_id, starts_at DESC, id DESC);
CREATE INDEX visits_newest ON visits (starts_at DESC, id DESC);

-- Pairings that were confirmed before there were visits. The ids are those of
-- aid.VisitIDOf.
INSERT INTO visits (id, request_id, pairing_id, volunteer_id, starts_at, ends_at, status, code)
SELECT 'vis-' || left(encode(sha256(convert_to(p.id, 'UTF8') || '\x00'::bytea
        || convert_to(to_char(r.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'UTF8')), 'hex'), 32),
    p.request_id, p.id, p.volunteer_id, r.starts_at, r.ends_at, 'planned',
    lpad((('x' || left(replace(gen_random_uuid()::text, '-', ''), 8))::bit(32)::bigint % 1000000)::text, 6, '0')
FROM pairings p JOIN help_requests r ON r.id = p.request_id WHERE p.status = 'confirmed';

CREATE TABLE service_records (
    visit_id     identifier PRIMARY KEY REFERENCES visits,
    request_id   identifier NOT NULL REFERENCES help_requests,
    pairing_id   identifier NOT NULL REFERENCES pairings,
    volunteer_id identifier NOT NULL REFERENCES volunteers,
    began_at     timestamptz NOT NULL,
    ended_at     timestamptz NOT NULL CHECK (ended_at > began_at),
    grade        text NOT NULL CHECK (grade IN ('both_sides', 'beneficiary', 'crew_lead', 'own_word')),
    standing     text NOT NULL CHECK (standing IN ('counted', 'disputed', 'upheld', 'struck')),
    disputed_at  timestamptz,
    reason       text NOT NULL DEFAULT '',
    settled_at   timestamptz,
    settled_by   text NOT NULL DEFAULT '',
    CONSTRAINT disputes_have_a_time CHECK ((standing = 'counted') = (disputed_at IS NULL)),
    CONSTRAINT settlements_have_a_time CHECK ((standing IN ('upheld', 'struck')) = (settled_at IS NOT NULL))
);
CREATE INDEX service_records_of_volunteer ON service_records (volunteer_id, began_at DESC, visit_id DESC);
CREATE INDEX service_records_newest ON service_records (began_at DESC, visit_id DESC);

ALTER TABLE events ADD COLUMN visit_id text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE events DROP COLUMN visit_id;
DROP TABLE service_records, visits;
