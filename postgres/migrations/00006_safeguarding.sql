-- +goose Up
-- Two people who must not meet: a volunteer and a beneficiary, or two volunteers
-- in one crew. Rows are lifted, never deleted, so that it stays known who kept
-- whom apart, when, and why.
CREATE TABLE do_not_match (
    id                 identifier PRIMARY KEY,
    volunteer_id       identifier NOT NULL REFERENCES volunteers,
    beneficiary_id     identifier REFERENCES beneficiaries,
    other_volunteer_id identifier REFERENCES volunteers,
    kind               text NOT NULL CHECK (kind IN ('concern', 'kin', 'employer')),
    reason             text NOT NULL,
    entered_by         identifier NOT NULL REFERENCES accounts,
    entered_at         timestamptz NOT NULL,
    lifted_by          identifier REFERENCES accounts,
    lifted_at          timestamptz,
    CONSTRAINT apart_from_one CHECK ((beneficiary_id IS NULL) <> (other_volunteer_id IS NULL)),
    -- Being apart has no direction, so that two volunteers stand in one order.
    CONSTRAINT volunteers_in_order CHECK (volunteer_id < other_volunteer_id),
    CONSTRAINT lifted_by_somebody CHECK ((lifted_at IS NULL) = (lifted_by IS NULL))
);
CREATE UNIQUE INDEX apart_from_beneficiary_once ON do_not_match (beneficiary_id, volunteer_id)
    WHERE lifted_at IS NULL AND beneficiary_id IS NOT NULL;
CREATE UNIQUE INDEX apart_from_volunteer_once ON do_not_match (volunteer_id, other_volunteer_id)
    WHERE lifted_at IS NULL AND other_volunteer_id IS NOT NULL;
CREATE INDEX do_not_match_of_other ON do_not_match (other_volunteer_id) WHERE lifted_at IS NULL;
CREATE INDEX do_not_match_newest ON do_not_match (entered_at DESC, id DESC);

-- +goose Down
DROP TABLE do_not_match;
