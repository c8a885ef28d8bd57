-- +goose Up
-- Whoever takes this role leads the crew and can vouch for the others' visits.
ALTER TABLE request_roles ADD COLUMN lead boolean NOT NULL DEFAULT false;
ALTER TABLE visits ADD COLUMN vouched_at timestamptz, ADD COLUMN vouched_by text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE visits DROP COLUMN vouched_at, DROP COLUMN vouched_by;
ALTER TABLE request_roles DROP COLUMN lead;
