-- +goose Up
-- The secret addresses at which calendars read what accounts have agreed to. Only
-- the hash of the secret is kept.
CREATE TABLE calendars (
    account_id identifier PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    hash       bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
    since      timestamptz NOT NULL DEFAULT now()
);

-- +goose Down
DROP TABLE calendars;
