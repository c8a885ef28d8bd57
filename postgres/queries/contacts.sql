-- name: ContactRows :many
-- An account that has chosen nothing has a contact all the same.
SELECT a.id, coalesce(c.language, '')::text AS language, coalesce(v.availability ->> 'zone', '')::text AS zone,
    coalesce(c.channels, '{}')::text[] AS channels, coalesce(c.quiet_from, 0)::integer AS quiet_from,
    coalesce(c.quiet_to, 0)::integer AS quiet_to, coalesce(c.email, '')::text AS email,
    coalesce(k.email, '')::text AS email_unverified, coalesce(h.url, '')::text AS webhook, coalesce(h.secret, '')::text AS webhook_secret,
    CASE WHEN h.old_until > clock_timestamp() THEN h.old_secret ELSE '' END::text AS webhook_old_secret
FROM accounts a LEFT JOIN contacts c ON c.account_id = a.id LEFT JOIN volunteers v ON v.id = a.volunteer_id
    LEFT JOIN email_codes k ON k.account_id = a.id AND k.expires_at > clock_timestamp()
    LEFT JOIN webhooks h ON h.account_id = a.id
WHERE a.id = ANY(@accounts::text[]);

-- name: PutContact :exec
INSERT INTO contacts (account_id, language, channels, quiet_from, quiet_to)
VALUES (@account, @language, @channels::text[], @quiet_from, @quiet_to)
ON CONFLICT (account_id) DO UPDATE SET language = excluded.language, channels = excluded.channels,
    quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to;

-- name: PutEmailCode :execrows
-- Not while the one before is still on its way.
INSERT INTO email_codes (account_id, email, hash, sent_at, expires_at)
VALUES (@account, @email, @hash, clock_timestamp(), clock_timestamp() + make_interval(secs => @life_seconds::float8))
ON CONFLICT (account_id) DO UPDATE SET email = excluded.email, hash = excluded.hash, sent_at = excluded.sent_at,
    expires_at = excluded.expires_at, wrong = 0
WHERE email_codes.sent_at <= clock_timestamp() - make_interval(secs => @pause_seconds::float8);

-- name: DropEmailCode :exec
DELETE FROM email_codes WHERE account_id = @account;

-- name: TryEmailCode :one
-- Every try counts, so that nobody tries all codes.
UPDATE email_codes SET wrong = wrong + 1
WHERE account_id = @account AND expires_at > clock_timestamp() AND wrong < @tries::integer
RETURNING email, hash;

-- name: KeepEmail :exec
INSERT INTO contacts (account_id, email) VALUES (@account, @email)
ON CONFLICT (account_id) DO UPDATE SET email = excluded.email;

-- name: DropEmail :exec
UPDATE contacts SET email = '' WHERE account_id = @account;

-- name: PutWebhook :exec
INSERT INTO webhooks (account_id, url, secret) VALUES (@account, @url, @secret)
ON CONFLICT (account_id) DO UPDATE SET url = excluded.url, secret = excluded.secret, old_secret = webhooks.secret,
    old_until = clock_timestamp() + make_interval(secs => @old_life_seconds::float8);

-- name: DropWebhook :exec
DELETE FROM webhooks WHERE account_id = @account;

-- name: DropChannel :exec
UPDATE contacts SET channels = array_remove(channels, @channel::text) WHERE account_id = @account;
