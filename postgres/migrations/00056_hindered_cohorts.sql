-- +goose Up
-- Why nobody could be found who holds a cohort of a rollout: how many trainers each rule
-- barred.
ALTER TABLE rollout_cohorts ADD COLUMN unmet jsonb NOT NULL DEFAULT '{}';

-- +goose Down
ALTER TABLE rollout_cohorts DROP COLUMN unmet;
