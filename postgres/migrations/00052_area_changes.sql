-- +goose Up
-- Areas are merged and split while everything goes on. One that was merged stays as the
-- name of its successor: nothing lies in it any more.
ALTER TABLE areas
    ADD COLUMN merged_into identifier REFERENCES areas,
    ADD CONSTRAINT merged_into_another CHECK (merged_into <> id);
CREATE INDEX areas_merged ON areas (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE area_changes (
    id      identifier PRIMARY KEY,
    kind    text NOT NULL CHECK (kind IN ('merge', 'split')),
    area_id identifier NOT NULL REFERENCES areas, -- that was merged or split
    into_id identifier NOT NULL REFERENCES areas, -- its successor, or the new one
    reason  text NOT NULL CHECK (reason <> ''),
    made_by identifier NOT NULL REFERENCES accounts,
    made_at timestamptz NOT NULL,
    result  jsonb NOT NULL -- how much was moved, and which rollouts were restated
);
CREATE INDEX area_changes_newest ON area_changes (made_at DESC, id DESC);

-- Why a version of a rollout's file was made, if not by a new file.
ALTER TABLE rollout_versions ADD COLUMN reason text NOT NULL DEFAULT '';

-- The area that an id stands for now; the id itself if there is none.
-- +goose StatementBegin
CREATE FUNCTION area_now(asked text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT merged_into FROM areas WHERE id = asked), asked)
$$;
-- +goose StatementEnd

-- Whoever writes into an area that was merged a moment ago writes into its successor.
-- The lock is that of a foreign key: it waits for a merge under way, which waits for
-- it likewise.
-- +goose StatementBegin
CREATE FUNCTION follow_merged_area() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    successor text;
BEGIN
    LOOP
        SELECT merged_into INTO successor FROM areas WHERE id = NEW.area_id FOR KEY SHARE;
        EXIT WHEN successor IS NULL;
        NEW.area_id := successor;
    END LOOP;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER organisations_follow_area BEFORE INSERT OR UPDATE OF area_id ON organisations FOR EACH ROW EXECUTE FUNCTION follow_merged_area();
CREATE TRIGGER volunteers_follow_area BEFORE INSERT OR UPDATE OF area_id ON volunteers FOR EACH ROW EXECUTE FUNCTION follow_merged_area();
CREATE TRIGGER beneficiaries_follow_area BEFORE INSERT OR UPDATE OF area_id ON beneficiaries FOR EACH ROW EXECUTE FUNCTION follow_merged_area();
CREATE TRIGGER help_requests_follow_area BEFORE INSERT OR UPDATE OF area_id ON help_requests FOR EACH ROW EXECUTE FUNCTION follow_merged_area();
CREATE TRIGGER account_areas_follow_area BEFORE INSERT OR UPDATE OF area_id ON account_areas FOR EACH ROW EXECUTE FUNCTION follow_merged_area();

-- +goose StatementBegin
CREATE FUNCTION keep_area_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'area_changes is added to and never changed';
END $$;
-- +goose StatementEnd
CREATE TRIGGER area_changes_stay BEFORE UPDATE OR DELETE ON area_changes FOR EACH ROW EXECUTE FUNCTION keep_area_changes();

-- +goose Down
DROP TRIGGER organisations_follow_area ON organisations;
DROP TRIGGER volunteers_follow_area ON volunteers;
DROP TRIGGER beneficiaries_follow_area ON beneficiaries;
DROP TRIGGER help_requests_follow_area ON help_requests;
DROP TRIGGER account_areas_follow_area ON account_areas;
DROP TABLE area_changes;
DROP FUNCTION keep_area_changes, follow_merged_area, area_now;
ALTER TABLE rollout_versions DROP COLUMN reason;
DROP INDEX areas_merged;
ALTER TABLE areas DROP COLUMN merged_into;
