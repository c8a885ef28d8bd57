-- name: CourseEffect :many
-- What people of an area did before they completed a course and after it, in a time, as
-- sums over people. Who holds it without a certificate completed it nobody knows when,
-- and is left out. Everybody else counts, also who is not active any more: to leave them
-- out would hide what retention is about.
WITH done AS (
    SELECT z.volunteer_id, (min(z.completed_on) + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' AS at
    FROM certificates z WHERE z.course_id = @course AND z.revoked_at IS NULL GROUP BY z.volunteer_id
), people AS (
    SELECT v.id, greatest(v.created_at, @from_at::timestamptz) AS since, d.at
    FROM volunteers v JOIN areas a ON a.id = v.area_id LEFT JOIN done d ON d.volunteer_id = v.id
    WHERE starts_with(a.path, @area::text) AND (d.at IS NOT NULL
        OR NOT EXISTS (SELECT FROM volunteer_courses k WHERE k.volunteer_id = v.id AND k.course_id = @course))
), spans AS (
    SELECT id, 'not_yet_trained' AS of, since AS lo, least(at, @until_at::timestamptz) AS hi FROM people WHERE since < least(at, @until_at::timestamptz)
    UNION ALL
    SELECT id, 'trained', greatest(since, at), @until_at::timestamptz FROM people WHERE at IS NOT NULL AND greatest(since, at) < @until_at::timestamptz
), answers AS (
    SELECT s.of, count(*) FILTER (WHERE o.status = 'accepted')::float8 AS y, count(*)::float8 AS x
    FROM spans s JOIN offers o ON o.volunteer_id = s.id AND o.made_at >= s.lo AND o.made_at < s.hi
    WHERE o.status IN ('accepted', 'declined', 'expired') AND o.round_id <> @by_hand
    GROUP BY s.of, s.id
), served AS (
    SELECT s.of, s.id, s.lo, s.hi, min(r.began_at) AS first, sum(extract(epoch FROM r.ended_at - r.began_at))::float8 / 3600 AS hours
    FROM spans s LEFT JOIN service_records r ON r.volunteer_id = s.id AND r.began_at >= s.lo AND r.began_at < s.hi AND r.standing IN ('counted', 'upheld')
    GROUP BY s.of, s.id, s.lo, s.hi
), kept AS (
    SELECT s.of, (EXISTS (SELECT FROM service_records r WHERE r.volunteer_id = s.id AND r.standing IN ('counted', 'upheld')
            AND r.began_at >= s.first + make_interval(days => @served_since::integer) AND r.began_at < s.first + make_interval(days => @still_after::integer))
        OR EXISTS (SELECT FROM pairings p WHERE p.volunteer_id = s.id AND p.confirmed_at <= s.first + make_interval(days => @still_after::integer)
            AND (p.ended_at IS NULL OR p.ended_at > s.first + make_interval(days => @still_after::integer))))::integer::float8 AS y, 1::float8 AS x
    FROM served s WHERE s.first + make_interval(days => @still_after::integer) <= @now::timestamptz
), worked AS (
    SELECT of, coalesce(hours, 0) AS y, extract(epoch FROM hi - lo)::float8 / (86400 * 30.4375) AS x FROM served
)
SELECT measure::text, of::text, count(*)::integer AS people, sum(y)::float8 AS y, sum(x)::float8 AS x,
    sum(y * y)::float8 AS yy, sum(x * y)::float8 AS xy, sum(x * x)::float8 AS xx
FROM (
    SELECT 'acceptance' AS measure, of, y, x FROM answers
    UNION ALL SELECT 'retention', of, y, x FROM kept
    UNION ALL SELECT 'hours', of, y, x FROM worked
) m GROUP BY measure, of ORDER BY measure, of;

-- name: UndatedHolders :one
-- People of an area who hold a course without a certificate.
SELECT count(*)::integer FROM volunteer_courses k JOIN volunteers v ON v.id = k.volunteer_id JOIN areas a ON a.id = v.area_id
WHERE k.course_id = @course AND starts_with(a.path, @area::text)
    AND NOT EXISTS (SELECT FROM certificates z WHERE z.volunteer_id = k.volunteer_id AND z.course_id = k.course_id AND z.revoked_at IS NULL);
