-- +goose Up
-- Courses in versions, the cohorts that go through them, and what people hold
-- afterwards. What somebody holds and until when is in volunteer_courses as before:
-- it is what matching reads, and is written in the transaction of the certificate.
CREATE TABLE course_versions (
    course_id     identifier NOT NULL REFERENCES courses,
    version       integer NOT NULL CHECK (version >= 1),
    topics        text[] NOT NULL,
    textbooks     text[] NOT NULL,
    hours         integer NOT NULL,
    attendance    integer NOT NULL CHECK (attendance BETWEEN 0 AND 100),
    pass_mark     integer NOT NULL CHECK (pass_mark BETWEEN 0 AND 100),
    retakes       integer NOT NULL,
    valid_years   integer NOT NULL CHECK (valid_years >= 0), -- 0: it never lapses
    renewed_by    text[] NOT NULL,
    prerequisites text[] NOT NULL,
    skills        text[] NOT NULL,
    published_by  identifier NOT NULL REFERENCES accounts,
    published_at  timestamptz NOT NULL,
    PRIMARY KEY (course_id, version)
);

CREATE TABLE cohorts (
    id              identifier PRIMARY KEY,
    course_id       identifier NOT NULL,
    version         integer NOT NULL,
    organisation_id identifier NOT NULL REFERENCES organisations,
    mode            text NOT NULL CHECK (mode IN ('in_person', 'online')),
    venue           text NOT NULL,
    lat             double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lng             double precision NOT NULL CHECK (lng BETWEEN -180 AND 180),
    cell            bigint NOT NULL,
    capacity        integer NOT NULL,
    waiting         integer NOT NULL CHECK (waiting >= 0),
    status          text NOT NULL CHECK (status IN ('open', 'closed', 'completed', 'cancelled')),
    reason          text NOT NULL DEFAULT '',
    starts_at       timestamptz NOT NULL, -- of the first session
    opened_by       identifier NOT NULL REFERENCES accounts,
    opened_at       timestamptz NOT NULL,
    ended_at        timestamptz,
    -- Seats that are taken, kept by a trigger: the check is the last guard.
    taken           integer NOT NULL DEFAULT 0,
    FOREIGN KEY (course_id, version) REFERENCES course_versions,
    CONSTRAINT seats_within_capacity CHECK (taken BETWEEN 0 AND capacity),
    CONSTRAINT ended_cohorts_have_an_end CHECK ((status IN ('completed', 'cancelled')) = (ended_at IS NOT NULL))
);
CREATE INDEX cohorts_newest ON cohorts (starts_at DESC, id DESC);
CREATE INDEX cohorts_of_organisation ON cohorts (organisation_id);

CREATE TABLE cohort_trainers (
    cohort_id  identifier NOT NULL REFERENCES cohorts ON DELETE CASCADE,
    account_id identifier NOT NULL REFERENCES accounts,
    place      integer NOT NULL, -- in the list
    PRIMARY KEY (cohort_id, account_id)
);

CREATE TABLE cohort_sessions (
    cohort_id  identifier NOT NULL REFERENCES cohorts ON DELETE CASCADE,
    session_no integer NOT NULL CHECK (session_no >= 1),
    title      text NOT NULL,
    starts_at  timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL CHECK (ends_at > starts_at),
    PRIMARY KEY (cohort_id, session_no)
);

CREATE TABLE enrolments (
    cohort_id    identifier NOT NULL REFERENCES cohorts,
    volunteer_id identifier NOT NULL REFERENCES volunteers,
    arrival      integer NOT NULL, -- place in the order of arrival
    status       text NOT NULL CHECK (status IN ('waiting', 'enrolled', 'withdrawn', 'completed', 'missed')),
    via          text NOT NULL CHECK (via IN ('self', 'organisation', 'file', 'proposal')),
    enrolled_by  identifier NOT NULL REFERENCES accounts,
    since        timestamptz NOT NULL,
    PRIMARY KEY (cohort_id, volunteer_id),
    CONSTRAINT arrived_once UNIQUE (cohort_id, arrival)
);
CREATE INDEX enrolments_of_volunteer ON enrolments (volunteer_id, cohort_id);

-- +goose StatementBegin
CREATE FUNCTION keep_cohort_taken() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was integer := 0;
    becomes integer := 0;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        was := (OLD.status IN ('enrolled', 'completed', 'missed'))::integer;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        becomes := (NEW.status IN ('enrolled', 'completed', 'missed'))::integer;
    END IF;
    IF was <> becomes THEN
        UPDATE cohorts SET taken = taken + becomes - was WHERE id = coalesce(NEW.cohort_id, OLD.cohort_id);
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER enrolments_keep_taken AFTER INSERT OR UPDATE OR DELETE ON enrolments
    FOR EACH ROW EXECUTE FUNCTION keep_cohort_taken();

