-- +goose Up
-- Browsers in which accounts have allowed notices, by the address of their push
-- service. One that the service says is gone is deleted.
CREATE TABLE push_subscriptions (
    endpoint   text PRIMARY KEY,
    account_id identifier NOT NULL REFERENCES accounts ON DELETE CASCADE,
    p256dh     text NOT NULL,
    auth       text NOT NULL,
    since      timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX push_subscriptions_of_account ON push_subscriptions (account_id, since DESC);
ALTER TABLE contacts DROP CONSTRAINT contacts_channels_check,
    ADD CONSTRAINT contacts_channels_check CHECK (channels <@ '{email,webhook,push}');

-- +goose Down
UPDATE contacts SET channels = array_remove(channels, 'push');
ALTER TABLE contacts DROP CONSTRAINT contacts_channels_check,
    ADD CONSTRAINT contacts_channels_check CHECK (channels <@ '{email,webhook}');
DROP TABLE push_subscriptions;
