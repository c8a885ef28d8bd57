-- +goose Up
-- What is known of trainers, who is asked to hold a cohort in place of one who has
-- dropped out, and who has.
CREATE TABLE trainers (
    account_id   identifier PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    lat          double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lng          double precision NOT NULL CHECK (lng BETWEEN -180 AND 180),
    cell         bigint NOT NULL,
    max_distance integer NOT NULL CHECK (max_distance > 0), -- metres
    monthly      integer NOT NULL CHECK (monthly BETWEEN 1 AND 31), -- cohorts that begin in a month
    courses      text[] NOT NULL -- that they may teach
);

ALTER TABLE cohorts
    ADD COLUMN trainers_wanted integer NOT NULL DEFAULT 1 CHECK (trainers_wanted >= 0),
    -- How many trainers each rule barred when nobody was left to ask.
    ADD COLUMN trainers_unmet jsonb NOT NULL DEFAULT '{}';
UPDATE cohorts c SET trainers_wanted = (SELECT count(*) FROM cohort_trainers t WHERE t.cohort_id = c.id);

CREATE TABLE trainer_asks (
    cohort_id   identifier NOT NULL REFERENCES cohorts,
    account_id  identifier NOT NULL REFERENCES accounts,
    place       integer NOT NULL, -- in the order in which they were made
    status      text NOT NULL CHECK (status IN ('pending', 'accepted', 'declined', 'expired')),
    distance    bigint NOT NULL CHECK (distance >= 0), -- metres
    made_at     timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL CHECK (expires_at >= made_at),
    answered_at timestamptz,
    answered_by text NOT NULL DEFAULT '', -- nobody: it has expired
    reason      text NOT NULL DEFAULT '',
    PRIMARY KEY (cohort_id, account_id),
    CONSTRAINT answered_asks_have_a_time CHECK ((status = 'pending') = (answered_at IS NULL))
);
CREATE INDEX trainer_asks_pending ON trainer_asks (account_id) WHERE status = 'pending';
CREATE INDEX cohorts_of_trainer ON cohort_trainers (account_id);

CREATE TABLE trainer_drops (
    cohort_id  identifier NOT NULL REFERENCES cohorts,
    account_id identifier NOT NULL REFERENCES accounts,
    reason     text NOT NULL CHECK (reason <> ''),
    dropped_by identifier NOT NULL REFERENCES accounts,
    dropped_at timestamptz NOT NULL,
    PRIMARY KEY (cohort_id, account_id)
);

CREATE OR REPLACE VIEW told_notices AS
SELECT n.id, n.recipient, n.kind, n.urgent, coalesce(n.request_id::text, '') AS request_id, n.offer_id, n.pairing_id,
    coalesce(n.cohort_id::text, '') AS cohort_id, n.reason, n.at, n.until, n.read_at,
    coalesce(r.category::text, '') AS category, coalesce(c.name_zh, '') AS course_zh, coalesce(c.name_en, '') AS course_en,
    coalesce(s.starts_at, v.starts_at, (r.ahead->0->>'starts_at')::timestamptz, r.starts_at, n.at) AS starts_at,
    coalesce(s.ends_at, v.ends_at, (r.ahead->0->>'ends_at')::timestamptz, r.ends_at, n.at) AS ends_at,
    (r.cadence IS NOT NULL AND v.id IS NULL) AS standing, coalesce(r.unmet, k.trainers_unmet) AS unmet, a.name_zh, a.name_en,
    coalesce(o.expires_at, t.expires_at) AS expires_at
FROM notices n LEFT JOIN help_requests r ON r.id = n.request_id
    LEFT JOIN offers o ON o.id = n.offer_id
    LEFT JOIN events e ON e.seq = n.event_seq LEFT JOIN visits v ON v.id = e.visit_id
    LEFT JOIN cohorts k ON k.id = n.cohort_id LEFT JOIN courses c ON c.id = k.course_id LEFT JOIN organisations g ON g.id = k.organisation_id
    LEFT JOIN cohort_sessions s ON s.cohort_id = n.cohort_id AND s.session_no = n.session_no
    LEFT JOIN trainer_asks t ON n.kind = 'trainer_asked' AND t.cohort_id = n.cohort_id AND t.account_id = n.recipient
    JOIN areas a ON a.id = coalesce(r.area_id, g.area_id);

-- +goose Down
CREATE OR REPLACE VIEW told_notices AS
SELECT n.id, n.recipient, n.kind, n.urgent, coalesce(n.request_id::text, '') AS request_id, n.offer_id, n.pairing_id,
    coalesce(n.cohort_id::text, '') AS cohort_id, n.reason, n.at, n.until, n.read_at,
    coalesce(r.category::text, '') AS category, coalesce(c.name_zh, '') AS course_zh, coalesce(c.name_en, '') AS course_en,
    coalesce(s.starts_at, v.starts_at, (r.ahead->0->>'starts_at')::timestamptz, r.starts_at, n.at) AS starts_at,
    coalesce(s.ends_at, v.ends_at, (r.ahead->0->>'ends_at')::timestamptz, r.ends_at, n.at) AS ends_at,
    (r.cadence IS NOT NULL AND v.id IS NULL) AS standing, coalesce(r.unmet, '{}') AS unmet, a.name_zh, a.name_en, o.expires_at
FROM notices n LEFT JOIN help_requests r ON r.id = n.request_id
    LEFT JOIN offers o ON o.id = n.offer_id
    LEFT JOIN events e ON e.seq = n.event_seq LEFT JOIN visits v ON v.id = e.visit_id
    LEFT JOIN cohorts k ON k.id = n.cohort_id LEFT JOIN courses c ON c.id = k.course_id LEFT JOIN organisations g ON g.id = k.organisation_id
    LEFT JOIN cohort_sessions s ON s.cohort_id = n.cohort_id AND s.session_no = n.session_no
    JOIN areas a ON a.id = coalesce(r.area_id, g.area_id);
DROP TABLE trainer_drops, trainer_asks, trainers;
DROP INDEX cohorts_of_trainer;
ALTER TABLE cohorts DROP COLUMN trainers_unmet, DROP COLUMN trainers_wanted;
