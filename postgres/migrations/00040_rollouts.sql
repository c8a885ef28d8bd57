-- +goose Up
-- Training rollouts: every version of the file, the calendar, and what is counted
-- each month. What comes of the cohorts is where it is for all cohorts.
CREATE TABLE rollouts (
    id        identifier PRIMARY KEY,
    name      text NOT NULL,
    name_zh   text NOT NULL,
    status    text NOT NULL CHECK (status IN ('planning', 'running', 'refused', 'ended')),
    reason    text NOT NULL DEFAULT '',
    version   integer NOT NULL CHECK (version >= 1), -- in force
    opened_by identifier NOT NULL REFERENCES accounts,
    opened_at timestamptz NOT NULL,
    CONSTRAINT refused_rollouts_have_a_reason CHECK ((status = 'refused') = (reason <> ''))
);
CREATE INDEX rollouts_newest ON rollouts (opened_at DESC, id DESC);

-- A version that was kept and never came into force has no number.
CREATE TABLE rollout_versions (
    id          identifier PRIMARY KEY,
    rollout_id  identifier NOT NULL REFERENCES rollouts,
    version     integer CHECK (version >= 1),
    base        integer NOT NULL CHECK (base >= 0), -- the version that it was made of
    source      jsonb NOT NULL,
    kept_by     identifier NOT NULL REFERENCES accounts,
    kept_at     timestamptz NOT NULL,
    in_force_at timestamptz,
    CONSTRAINT rollout_version_once UNIQUE (rollout_id, version),
    CONSTRAINT versions_follow_their_base CHECK (version = base + 1),
    CONSTRAINT numbered_when_in_force CHECK ((version IS NULL) = (in_force_at IS NULL))
);

CREATE TABLE rollout_plans (
    rollout_id identifier NOT NULL REFERENCES rollouts,
    plan_no    integer NOT NULL CHECK (plan_no >= 1),
    version    integer NOT NULL,
    made_at    timestamptz NOT NULL,
    report     jsonb, -- none where the version is refused
    refused    text NOT NULL,
    left_out   text NOT NULL,
    PRIMARY KEY (rollout_id, plan_no),
    FOREIGN KEY (rollout_id, version) REFERENCES rollout_versions (rollout_id, version),
    CONSTRAINT planned_or_refused CHECK ((report IS NULL) = (refused <> ''))
);

-- The calendar: announced cohorts of every plan, and the others of the last one.
CREATE TABLE rollout_cohorts (
    rollout_id     identifier NOT NULL,
    plan_no        integer NOT NULL,
    cohort_no      integer NOT NULL CHECK (cohort_no >= 1),
    step           identifier NOT NULL,
    course         identifier NOT NULL,
    area           identifier NOT NULL,
    venue          identifier NOT NULL,
    month          integer NOT NULL, -- from January of the year 0
    lecturers      identifier NOT NULL,
    seats          integer NOT NULL CHECK (seats >= 1),
    people         jsonb NOT NULL, -- who come, by area
    cohort_id      identifier UNIQUE REFERENCES cohorts, -- once it is announced
    hindrance      text NOT NULL DEFAULT '' CHECK (hindrance IN ('', 'no_course', 'no_organisation', 'no_trainer')),
    PRIMARY KEY (rollout_id, plan_no, cohort_no),
    FOREIGN KEY (rollout_id, plan_no) REFERENCES rollout_plans,
    CONSTRAINT announced_or_hindered CHECK (cohort_id IS NULL OR hindrance = '')
);
CREATE INDEX rollout_cohorts_in_order ON rollout_cohorts (rollout_id, month, plan_no, cohort_no);

CREATE TABLE rollout_checkpoints (
    rollout_id identifier NOT NULL REFERENCES rollouts,
    month      integer NOT NULL,
    checkpoint jsonb NOT NULL,
    PRIMARY KEY (rollout_id, month)
);

-- Who has left the office for which a rollout trained them: what they
-- completed goes on to hold, and their seat is open again.
CREATE TABLE office_departures (
    volunteer_id identifier NOT NULL REFERENCES volunteers,
    rollout_id   identifier NOT NULL REFERENCES rollouts,
    left_on      date NOT NULL,
    noted_by     identifier NOT NULL REFERENCES accounts,
    noted_at     timestamptz NOT NULL,
    PRIMARY KEY (rollout_id, volunteer_id)
);

-- +goose StatementBegin
CREATE FUNCTION keep_rollout_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.version IS NULL AND (NEW.id, NEW.rollout_id, NEW.base, NEW.source, NEW.kept_by, NEW.kept_at)
        IS NOT DISTINCT FROM (OLD.id, OLD.rollout_id, OLD.base, OLD.source, OLD.kept_by, OLD.kept_at) THEN
        RETURN NEW; -- it comes into force
    END IF;
    RAISE EXCEPTION 'rollout_versions is added to and never changed';
END $$;
-- +goose StatementEnd
CREATE TRIGGER rollout_versions_stay BEFORE UPDATE OR DELETE ON rollout_versions FOR EACH ROW EXECUTE FUNCTION keep_rollout_versions();

-- +goose Down
DROP TABLE office_departures, rollout_checkpoints, rollout_cohorts, rollout_plans, rollout_versions, rollouts;
DROP FUNCTION keep_rollout_versions;
