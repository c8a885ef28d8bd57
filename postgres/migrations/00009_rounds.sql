-- +goose Up
-- How long the solve of a round took, and whether it went on from the round
-- before. Nothing is known of rounds before this.
ALTER TABLE rounds
    ADD COLUMN solve_seconds double precision NOT NULL DEFAULT 0 CHECK (solve_seconds >= 0),
    ADD COLUMN warm boolean NOT NULL DEFAULT false;

-- What rounds search, saved by a worker beside the database: a stamp says up to
-- which state of this database it goes. One that is not here is of another
-- database, or of a state that was undone by putting back a backup.
CREATE TABLE index_stamps (
    stamp      text PRIMARY KEY,
    stamped_at timestamptz NOT NULL DEFAULT now()
);

-- +goose StatementBegin
CREATE FUNCTION this_database() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT s.system_identifier || '-' || d.oid FROM pg_control_system() s, pg_database d WHERE d.datname = current_database()
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION this_database();
DROP TABLE index_stamps;
ALTER TABLE rounds DROP COLUMN solve_seconds, DROP COLUMN warm;
