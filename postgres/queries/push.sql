-- name: PutPushSubscription :exec
-- A browser that changes hands belongs to whoever allowed it last.
INSERT INTO push_subscriptions (endpoint, account_id, p256dh, auth) VALUES (@endpoint, @account, @p256dh, @auth)
ON CONFLICT (endpoint) DO UPDATE SET account_id = excluded.account_id, p256dh = excluded.p256dh, auth = excluded.auth, since = excluded.since;

-- name: DropOldPushSubscriptions :exec
DELETE FROM push_subscriptions p WHERE p.account_id = @account AND p.endpoint NOT IN (
    SELECT newest.endpoint FROM push_subscriptions newest WHERE newest.account_id = @account
    ORDER BY newest.since DESC, newest.endpoint LIMIT @kept);

-- name: DropPushSubscription :exec
DELETE FROM push_subscriptions WHERE endpoint = @endpoint;

-- name: PushSubscriptionsOf :many
SELECT account_id, endpoint, p256dh, auth FROM push_subscriptions WHERE account_id = ANY(@accounts::text[]) ORDER BY since DESC, endpoint;
