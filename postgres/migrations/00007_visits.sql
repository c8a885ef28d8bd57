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
    status       text NOT NULL CHECK (status IN ('planned', 'begun', 'done', 'missed', 'cancelled', 'handed_over')),
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
    reminded_at  timestamptz,
    alarm        integer NOT NULL DEFAULT 0 CHECK (alarm BETWEEN 0 AND 3),
    reason       text NOT NULL DEFAULT '',
    substitute   text NOT NULL DEFAULT '',
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

-- Standing pairings: the cadence, the visits that exist ahead, the review under
-- way, and for a substitute's request the visit that it serves.
ALTER TABLE help_requests
    ADD COLUMN cadence jsonb,
    ADD COLUMN ahead jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN review jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN serves text NOT NULL DEFAULT '';
CREATE INDEX help_requests_standing ON help_requests (id)
    WHERE cadence IS NOT NULL AND status IN ('open', 'offered', 'paired', 'in_service');
ALTER TABLE offers ADD COLUMN through timestamptz;

-- A standing pairing takes up one place in the volunteer's capacity, which is the
-- reservation that counts and holds no time; each visit ahead is one that does
-- not count and holds its time.
ALTER TABLE reservations ADD COLUMN counts boolean NOT NULL DEFAULT true;
ALTER TABLE reservations DROP CONSTRAINT reservations_pkey;
ALTER TABLE reservations ADD PRIMARY KEY (request_id, volunteer_id, during);
CREATE UNIQUE INDEX reservations_count_once ON reservations (request_id, volunteer_id) WHERE counts;
ALTER TABLE volunteers ADD COLUMN booked integer NOT NULL DEFAULT 0; -- reservations that do not count
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION keep_volunteer_load() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE volunteers SET load = load + NEW.counts::int, booked = booked + (NOT NEW.counts)::int WHERE id = NEW.volunteer_id;
    ELSE
        UPDATE volunteers SET load = load - OLD.counts::int, booked = booked - (NOT OLD.counts)::int WHERE id = OLD.volunteer_id;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION note_volunteer_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_in := pg_current_xact_id();
    IF NEW.load = OLD.load AND NEW.booked = OLD.booked AND NEW.touched = OLD.touched THEN
        NEW.version := OLD.version + 1;
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd

ALTER TABLE events ADD COLUMN visit_id text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE events DROP COLUMN visit_id;
DELETE FROM reservations WHERE NOT counts;
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION keep_volunteer_load() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE volunteers SET load = load + 1 WHERE id = NEW.volunteer_id;
    ELSE
        UPDATE volunteers SET load = load - 1 WHERE id = OLD.volunteer_id;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION note_volunteer_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_in := pg_current_xact_id();
    IF NEW.load = OLD.load AND NEW.touched = OLD.touched THEN
        NEW.version := OLD.version + 1;
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
ALTER TABLE volunteers DROP COLUMN booked;
ALTER TABLE reservations DROP COLUMN counts; -- and the index on it
ALTER TABLE reservations DROP CONSTRAINT reservations_pkey;
ALTER TABLE reservations ADD PRIMARY KEY (request_id, volunteer_id);
ALTER TABLE offers DROP COLUMN through;
ALTER TABLE help_requests DROP COLUMN cadence, DROP COLUMN ahead, DROP COLUMN review, DROP COLUMN serves;
DROP TABLE service_records, visits;
