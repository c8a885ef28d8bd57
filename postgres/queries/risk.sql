-- name: ListRiskClasses :many
SELECT k.id, k.name_zh, k.name_en, k.check_months, k.minors_barred, k.two_deep, k.course_id,
    ARRAY(SELECT category FROM risk_categories c WHERE c.class_id = k.id ORDER BY category)::text[] AS categories
FROM risk_classes k ORDER BY k.id;

-- name: ListCategories :many
-- Those of a class, and those that help was ever asked for: from one to the next by
-- their index, since requests are many and categories few.
WITH RECURSIVE used (category) AS (
    (SELECT category FROM help_requests ORDER BY category LIMIT 1)
    UNION ALL
    SELECT (SELECT r.category FROM help_requests r WHERE r.category > u.category ORDER BY r.category LIMIT 1)
    FROM used u WHERE u.category IS NOT NULL)
SELECT k.category::text AS category, coalesce(c.class_id, '')::text AS class_id
FROM (SELECT category FROM used WHERE category IS NOT NULL UNION SELECT category FROM risk_categories) k
    LEFT JOIN risk_categories c ON c.category = k.category
ORDER BY k.category;

-- name: VettedOfRequests :many
-- What is known of those whom requests bind, as far as it can keep them from coming.
SELECT b.request_id, v.id, v.active, v.skills, v.checked_on, v.birth_date, v.guardian_consent_until,
    ARRAY(SELECT course_id FROM volunteer_courses c WHERE c.volunteer_id = v.id ORDER BY course_id)::text[] AS courses,
    ARRAY(SELECT holds_until FROM volunteer_courses c WHERE c.volunteer_id = v.id ORDER BY course_id)::date[] AS courses_until
FROM reservations b JOIN volunteers v ON v.id = b.volunteer_id
WHERE b.request_id = ANY(@ids::text[]) AND b.counts;

-- name: VettedVolunteers :many
-- The same of people who may join one, and how far they come.
SELECT v.id, v.active, v.skills, v.checked_on, v.birth_date, v.guardian_consent_until,
    ARRAY(SELECT course_id FROM volunteer_courses c WHERE c.volunteer_id = v.id ORDER BY course_id)::text[] AS courses,
    ARRAY(SELECT holds_until FROM volunteer_courses c WHERE c.volunteer_id = v.id ORDER BY course_id)::date[] AS courses_until,
    v.lat, v.lng, v.max_distance
FROM volunteers v WHERE v.id = ANY(@ids::text[]);
