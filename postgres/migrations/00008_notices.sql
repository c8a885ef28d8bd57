-- +goose Up
-- Who is told of what, and how they want to be told. A notice holds ids and
-- words; its text is written in the reader's language when it is read.

CREATE TABLE contacts (
    account_id identifier PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    language   text NOT NULL CHECK (language IN ('zh-CN', 'en'))
);

CREATE TABLE notices (
    id         identifier PRIMARY KEY DEFAULT gen_random_uuid()::text,
    event_seq  bigint NOT NULL REFERENCES events,
    recipient  identifier NOT NULL REFERENCES accounts ON DELETE CASCADE,
    kind       text NOT NULL,
    urgent     boolean NOT NULL,
    request_id identifier NOT NULL REFERENCES help_requests,
    offer_id   text NOT NULL DEFAULT '',
    pairing_id text NOT NULL DEFAULT '',
    reason     text NOT NULL DEFAULT '',
    at         timestamptz NOT NULL,
    until      timestamptz NOT NULL,
    read_at    timestamptz,
    CONSTRAINT told_once UNIQUE (event_seq, recipient)
);
CREATE INDEX notices_of_recipient ON notices (recipient, at DESC, id DESC);
CREATE INDEX notices_unread ON notices (recipient, at DESC, id DESC) WHERE read_at IS NULL;

-- +goose Down
DROP TABLE notices, contacts;
