-- name: LockCourse :one
SELECT id FROM courses WHERE id = @id FOR UPDATE;

-- name: AddCourse :exec
INSERT INTO courses (id, name_zh, name_en) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING;

-- name: CourseVersions :many
-- Every version of some courses, or of all where none is named; the last alone where
-- only those are asked for.
SELECT v.course_id, v.version, v.topics, v.textbooks, v.hours, v.attendance, v.pass_mark, v.retakes, v.valid_years,
    v.renewed_by, v.prerequisites, v.skills, v.published_by, v.published_at
FROM course_versions v
WHERE (cardinality(@courses::text[]) = 0 OR v.course_id = ANY(@courses::text[]))
    AND (NOT @last::boolean OR NOT EXISTS (SELECT FROM course_versions n WHERE n.course_id = v.course_id AND n.version > v.version))
ORDER BY v.course_id, v.version;

-- name: InsertCourseVersion :exec
INSERT INTO course_versions (course_id, version, topics, textbooks, hours, attendance, pass_mark, retakes, valid_years,
    renewed_by, prerequisites, skills, published_by, published_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: CourseRow :one
SELECT id, name_zh, name_en FROM courses WHERE id = @id;