-- The last entry of each counts; none is ever changed.
CREATE TABLE attendance (
    seq          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cohort_id    identifier NOT NULL,
    session_no   integer NOT NULL,
    volunteer_id identifier NOT NULL,
    present      boolean NOT NULL,
    means        text NOT NULL CHECK (means IN ('code', 'hand', 'file')),
    noted_by     identifier NOT NULL REFERENCES accounts,
    noted_at     timestamptz NOT NULL,
    FOREIGN KEY (cohort_id, session_no) REFERENCES cohort_sessions,
    FOREIGN KEY (cohort_id, volunteer_id) REFERENCES enrolments
);
CREATE INDEX attendance_of_cohort ON attendance (cohort_id, seq);

CREATE TABLE scores (
    seq          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cohort_id    identifier NOT NULL,
    volunteer_id identifier NOT NULL,
    try          integer NOT NULL CHECK (try >= 1),
    points       integer NOT NULL CHECK (points BETWEEN 0 AND 100),
    noted_by     identifier NOT NULL REFERENCES accounts,
    noted_at     timestamptz NOT NULL,
    FOREIGN KEY (cohort_id, volunteer_id) REFERENCES enrolments
);
CREATE INDEX scores_of_cohort ON scores (cohort_id, seq);

-- Prerequisites are waived before somebody enrols.
CREATE TABLE waivers (
    cohort_id    identifier NOT NULL REFERENCES cohorts,
    volunteer_id identifier NOT NULL REFERENCES volunteers,
    requirement  text NOT NULL CHECK (requirement IN ('prerequisites', 'attendance', 'assessment')),
    reason       text NOT NULL CHECK (reason <> ''),
    noted_by     identifier NOT NULL REFERENCES accounts,
    noted_at     timestamptz NOT NULL,
    PRIMARY KEY (cohort_id, volunteer_id, requirement)
);

CREATE TABLE certificates (
    id           identifier PRIMARY KEY,
    volunteer_id identifier NOT NULL REFERENCES volunteers,
    course_id    identifier NOT NULL,
    version      integer NOT NULL,
    cohort_id    identifier NOT NULL REFERENCES cohorts,
    completed_on date NOT NULL,
    holds_until  date,
    skills       text[] NOT NULL,
    issued_at    timestamptz NOT NULL,
    revoked_at   timestamptz,
    FOREIGN KEY (course_id, version) REFERENCES course_versions,
    CONSTRAINT certified_once UNIQUE (cohort_id, volunteer_id)
);
CREATE INDEX certificates_newest ON certificates (issued_at DESC, id DESC);
CREATE INDEX certificates_of_volunteer ON certificates (volunteer_id, course_id);
CREATE INDEX certificates_lapsing ON certificates (course_id, holds_until);

-- One decision about certificates, and what each of them was before and after.
CREATE TABLE certificate_acts (
    id     identifier PRIMARY KEY,
    kind   text NOT NULL CHECK (kind IN ('revoke', 'prolong', 'reactivate', 'renew')),
    until  date,
    reason text NOT NULL CHECK (reason <> ''),
    act_by identifier NOT NULL REFERENCES accounts,
    act_at timestamptz NOT NULL
);
CREATE TABLE certificate_changes (
    act_id         identifier NOT NULL REFERENCES certificate_acts,
    certificate_id identifier NOT NULL REFERENCES certificates,
    until_before   date,
    until_after    date,
    PRIMARY KEY (act_id, certificate_id)
);
CREATE INDEX changes_of_certificate ON certificate_changes (certificate_id);

-- +goose StatementBegin
CREATE FUNCTION refuse_training_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is added to and never changed', TG_TABLE_NAME;
END $$;
-- +goose StatementEnd
CREATE TRIGGER course_versions_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON course_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_training_change();
CREATE TRIGGER attendance_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON attendance FOR EACH STATEMENT EXECUTE FUNCTION refuse_training_change();
CREATE TRIGGER scores_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON scores FOR EACH STATEMENT EXECUTE FUNCTION refuse_training_change();
CREATE TRIGGER waivers_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON waivers FOR EACH STATEMENT EXECUTE FUNCTION refuse_training_change();
CREATE TRIGGER acts_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON certificate_acts FOR EACH STATEMENT EXECUTE FUNCTION refuse_training_change();
CREATE TRIGGER changes_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON certificate_changes FOR EACH STATEMENT EXECUTE FUNCTION refuse_training_change();

-- +goose Down
DROP TABLE certificate_changes, certificate_acts, certificates, waivers, scores, attendance, enrolments, cohort_sessions, cohort_trainers, cohorts, course_versions;
DROP FUNCTION refuse_training_change, keep_cohort_taken;
