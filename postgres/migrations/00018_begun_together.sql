-- +goose Up
-- When a visit began: with its check-in or, where nobody comes alone, once two were
-- there. Whoever waits for another has checked in, and it is planned still.
ALTER TABLE visits ADD COLUMN begun_at timestamptz;
UPDATE visits SET begun_at = in_at WHERE status IN ('begun', 'done');
ALTER TABLE visits DROP CONSTRAINT visits_are_checked_in, DROP CONSTRAINT visits_are_checked_out,
    ADD CONSTRAINT visits_have_begun CHECK ((status IN ('begun', 'done')) = (begun_at IS NOT NULL) AND (begun_at IS NULL OR in_at IS NOT NULL AND begun_at >= in_at)),
    ADD CONSTRAINT visits_are_checked_out CHECK (CASE status WHEN 'done' THEN out_at IS NOT NULL AND out_at >= begun_at
        WHEN 'begun' THEN out_at IS NULL ELSE out_at IS NULL OR in_at IS NOT NULL AND out_at >= in_at END);

-- +goose Down
ALTER TABLE visits DROP CONSTRAINT visits_have_begun, DROP CONSTRAINT visits_are_checked_out;
UPDATE visits SET in_at = NULL, in_means = '', in_cell = 0, out_at = NULL, out_means = '', out_cell = 0 WHERE begun_at IS NULL AND in_at IS NOT NULL;
ALTER TABLE visits DROP COLUMN begun_at,
    ADD CONSTRAINT visits_are_checked_in CHECK ((status IN ('begun', 'done')) = (in_at IS NOT NULL)),
    ADD CONSTRAINT visits_are_checked_out CHECK ((status = 'done') = (out_at IS NOT NULL) AND out_at >= in_at);
