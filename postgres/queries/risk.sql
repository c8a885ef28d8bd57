-- name: ListRiskClasses :many
SELECT k.id, k.name_zh, k.name_en, k.check_months, k.minors_barred, k.two_deep, k.course_id,
    ARRAY(SELECT category FROM risk_categories c WHERE c.class_id = k.id ORDER BY category)::text[] AS categories
FROM risk_classes k ORDER BY k.id;

-- name: VettedOfRequests :many
-- What is known of those whom requests bind, as far as it can keep them from coming.
SELECT b.request_id, v.id, v.checked_on, v.birth_date, v.guardian_consent_until, (c.volunteer_id IS NOT NULL)::boolean AS holds, c.holds_until
FROM reservations b JOIN help_requests r ON r.id = b.request_id JOIN volunteers v ON v.id = b.volunteer_id
    LEFT JOIN volunteer_courses c ON c.volunteer_id = v.id AND c.course_id = r.risk->>'course'
WHERE b.request_id = ANY(@ids::text[]) AND b.counts AND (r.risk <> '{}' OR v.birth_date IS NOT NULL);

-- name: VettedVolunteers :many
-- The same of people who may join one, with the course of its risk class.
SELECT v.id, v.checked_on, v.birth_date, v.guardian_consent_until, (c.volunteer_id IS NOT NULL)::boolean AS holds, c.holds_until
FROM volunteers v LEFT JOIN volunteer_courses c ON c.volunteer_id = v.id AND c.course_id = @course::text
WHERE v.id = ANY(@ids::text[]);
