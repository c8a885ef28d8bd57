-- +goose Up
-- The record of a round counts its offers, whichever try of it made them.
CREATE INDEX offers_of_round ON offers (round_id);

-- +goose Down
DROP INDEX offers_of_round;
