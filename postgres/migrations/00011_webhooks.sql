-- +goose Up
-- Where a program is told of an account's notices. Messages are signed with the
-- secret, and for a day after a new one was made with the old one too.
CREATE TABLE webhooks (
    account_id identifier PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    url        text NOT NULL CHECK (url <> ''),
    secret     text NOT NULL CHECK (secret <> ''),
    old_secret text NOT NULL DEFAULT '',
    old_until  timestamptz NOT NULL DEFAULT '-infinity'
);
ALTER TABLE contacts DROP CONSTRAINT contacts_channels_check,
    ADD CONSTRAINT contacts_channels_check CHECK (channels <@ '{email,webhook}');

-- +goose Down
UPDATE contacts SET channels = array_remove(channels, 'webhook');
ALTER TABLE contacts DROP CONSTRAINT contacts_channels_check,
    ADD CONSTRAINT contacts_channels_check CHECK (channels <@ '{email}');
DROP TABLE webhooks;
