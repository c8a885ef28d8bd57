-- name: ContactRow :one
-- An account that has chosen nothing has a contact all the same.
SELECT a.id, coalesce(c.language, '')::text AS language, coalesce(v.availability ->> 'zone', '')::text AS zone
FROM accounts a LEFT JOIN contacts c ON c.account_id = a.id LEFT JOIN volunteers v ON v.id = a.volunteer_id
WHERE a.id = @account;

-- name: PutContact :exec
INSERT INTO contacts (account_id, language) VALUES (@account, @language)
ON CONFLICT (account_id) DO UPDATE SET language = excluded.language;
