-- +goose Up
-- By which the attendance codes of a cohort are signed: random, and never shown.
ALTER TABLE cohorts ADD COLUMN secret bytea NOT NULL
    DEFAULT decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex') CHECK (octet_length(secret) = 32);

-- +goose Down
ALTER TABLE cohorts DROP COLUMN secret;
