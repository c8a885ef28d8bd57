-- +goose Up
-- Who changes a record says which state of it they saw, so that two who change
-- it at once do not undo each other. The version is counted here, so that no
-- writer can forget it: every update counts but those that keep the load, which
-- is no part of the record.
ALTER TABLE volunteers ADD COLUMN version bigint NOT NULL DEFAULT 1;

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION note_volunteer_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_in := pg_current_xact_id();
    IF NEW.load = OLD.load THEN
        NEW.version := OLD.version + 1;
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION note_volunteer_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_in := pg_current_xact_id();
    RETURN NEW;
END $$;
-- +goose StatementEnd
ALTER TABLE volunteers DROP COLUMN version;
