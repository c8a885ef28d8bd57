-- +goose Up
-- Facts of people, help requests, offers and pairings. The constraints here are
-- the last guard of every rule that must never break: no seat held twice, no
-- volunteer booked twice at one time or beyond capacity, one live offer for a
-- volunteer and request.

CREATE EXTENSION IF NOT EXISTS btree_gist;

-- Ordered by bytes, so that lists and locks follow one order on every server.
CREATE DOMAIN identifier AS text COLLATE "C" CHECK (VALUE ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$');

CREATE TABLE areas (
    id      identifier PRIMARY KEY,
    parent  identifier REFERENCES areas,
    path    text NOT NULL UNIQUE CHECK (path ~ '^/([A-Za-z0-9._-]+/)+$'),
    level   text NOT NULL CHECK (level IN ('province', 'prefecture', 'county', 'street', 'community')),
    name_zh text NOT NULL,
    name_en text NOT NULL
);
CREATE INDEX areas_below ON areas (path text_pattern_ops);

CREATE TABLE organisations (
    id      identifier PRIMARY KEY,
    parent  identifier REFERENCES organisations,
    tree    text NOT NULL CHECK (tree IN ('regional', 'special')),
    tier    text NOT NULL CHECK (tier IN ('association', 'corps', 'division', 'brigade', 'detachment', 'central_station', 'station', 'team')),
    area_id identifier NOT NULL REFERENCES areas,
    name_zh text NOT NULL,
    name_en text NOT NULL
);
CREATE INDEX organisations_by_area ON organisations (area_id);

CREATE TABLE skills (
    id      identifier PRIMARY KEY,
    name_zh text NOT NULL,
    name_en text NOT NULL
);

CREATE TABLE courses (
    id      identifier PRIMARY KEY,
    name_zh text NOT NULL,
    name_en text NOT NULL
);

CREATE TABLE volunteers (
    id            identifier PRIMARY KEY,
    name          text NOT NULL CHECK (name <> ''),
    phone         text NOT NULL DEFAULT '',
    area_id       identifier NOT NULL REFERENCES areas,
    lat           double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lng           double precision NOT NULL CHECK (lng BETWEEN -180 AND 180),
    cell          bigint NOT NULL,
    skills        text[] NOT NULL DEFAULT '{}',
    availability  jsonb NOT NULL DEFAULT '{}',
    capacity      integer NOT NULL CHECK (capacity BETWEEN 1 AND 20),
    max_distance  integer NOT NULL CHECK (max_distance BETWEEN 1 AND 500000),
    active        boolean NOT NULL DEFAULT true,
    -- Live reservations, kept by a trigger: the check is the guard of capacity.
    load          integer NOT NULL DEFAULT 0,
    -- The transaction that last changed what matching needs to know: the change
    -- feed of the index reads forward from the oldest transaction still open.
    changed_in    xid8 NOT NULL DEFAULT pg_current_xact_id(),
    created_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT volunteer_within_capacity CHECK (load BETWEEN 0 AND capacity)
);
CREATE INDEX volunteers_by_area ON volunteers (area_id, id);
CREATE INDEX volunteers_changed ON volunteers (changed_in);

CREATE TABLE volunteer_courses (
    volunteer_id identifier NOT NULL REFERENCES volunteers ON DELETE CASCADE,
    course_id    identifier NOT NULL REFERENCES courses,
    holds_until  date,
    PRIMARY KEY (volunteer_id, course_id)
);

CREATE TABLE beneficiaries (
    id         identifier PRIMARY KEY,
    name       text NOT NULL CHECK (name <> ''),
    phone      text NOT NULL DEFAULT '',
    address    text NOT NULL DEFAULT '',
    area_id    identifier NOT NULL REFERENCES areas,
    lat        double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lng        double precision NOT NULL CHECK (lng BETWEEN -180 AND 180),
    cell       bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX beneficiaries_by_area ON beneficiaries (area_id, id);

CREATE TABLE accounts (
    id           identifier PRIMARY KEY,
    role         text NOT NULL CHECK (role IN ('caseworker', 'volunteer', 'trainer', 'coordinator')),
    name         text NOT NULL,
    volunteer_id identifier UNIQUE REFERENCES volunteers,
    active       boolean NOT NULL DEFAULT true,
    created_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT volunteer_accounts_are_volunteers CHECK ((role = 'volunteer') = (volunteer_id IS NOT NULL))
);

CREATE TABLE account_areas (
    account_id identifier NOT NULL REFERENCES accounts ON DELETE CASCADE,
    area_id    identifier NOT NULL REFERENCES areas,
    PRIMARY KEY (account_id, area_id)
);

-- Only the SHA-256 of a token is kept.
CREATE TABLE tokens (
    hash       bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
    account_id identifier NOT NULL REFERENCES accounts ON DELETE CASCADE,
    label      text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz
);

CREATE TABLE help_requests (
    id             identifier PRIMARY KEY,
    beneficiary_id identifier NOT NULL REFERENCES beneficiaries,
    opened_by      identifier NOT NULL REFERENCES accounts,
    area_id        identifier NOT NULL REFERENCES areas,
    lat            double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lng            double precision NOT NULL CHECK (lng BETWEEN -180 AND 180),
    cell           bigint NOT NULL,
    shard          bigint NOT NULL,
    category       identifier NOT NULL,
    min_people     integer NOT NULL CHECK (min_people >= 1),
    urgency        text NOT NULL CHECK (urgency IN ('routine', 'soon', 'urgent')),
    starts_at      timestamptz NOT NULL,
    ends_at        timestamptz NOT NULL CHECK (ends_at > starts_at),
    notes          text NOT NULL DEFAULT '',
    status         text NOT NULL CHECK (status IN ('open', 'offered', 'paired', 'in_service', 'completed', 'cancelled', 'unfilled')),
    search_over    boolean NOT NULL DEFAULT false,
    unmet          jsonb NOT NULL DEFAULT '{}',
    opened_at      timestamptz NOT NULL,
    ended_at       timestamptz,
    version        bigint NOT NULL DEFAULT 1,
    CONSTRAINT ended_requests_have_an_end CHECK ((status IN ('completed', 'cancelled', 'unfilled')) = (ended_at IS NOT NULL))
);
CREATE INDEX help_requests_by_area ON help_requests (area_id, id);
CREATE INDEX help_requests_of_beneficiary ON help_requests (beneficiary_id);
CREATE INDEX help_requests_newest ON help_requests (opened_at DESC, id DESC);
CREATE INDEX help_requests_seeking ON help_requests (shard) WHERE status IN ('open', 'offered', 'paired') AND NOT search_over;
CREATE INDEX help_requests_live ON help_requests (id) WHERE status IN ('open', 'offered', 'paired', 'in_service');

CREATE TABLE request_roles (
    request_id identifier NOT NULL REFERENCES help_requests ON DELETE CASCADE,
    role_no    integer NOT NULL,
    name       text NOT NULL,
    skills     text[] NOT NULL DEFAULT '{}',
    courses    text[] NOT NULL DEFAULT '{}',
    people     integer NOT NULL CHECK (people BETWEEN 1 AND 100),
    PRIMARY KEY (request_id, role_no)
);

CREATE TABLE offers (
    id           identifier PRIMARY KEY,
    request_id   identifier NOT NULL REFERENCES help_requests,
    role_no      integer NOT NULL,
    volunteer_id identifier NOT NULL REFERENCES volunteers,
    status       text NOT NULL CHECK (status IN ('pending', 'accepted', 'declined', 'expired', 'revoked')),
    round_id     identifier NOT NULL,
    distance     bigint NOT NULL,
    spare_skills bigint NOT NULL,
    made_at      timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    answered_at  timestamptz,
    reason       text NOT NULL DEFAULT '',
    FOREIGN KEY (request_id, role_no) REFERENCES request_roles,
    CONSTRAINT pending_offers_have_no_answer CHECK ((status = 'pending') = (answered_at IS NULL)),
    CONSTRAINT accepted_before_the_end CHECK (status <> 'accepted' OR answered_at < expires_at)
);
CREATE UNIQUE INDEX asked_once ON offers (request_id, volunteer_id) WHERE status <> 'revoked';
CREATE INDEX offers_of_request ON offers (request_id);
CREATE INDEX offers_of_volunteer ON offers (volunteer_id, made_at DESC, id DESC);
CREATE INDEX offers_pending ON offers (expires_at) WHERE status = 'pending';

CREATE TABLE pairings (
    id             identifier PRIMARY KEY,
    request_id     identifier NOT NULL REFERENCES help_requests,
    role_no        integer NOT NULL,
    seat_no        integer NOT NULL CHECK (seat_no >= 0),
    volunteer_id   identifier NOT NULL REFERENCES volunteers,
    beneficiary_id identifier NOT NULL REFERENCES beneficiaries,
    offer_id       identifier NOT NULL UNIQUE REFERENCES offers,
    status         text NOT NULL CHECK (status IN ('forming', 'confirmed', 'completed', 'withdrawn', 'cancelled')),
    made_at        timestamptz NOT NULL,
    confirmed_at   timestamptz,
    ended_at       timestamptz,
    reason         text NOT NULL DEFAULT '',
    FOREIGN KEY (request_id, role_no) REFERENCES request_roles,
    CONSTRAINT ended_pairings_have_an_end CHECK ((status IN ('forming', 'confirmed')) = (ended_at IS NULL))
);
CREATE UNIQUE INDEX seat_held_once ON pairings (request_id, role_no, seat_no) WHERE status IN ('forming', 'confirmed');
CREATE INDEX pairings_newest ON pairings (made_at DESC, id DESC);
CREATE INDEX pairings_of_request ON pairings (request_id);
CREATE INDEX pairings_of_volunteer ON pairings (volunteer_id, made_at DESC, id DESC);

-- The time of a volunteer that a pending offer or a holding pairing binds.
CREATE TABLE reservations (
    request_id   identifier NOT NULL REFERENCES help_requests,
    volunteer_id identifier NOT NULL REFERENCES volunteers,
    during       tstzrange NOT NULL,
    PRIMARY KEY (request_id, volunteer_id),
    CONSTRAINT volunteer_booked_once EXCLUDE USING gist (volunteer_id WITH =, during WITH &&)
);

-- The timeline of help requests, and what /v1/events streams. Numbers are drawn
-- before transactions commit, so the stream runs by (written_in, seq) and stops
-- short of the oldest transaction still open: nothing appears behind a reader.
CREATE TABLE events (
    seq          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    written_in   xid8 NOT NULL DEFAULT pg_current_xact_id(),
    request_id   identifier NOT NULL REFERENCES help_requests,
    kind         text NOT NULL,
    at           timestamptz NOT NULL,
    offer_id     text NOT NULL DEFAULT '',
    pairing_id   text NOT NULL DEFAULT '',
    volunteer_id text NOT NULL DEFAULT '',
    actor        text NOT NULL DEFAULT '',
    reason       text NOT NULL DEFAULT ''
);
CREATE INDEX events_of_request ON events (request_id, seq);
CREATE INDEX events_in_order ON events (written_in, seq);

-- Work that must follow a commit: the relay delivers each row at least once.
CREATE TABLE outbox (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         text NOT NULL,
    key          text NOT NULL, -- the workflow's business key; rows of one key are delivered in order
    payload      jsonb NOT NULL DEFAULT '{}',
    created_at   timestamptz NOT NULL DEFAULT now(),
    attempts     integer NOT NULL DEFAULT 0,
    next_try_at  timestamptz NOT NULL DEFAULT now(),
    last_error   text NOT NULL DEFAULT ''
);
CREATE INDEX outbox_due ON outbox (next_try_at, id);
CREATE INDEX outbox_of_key ON outbox (key, id);

CREATE TABLE idempotency_keys (
    account_id   identifier NOT NULL REFERENCES accounts ON DELETE CASCADE,
    key          text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request_hash bytea NOT NULL,
    claimed_at   timestamptz NOT NULL DEFAULT now(),
    status       integer,          -- null while the first request is under way
    headers      jsonb,
    body         bytea,
    PRIMARY KEY (account_id, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (claimed_at);

CREATE TABLE rounds (
    id         identifier PRIMARY KEY,
    shard      bigint NOT NULL,
    started_at timestamptz NOT NULL,
    seconds    double precision NOT NULL,
    requests   integer NOT NULL,
    seats      integer NOT NULL,
    volunteers integer NOT NULL,
    offers     integer NOT NULL,
    objective  bigint NOT NULL,
    dual_bound bigint NOT NULL,
    gap        double precision NOT NULL
);
CREATE INDEX rounds_newest ON rounds (started_at DESC, id DESC);

-- +goose StatementBegin
CREATE FUNCTION keep_volunteer_load() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE volunteers SET load = load + 1 WHERE id = NEW.volunteer_id;
    ELSE
        UPDATE volunteers SET load = load - 1 WHERE id = OLD.volunteer_id;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER reservations_keep_load AFTER INSERT OR DELETE ON reservations
    FOR EACH ROW EXECUTE FUNCTION keep_volunteer_load();

-- +goose StatementBegin
CREATE FUNCTION refuse_reservation_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'reservations are inserted and deleted, never changed';
END $$;
-- +goose StatementEnd
CREATE TRIGGER reservations_never_change BEFORE UPDATE ON reservations
    FOR EACH ROW EXECUTE FUNCTION refuse_reservation_change();

-- +goose StatementBegin
CREATE FUNCTION note_volunteer_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_in := pg_current_xact_id();
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER volunteers_note_change BEFORE UPDATE ON volunteers
    FOR EACH ROW EXECUTE FUNCTION note_volunteer_change();

-- +goose StatementBegin
CREATE FUNCTION touch_volunteers_of_courses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Everybody who locks several volunteers does so by id, else two could wait
    -- for each other.
    PERFORM 1 FROM volunteers WHERE id IN (SELECT volunteer_id FROM changed_courses)
        AND changed_in <> pg_current_xact_id() ORDER BY id FOR NO KEY UPDATE;
    UPDATE volunteers SET changed_in = pg_current_xact_id()
    WHERE id IN (SELECT volunteer_id FROM changed_courses)
      AND changed_in <> pg_current_xact_id();
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER courses_touch_inserted AFTER INSERT ON volunteer_courses
    REFERENCING NEW TABLE AS changed_courses FOR EACH STATEMENT EXECUTE FUNCTION touch_volunteers_of_courses();
CREATE TRIGGER courses_touch_updated AFTER UPDATE ON volunteer_courses
    REFERENCING NEW TABLE AS changed_courses FOR EACH STATEMENT EXECUTE FUNCTION touch_volunteers_of_courses();
CREATE TRIGGER courses_touch_deleted AFTER DELETE ON volunteer_courses
    REFERENCING OLD TABLE AS changed_courses FOR EACH STATEMENT EXECUTE FUNCTION touch_volunteers_of_courses();

-- +goose Down
DROP TABLE rounds, idempotency_keys, outbox, events, reservations, pairings, offers, request_roles, help_requests,
    tokens, account_areas, accounts, beneficiaries, volunteer_courses, volunteers, courses, skills, organisations, areas;
DROP FUNCTION keep_volunteer_load, refuse_reservation_change, note_volunteer_change, touch_volunteers_of_courses;
DROP DOMAIN identifier;
