-- +goose Up
-- Risk classes: what kinds of help that can harm ask of those who come. A
-- category belongs to one class at most.
CREATE TABLE risk_classes (
    id            identifier PRIMARY KEY,
    name_zh       text NOT NULL,
    name_en       text NOT NULL,
    check_months  integer NOT NULL CHECK (check_months BETWEEN 0 AND 600), -- 0: no check is needed
    minors_barred boolean NOT NULL,
    two_deep      boolean NOT NULL,
    course_id     identifier REFERENCES courses,
    CONSTRAINT one_of_two_holds_the_course CHECK (course_id IS NULL OR two_deep)
);
CREATE TABLE risk_categories (
    category identifier PRIMARY KEY,
    class_id identifier NOT NULL REFERENCES risk_classes ON DELETE CASCADE
);
CREATE INDEX risk_categories_of_class ON risk_categories (class_id);

-- What the class of the category asked when the request was opened: aid.Risk.
ALTER TABLE help_requests ADD COLUMN risk jsonb NOT NULL DEFAULT '{}';
ALTER TABLE help_requests ADD CONSTRAINT nobody_comes_alone
    CHECK (NOT coalesce((risk->>'two_deep')::boolean, false) OR min_people >= 2);

-- Days only: of a background check neither result nor text is kept. Personal.
ALTER TABLE volunteers
    ADD COLUMN checked_on date,
    ADD COLUMN birth_date date,
    ADD COLUMN guardian_consent_until date,
    -- When one of these last changed: the audit looks at what was agreed on since.
    ADD COLUMN vetted_at timestamptz NOT NULL DEFAULT now();

-- +goose StatementBegin
CREATE FUNCTION note_vetting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.vetted_at := clock_timestamp();
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER volunteers_note_vetting BEFORE UPDATE OF checked_on, birth_date, guardian_consent_until ON volunteers
    FOR EACH ROW WHEN ((OLD.checked_on, OLD.birth_date, OLD.guardian_consent_until)
        IS DISTINCT FROM (NEW.checked_on, NEW.birth_date, NEW.guardian_consent_until))
    EXECUTE FUNCTION note_vetting();

-- +goose Down
DROP TRIGGER volunteers_note_vetting ON volunteers;
DROP FUNCTION note_vetting;
ALTER TABLE volunteers DROP COLUMN vetted_at, DROP COLUMN guardian_consent_until, DROP COLUMN birth_date, DROP COLUMN checked_on;
ALTER TABLE help_requests DROP CONSTRAINT nobody_comes_alone, DROP COLUMN risk;
DROP TABLE risk_categories, risk_classes;
