-- +goose Up
-- What one more volunteer would have been worth to the last round of each shard.
CREATE TABLE scarcity (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shard      bigint NOT NULL,
    area_id    identifier NOT NULL REFERENCES areas,
    cell       bigint NOT NULL,
    skills     text[] NOT NULL,
    open_seats integer NOT NULL CHECK (open_seats >= 0),
    saving     bigint NOT NULL CHECK (saving > 0),
    as_of      timestamptz NOT NULL,
    UNIQUE (shard, area_id, cell, skills)
);
CREATE INDEX scarcity_dearest ON scarcity (saving DESC, id DESC);

-- +goose Down
DROP TABLE scarcity;
