package postgres

// trainingInvariants are the rules of cohorts and certificates.
var trainingInvariants = []invariant{
	{
		"seats_counted", "the seats of a cohort are counted as they are taken, and never more than there are",
		`SELECT ARRAY[c.id] FROM cohorts c WHERE c.taken > c.capacity OR c.taken <>
			(SELECT count(*) FROM enrolments e WHERE e.cohort_id = c.id AND e.status IN ('enrolled', 'completed', 'missed'))`,
	},
	{
		"nobody_waits_beside_a_seat", "while a cohort goes on and its last session has not begun, nobody waits for a seat that is free",
		`SELECT ARRAY[c.id] FROM cohorts c WHERE c.status IN ('open', 'closed') AND c.taken < c.capacity
			AND now() < (SELECT max(starts_at) FROM cohort_sessions s WHERE s.cohort_id = c.id)
			AND EXISTS (SELECT FROM enrolments e WHERE e.cohort_id = c.id AND e.status = 'waiting')`,
	},
	{
		"enrolment_ends", "enrolment in a cohort has ended once its first session has begun",
		`SELECT ARRAY[id] FROM cohorts WHERE status = 'open' AND starts_at < clock_timestamp() - @overdue::interval`,
	},
	{
		"results_asked", "a cohort whose last session was over a day ago is completed, or its results were asked for",
		`SELECT ARRAY[c.id] FROM cohorts c WHERE c.status IN ('open', 'closed')
			AND (SELECT max(ends_at) FROM cohort_sessions s WHERE s.cohort_id = c.id) < clock_timestamp() - interval '1 day' - @overdue::interval
			AND NOT EXISTS (SELECT FROM cohort_steps p WHERE p.cohort_id = c.id AND starts_with(p.step, 'results'))`,
	},
	{
		"ask_ends", "nobody is asked to hold a cohort after the time to answer",
		`SELECT ARRAY[cohort_id, account_id] FROM trainer_asks WHERE status = 'pending' AND expires_at < clock_timestamp() - @overdue::interval`,
	},
	{
		"trainer_sought", "for a cohort that lacks a trainer and has a session to come somebody is asked, or the coordinators know that nobody is left",
		`SELECT ARRAY[c.id] FROM cohorts c
			CROSS JOIN LATERAL (SELECT count(*) AS n, max(dropped_at) AS at FROM trainer_drops d WHERE d.cohort_id = c.id) dropped
			CROSS JOIN LATERAL (SELECT count(*) AS n, max(answered_at) AS at, count(*) FILTER (WHERE status = 'pending') AS pending FROM trainer_asks a WHERE a.cohort_id = c.id) asked
		WHERE c.status IN ('open', 'closed') AND dropped.n > 0
			AND c.trainers_wanted > asked.pending + (SELECT count(*) FROM cohort_trainers t WHERE t.cohort_id = c.id)
			AND (SELECT max(starts_at) FROM cohort_sessions s WHERE s.cohort_id = c.id) > clock_timestamp()
			AND greatest(dropped.at, asked.at) < clock_timestamp() - @overdue::interval
			AND NOT EXISTS (SELECT FROM cohort_steps p WHERE p.cohort_id = c.id AND p.step = 'trainer-missing/' || dropped.n || '/' || asked.n)`,
	},
	{
		"left_are_followed", "nothing is left to do for a cohort once everybody is followed up whom its end left without the course",
		`SELECT ARRAY[c.id, e.volunteer_id] FROM cohorts c JOIN enrolments e ON e.cohort_id = c.id
		WHERE c.followed_at > c.ended_at AND (e.status = 'missed' OR e.status = 'withdrawn' AND e.since = c.ended_at)
			AND NOT EXISTS (SELECT FROM cohort_steps p WHERE p.cohort_id = c.id AND p.step = 'follow/' || e.volunteer_id)`,
	},
	{
		"notice_of_step", "a notice of a cohort's step tells of a session of the cohort that it names",
		`SELECT ARRAY[n.id, n.cohort_id] FROM notices n WHERE n.cohort_id IS NOT NULL
			AND NOT EXISTS (SELECT FROM cohort_sessions s WHERE s.cohort_id = n.cohort_id AND s.session_no = n.session_no)`,
	},
	{
		"completion_certified", "whoever completed a course in a cohort has a certificate of it, and nobody else",
		`SELECT ARRAY[coalesce(e.cohort_id, k.cohort_id), coalesce(e.volunteer_id, k.volunteer_id)]
		FROM (SELECT cohort_id, volunteer_id FROM enrolments WHERE status = 'completed') e
			FULL JOIN certificates k ON k.cohort_id = e.cohort_id AND k.volunteer_id = e.volunteer_id
		WHERE e.cohort_id IS NULL OR k.cohort_id IS NULL`,
	},
	{
		"running_by_the_version_in_force", "the last plan of a rollout that is running or refused is of the version in force",
		`SELECT ARRAY[r.id] FROM rollouts r WHERE r.status IN ('running', 'refused') AND r.version IS DISTINCT FROM
			(SELECT p.version FROM rollout_plans p WHERE p.rollout_id = r.id ORDER BY p.plan_no DESC LIMIT 1)`,
	},
	{
		"nothing_in_merged_areas", "nothing lies in an area that was merged into another, or below it",
		`SELECT ARRAY[a.id] FROM areas a WHERE a.merged_into IS NOT NULL AND (
			EXISTS (SELECT FROM areas b WHERE b.parent = a.id OR b.id = a.merged_into AND b.merged_into IS NOT NULL)
			OR EXISTS (SELECT FROM volunteers x WHERE x.area_id = a.id) OR EXISTS (SELECT FROM beneficiaries x WHERE x.area_id = a.id)
			OR EXISTS (SELECT FROM organisations x WHERE x.area_id = a.id) OR EXISTS (SELECT FROM help_requests x WHERE x.area_id = a.id)
			OR EXISTS (SELECT FROM account_areas x WHERE x.area_id = a.id)
			OR EXISTS (SELECT FROM rollout_cohorts x WHERE x.area = a.id OR x.venue = a.id OR x.lecturers = a.id))`,
	},
	{
		"announced_as_planned", "a cohort that a rollout has announced goes through the course that was planned",
		`SELECT ARRAY[r.cohort_id] FROM rollout_cohorts r JOIN cohorts c ON c.id = r.cohort_id WHERE c.course_id <> r.course`,
	},
}
