-- +goose Up
-- How much volunteers let themselves be asked, and what they have put off.

-- A column left empty is at the default of the settings.
CREATE TABLE volunteer_limits (
    volunteer_id identifier PRIMARY KEY REFERENCES volunteers ON DELETE CASCADE,
    pending      integer CHECK (pending BETWEEN 1 AND 20),
    weekly       integer CHECK (weekly BETWEEN 1 AND 100),
    -- Minutes of the day in the zone of the volunteer's availability; across
    -- midnight where the end comes first.
    quiet_from   integer CHECK (quiet_from BETWEEN 0 AND 1439),
    quiet_to     integer CHECK (quiet_to BETWEEN 0 AND 1439),
    cool_down    integer CHECK (cool_down BETWEEN 0 AND 2592000), -- seconds
    CONSTRAINT quiet_hours_have_two_ends CHECK ((quiet_from IS NULL) = (quiet_to IS NULL))
);

-- Every category until an instant, or one category beyond a distance from home.
CREATE TABLE parks (
    volunteer_id identifier NOT NULL REFERENCES volunteers ON DELETE CASCADE,
    kind         text NOT NULL CHECK (kind IN ('busy', 'unwell', 'ask_later', 'too_far', 'not_comfortable')),
    category     text NOT NULL DEFAULT '', -- '' is every category
    until        timestamptz,
    within       integer CHECK (within >= 0), -- metres
    offer_id     identifier NOT NULL REFERENCES offers,
    since        timestamptz NOT NULL,
    PRIMARY KEY (volunteer_id, kind, category),
    CONSTRAINT a_park_ends_or_has_a_category CHECK ((category = '') = (until IS NOT NULL) AND (category = '') = (within IS NULL))
);

-- What matching knows of a volunteer beside their record: a change of it is told
-- by the feed, and is no new version of the record.
ALTER TABLE volunteers ADD COLUMN touched bigint NOT NULL DEFAULT 0;

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION note_volunteer_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_in := pg_current_xact_id();
    IF NEW.load = OLD.load AND NEW.touched = OLD.touched THEN
        NEW.version := OLD.version + 1;
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION touch_volunteer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE volunteers SET touched = touched + 1
    WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.volunteer_id ELSE NEW.volunteer_id END;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER limits_touch AFTER INSERT OR UPDATE OR DELETE ON volunteer_limits
    FOR EACH ROW EXECUTE FUNCTION touch_volunteer();
CREATE TRIGGER parks_touch AFTER INSERT OR UPDATE OR DELETE ON parks
    FOR EACH ROW EXECUTE FUNCTION touch_volunteer();
-- Whatever else becomes of an offer binds or frees the volunteer's time, which
-- tells of it too.
CREATE TRIGGER offers_touch_accepted AFTER UPDATE OF status ON offers
    FOR EACH ROW WHEN (NEW.status = 'accepted') EXECUTE FUNCTION touch_volunteer();

-- How likely a yes was thought to be when the offer was made; 0 is unknown.
ALTER TABLE offers ADD COLUMN chance double precision NOT NULL DEFAULT 0 CHECK (chance >= 0 AND chance < 1);
-- The rate of an area and category is that of the offers of its newest requests.
CREATE INDEX help_requests_of_category ON help_requests (area_id, category, opened_at DESC);

-- Who is not to be asked for a request, by a person's word.
CREATE TABLE request_exclusions (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    request_id   identifier NOT NULL REFERENCES help_requests ON DELETE CASCADE,
    volunteer_id identifier NOT NULL REFERENCES volunteers ON DELETE CASCADE,
    PRIMARY KEY (request_id, volunteer_id)
);

-- Offers come in the order of time, so that the newest are in the last blocks.
CREATE INDEX offers_by_age ON offers USING brin (made_at);

-- offer_budget is what aid.Budget holds of a volunteer; null when there is
-- nothing to tell. The declined one is looked for as long as a cool-down can last.
-- +goose StatementBegin
CREATE FUNCTION offer_budget(volunteer text) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT nullif(jsonb_strip_nulls(jsonb_build_object(
        'own', (SELECT jsonb_build_object('pending', l.pending, 'weekly', l.weekly, 'cool_down', l.cool_down * 1000000000::bigint,
                'quiet', CASE WHEN l.quiet_from IS NOT NULL THEN jsonb_build_object('from', l.quiet_from, 'to', l.quiet_to) END)
            FROM volunteer_limits l WHERE l.volunteer_id = volunteer),
        'pending', o.pending,
        'recent', o.recent,
        'declined', o.declined,
        'parks', (SELECT jsonb_agg(jsonb_build_object('kind', p.kind, 'category', nullif(p.category, ''), 'until', p.until,
                'within', p.within, 'offer', p.offer_id, 'since', p.since) ORDER BY p.since, p.kind, p.category)
            FROM parks p WHERE p.volunteer_id = volunteer))), '{}')
    FROM (SELECT nullif(count(*) FILTER (WHERE status = 'pending'), 0) AS pending,
            jsonb_agg(made_at ORDER BY made_at DESC) FILTER (WHERE made_at > now() - interval '7 days') AS recent,
            max(answered_at) FILTER (WHERE status = 'declined') AS declined
        FROM offers
        WHERE volunteer_id = volunteer AND (status = 'pending' OR made_at > now() - interval '60 days')) o
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION offer_budget;
DROP INDEX offers_by_age;
DROP INDEX help_requests_of_category;
ALTER TABLE offers DROP COLUMN chance;
DROP TRIGGER offers_touch_accepted ON offers;
DROP TABLE parks, volunteer_limits, request_exclusions;
DROP FUNCTION touch_volunteer;
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
ALTER TABLE volunteers DROP COLUMN touched;
