-- +goose Up
-- How far the search for people has gone, and since when: aid.Reach.
ALTER TABLE help_requests ADD COLUMN reach smallint NOT NULL DEFAULT 0 CHECK (reach BETWEEN 0 AND 3);
ALTER TABLE help_requests ADD COLUMN reached_at timestamptz NOT NULL DEFAULT now();
UPDATE help_requests SET reached_at = opened_at;
-- Skills that are sought first and can be done without.
ALTER TABLE request_roles ADD COLUMN wishes text[] NOT NULL DEFAULT '{}';

-- +goose Down
ALTER TABLE request_roles DROP COLUMN wishes;
ALTER TABLE help_requests DROP COLUMN reach, DROP COLUMN reached_at;
