-- name: ForgetScarcity :exec
DELETE FROM scarcity WHERE shard = @shard;

-- name: KeepScarcity :exec
-- Skills are one text each, with semicolons between them. A round of the same
-- shard that was written at the same time gives way.
INSERT INTO scarcity (shard, area_id, cell, skills, open_seats, saving, as_of)
SELECT @shard, unnest(@areas::text[]), unnest(@cells::bigint[]), string_to_array(unnest(@skills::text[]), ';'),
    unnest(@open_seats::integer[]), unnest(@savings::bigint[]), @as_of::timestamptz
ON CONFLICT (shard, area_id, cell, skills)
DO UPDATE SET open_seats = excluded.open_seats, saving = excluded.saving, as_of = excluded.as_of;

-- name: ListScarcity :many
-- A shard holds rounds as long as seats are open in it: what is older than a day
-- is over.
SELECT s.id, s.area_id, s.cell, s.skills, s.open_seats, s.saving, s.as_of FROM scarcity s JOIN areas a ON a.id = s.area_id
WHERE (s.saving, s.id) < (@below_saving::bigint, @below_id::bigint) AND s.as_of > now() - interval '1 day'
    AND EXISTS (SELECT FROM unnest(@areas::text[]) AS p(path) WHERE starts_with(a.path, p.path))
    AND (@area::text = '' OR EXISTS (SELECT FROM areas f WHERE f.id = area_now(@area::text) AND starts_with(a.path, f.path)))
    AND (@skill::text = '' OR @skill::text = ANY(s.skills))
ORDER BY s.saving DESC, s.id DESC LIMIT @at_most;
