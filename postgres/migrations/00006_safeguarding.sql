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

-- Who was told where a beneficiary lives, how to reach them, or what was noted:
-- every release, written before the answer leaves. Rows are added and never
-- changed.
CREATE TABLE disclosures (
    seq            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    beneficiary_id identifier NOT NULL REFERENCES beneficiaries,
    account_id     identifier NOT NULL REFERENCES accounts,
    what           text NOT NULL CHECK (what IN ('service', 'request', 'record')),
    ground         text NOT NULL CHECK (ground IN ('pairing', 'area')),
    request_id     identifier REFERENCES help_requests,
    pairing_id     identifier REFERENCES pairings,
    at             timestamptz NOT NULL,
    CONSTRAINT pairings_are_a_ground CHECK (ground <> 'pairing' OR pairing_id IS NOT NULL),
    CONSTRAINT released_for_a_request CHECK ((what = 'record') = (request_id IS NULL))
);
CREATE INDEX disclosures_of_beneficiary ON disclosures (beneficiary_id, seq DESC);

-- +goose StatementBegin
CREATE FUNCTION refuse_disclosure_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'disclosures are added, never changed or deleted';
END $$;
-- +goose StatementEnd
CREATE TRIGGER disclosures_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON disclosures
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_disclosure_change();

-- +goose Down
DROP TABLE disclosures;
DROP FUNCTION refuse_disclosure_change;
DROP TABLE do_not_match;
