-- +goose Up
-- Where a session that was moved meets, if not where its cohort does.
ALTER TABLE cohort_sessions ADD COLUMN venue text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE cohort_sessions DROP COLUMN venue;
