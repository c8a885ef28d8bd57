-- +goose Up
-- How people want to be told, and each notice on its way to them.

ALTER TABLE contacts
    ADD COLUMN channels text[] NOT NULL DEFAULT '{}',
    -- Minutes of the day by the account's clock; equal ends are no hours.
    ADD COLUMN quiet_from integer NOT NULL DEFAULT 0 CHECK (quiet_from BETWEEN 0 AND 1439),
    ADD COLUMN quiet_to integer NOT NULL DEFAULT 0 CHECK (quiet_to BETWEEN 0 AND 1439),
    ADD COLUMN email text NOT NULL DEFAULT '', -- verified
    ALTER COLUMN language SET DEFAULT 'zh-CN',
    ADD CONSTRAINT contacts_channels_check CHECK (channels <@ '{email}');

-- An address that an account says is theirs, until the code that was mailed there
-- comes back. Only the code's hash is kept.
CREATE TABLE email_codes (
    account_id identifier PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    email      text NOT NULL CHECK (email <> ''),
    hash       bytea NOT NULL CHECK (octet_length(hash) = 32),
    sent_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    wrong      integer NOT NULL DEFAULT 0
);

-- A notice on its way by one channel. Whoever works on it has claimed it until
-- next_try_at, when others may.
CREATE TABLE deliveries (
    notice_id   identifier NOT NULL REFERENCES notices ON DELETE CASCADE,
    channel     text NOT NULL,
    status      text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'sent', 'moot', 'given_up')),
    attempts    integer NOT NULL DEFAULT 0,
    next_try_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    claimed_by  text NOT NULL DEFAULT '',
    ended_at    timestamptz,
    reason      text NOT NULL DEFAULT '',
    PRIMARY KEY (notice_id, channel),
    CONSTRAINT ended_deliveries_have_an_end CHECK ((status = 'pending') = (ended_at IS NULL))
);
CREATE INDEX deliveries_due ON deliveries (channel, next_try_at) WHERE status = 'pending';
CREATE INDEX deliveries_given_up ON deliveries (ended_at) WHERE status = 'given_up';

-- +goose Down
DROP TABLE deliveries, email_codes;
ALTER TABLE contacts DROP COLUMN channels, DROP COLUMN quiet_from, DROP COLUMN quiet_to, DROP COLUMN email, ALTER COLUMN language DROP DEFAULT;
