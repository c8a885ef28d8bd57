-- +goose Up
-- Who lives in some neighbourhoods, and whose course lapses when: for proposing
-- people to cohorts.
CREATE INDEX volunteers_by_cell ON volunteers (cell);
CREATE INDEX courses_lapsing ON volunteer_courses (course_id, holds_until) WHERE holds_until IS NOT NULL;

-- +goose Down
DROP INDEX courses_lapsing;
DROP INDEX volunteers_by_cell;
