-- +goose Up
-- What the process of a cohort has done, and notices that tell of cohorts.

-- Each step of the process and each telling is taken once.
CREATE TABLE cohort_steps (
    cohort_id identifier NOT NULL REFERENCES cohorts,
    step      text NOT NULL CHECK (step <> ''),
    taken_at  timestamptz NOT NULL,
    PRIMARY KEY (cohort_id, step)
);

-- Since when nothing is left to do for a cohort that has ended. Those that ended
-- before there was a process are left alone.
ALTER TABLE cohorts ADD COLUMN followed_at timestamptz;
UPDATE cohorts SET followed_at = ended_at;
ALTER TABLE cohorts ADD CONSTRAINT followed_when_ended CHECK (followed_at IS NULL OR ended_at IS NOT NULL);
CREATE INDEX cohorts_with_process ON cohorts (id) WHERE followed_at IS NULL;
CREATE INDEX cohorts_of_course ON cohorts (course_id, starts_at) WHERE status = 'open';

-- A notice tells of an event of a help request, or of a step of a cohort. The step
-- may be of another cohort than the one that it tells of.
ALTER TABLE notices
    ALTER COLUMN event_seq DROP NOT NULL,
    ALTER COLUMN request_id DROP NOT NULL,
    ADD COLUMN cohort_id identifier REFERENCES cohorts,
    ADD COLUMN session_no integer,
    ADD COLUMN step_of identifier,
    ADD COLUMN step text,
    ADD FOREIGN KEY (step_of, step) REFERENCES cohort_steps,
    ADD CONSTRAINT cohort_told_once UNIQUE (step_of, step, recipient),
    ADD CONSTRAINT tells_of_one_thing CHECK (
        (request_id IS NULL) = (event_seq IS NULL) AND (cohort_id IS NULL) = (event_seq IS NOT NULL)
        AND (session_no IS NULL) = (cohort_id IS NULL) AND (step IS NULL) = (cohort_id IS NULL) AND (step_of IS NULL) = (cohort_id IS NULL));

-- Notices with what their texts tell. What is told of a standing pairing as a whole
-- tells when its next visit is.
CREATE VIEW told_notices AS
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

-- +goose Down
DROP VIEW told_notices;
DELETE FROM notices WHERE cohort_id IS NOT NULL;
ALTER TABLE notices DROP COLUMN cohort_id, DROP COLUMN session_no, DROP COLUMN step_of, DROP COLUMN step,
    ALTER COLUMN event_seq SET NOT NULL, ALTER COLUMN request_id SET NOT NULL;
DROP TABLE cohort_steps;
DROP INDEX cohorts_of_course;
ALTER TABLE cohorts DROP COLUMN followed_at;
