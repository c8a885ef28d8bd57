-- +goose Up
-- Whoever came before is asked to come along to a visit of a standing pairing by a
-- request that asks nobody else.
ALTER TABLE help_requests ADD COLUMN only_asks text NOT NULL DEFAULT '';
ALTER TABLE visits ADD COLUMN overlap text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE visits DROP COLUMN overlap;
ALTER TABLE help_requests DROP COLUMN only_asks;
