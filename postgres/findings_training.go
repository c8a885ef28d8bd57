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
		"announced_as_planned", "a cohort that a rollout has announced goes through the course that was planned",
		`SELECT ARRAY[r.cohort_id] FROM rollout_cohorts r JOIN cohorts c ON c.id = r.cohort_id WHERE c.course_id <> r.course`,
	},
}
