-- name: OldestOpenTransaction :one
SELECT pg_snapshot_xmin(pg_current_snapshot())::xid8;

-- name: AllCandidates :many
-- What counts and holds no time, a standing pairing, is a window of no length at
-- the beginning of all time.
SELECT v.id, v.area_id, a.path, v.lat, v.lng, v.cell, v.skills, v.availability, v.capacity, v.max_distance, v.active,
    coalesce(c.ids, '{}')::text[] AS courses, coalesce(c.untils, '{}')::date[] AS courses_until,
    coalesce(b.starts, '{}')::timestamptz[] AS bound_from, coalesce(b.ends, '{}')::timestamptz[] AS bound_to,
    coalesce(w.starts, '{}')::timestamptz[] AS visits_from, coalesce(w.ends, '{}')::timestamptz[] AS visits_to,
    (CASE WHEN k.volunteer_id IS NOT NULL THEN offer_budget(v.id) END)::jsonb AS budget,
    v.checked_on, v.birth_date, v.guardian_consent_until
FROM volunteers v JOIN areas a ON a.id = v.area_id
LEFT JOIN (SELECT volunteer_id, array_agg(course_id) AS ids, array_agg(holds_until) AS untils
    FROM volunteer_courses GROUP BY volunteer_id) c ON c.volunteer_id = v.id
LEFT JOIN (SELECT volunteer_id, array_agg(coalesce(lower(during), '0001-01-01Z')) AS starts, array_agg(coalesce(upper(during), '0001-01-01Z')) AS ends
    FROM reservations WHERE counts GROUP BY volunteer_id) b ON b.volunteer_id = v.id
LEFT JOIN (SELECT volunteer_id, array_agg(lower(during)) AS starts, array_agg(upper(during)) AS ends
    FROM reservations WHERE NOT counts GROUP BY volunteer_id) w ON w.volunteer_id = v.id
LEFT JOIN (SELECT volunteer_id FROM offers WHERE status = 'pending' OR made_at > now() - interval '60 days'
    UNION SELECT volunteer_id FROM volunteer_limits UNION SELECT volunteer_id FROM parks) k ON k.volunteer_id = v.id;

-- name: ChangedCandidates :many
SELECT v.id, v.area_id, a.path, v.lat, v.lng, v.cell, v.skills, v.availability, v.capacity, v.max_distance, v.active,
    ARRAY(SELECT course_id FROM volunteer_courses c WHERE c.volunteer_id = v.id ORDER BY course_id)::text[] AS courses,
    ARRAY(SELECT holds_until FROM volunteer_courses c WHERE c.volunteer_id = v.id ORDER BY course_id)::date[] AS courses_until,
    ARRAY(SELECT coalesce(lower(during), '0001-01-01Z') FROM reservations b WHERE b.volunteer_id = v.id AND counts ORDER BY during)::timestamptz[] AS bound_from,
    ARRAY(SELECT coalesce(upper(during), '0001-01-01Z') FROM reservations b WHERE b.volunteer_id = v.id AND counts ORDER BY during)::timestamptz[] AS bound_to,
    ARRAY(SELECT lower(during) FROM reservations b WHERE b.volunteer_id = v.id AND NOT counts ORDER BY during)::timestamptz[] AS visits_from,
    ARRAY(SELECT upper(during) FROM reservations b WHERE b.volunteer_id = v.id AND NOT counts ORDER BY during)::timestamptz[] AS visits_to,
    offer_budget(v.id)::jsonb AS budget,
    v.checked_on, v.birth_date, v.guardian_consent_until
FROM volunteers v JOIN areas a ON a.id = v.area_id
WHERE v.changed_in >= @since::xid8;

-- name: StampHistory :one
INSERT INTO index_stamps (stamp) VALUES (this_database() || '-' || gen_random_uuid()) RETURNING stamp;

-- name: ForgetStamps :exec
DELETE FROM index_stamps WHERE stamped_at < now() - interval '30 days';

-- name: HasStamp :one
-- A dump that was read into another database has the stamps, but not their history.
SELECT EXISTS (SELECT FROM index_stamps WHERE stamp = @stamp
    AND stamped_at > now() - interval '30 days' AND starts_with(stamp, this_database() || '-'));
