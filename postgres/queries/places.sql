-- name: ListAreas :many
SELECT id, parent, path, level, name_zh, name_en, merged_into FROM areas WHERE id > @after::text AND merged_into IS NULL ORDER BY id LIMIT @at_most;

-- name: AreaRow :one
-- One that was merged is its successor.
SELECT id, parent, path, level, name_zh, name_en, merged_into FROM areas WHERE id = area_now(@asked::text);

-- name: InsertArea :exec
INSERT INTO areas (id, parent, path, level, name_zh, name_en) VALUES ($1, $2, $3, $4, $5, $6);

-- name: ListOrganisations :many
SELECT o.id, o.parent, o.tree, o.tier, o.area_id, o.name_zh, o.name_en FROM organisations o JOIN areas a ON a.id = o.area_id
WHERE o.id > @after::text AND EXISTS (SELECT FROM unnest(@areas::text[]) AS p(path) WHERE starts_with(a.path, p.path))
ORDER BY o.id LIMIT @at_most;

-- name: ListSkills :many
SELECT id, name_zh, name_en FROM skills ORDER BY id;

-- name: ListCourses :many
SELECT id, name_zh, name_en FROM courses ORDER BY id;

-- name: PutSkill :exec
INSERT INTO skills (id, name_zh, name_en) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en;

-- name: PutCourse :exec
INSERT INTO courses (id, name_zh, name_en) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en;

-- name: KnownSkills :many
SELECT id FROM skills WHERE id = ANY(@ids::text[]);

-- name: KnownCourses :many
SELECT id FROM courses WHERE id = ANY(@ids::text[]);
