package postgres

import "github.com/linli/linli/aid"

// comingOn is the first instant at which somebody comes who is being asked or
// paired, of o and its request r.
const comingOn = `(CASE WHEN r.cadence IS NULL THEN r.starts_at
	WHEN o.pending THEN (r.ahead->0->>'starts_at')::timestamptz
	ELSE (SELECT min(starts_at) FROM visits WHERE pairing_id = o.id) END)`

// adultFrom is [aid.Date.OfAgeOn] of v's birth date.
const adultFrom = `(v.birth_date + interval '18 years' + CASE WHEN extract(day FROM v.birth_date + interval '18 years') <> extract(day FROM v.birth_date)
	THEN interval '1 day' ELSE interval '0' END)`

// dayOfComing is the day of it, by the clocks that [aid.Need.Zone] names.
const dayOfComing = `(` + comingOn + ` AT TIME ZONE coalesce(nullif(r.cadence->>'zone', ''), '` + aid.DefaultZone + `'))::date`

// vetted is whoever is being asked, or was paired since what is known of them last
// changed, with the day on which they come first and the day from which on they
// are of age. Who accepted in the same minute in which it changed may have been
// first.
const vetted = `(SELECT o.id, o.request_id, v.*, r.risk, ` + dayOfComing + ` AS day,
		` + adultFrom + ` AS adult_from,
		coalesce((r.risk->>'minors_barred')::boolean, false) OR coalesce((r.risk->>'two_deep')::boolean, false) AS adults
	FROM ` + asked + ` o JOIN help_requests r ON r.id = o.request_id
		JOIN (SELECT id AS volunteer, checked_on, birth_date, guardian_consent_until, vetted_at FROM volunteers) v ON v.volunteer = o.volunteer_id
	WHERE o.since > v.vetted_at + CASE WHEN o.pending THEN interval '0' ELSE interval '1 minute' END)`

// vettingInvariants are the rules of risk classes, told in SQL and not by the
// domain, so that a fault there would be seen.
var vettingInvariants = []invariant{
	{
		"check_holds", "nobody is asked, or was paired since, without the background check that the risk class needs on that day",
		`SELECT ARRAY[id, request_id, volunteer] FROM ` + vetted + ` v WHERE (risk->>'check_months')::integer > 0
			AND (checked_on IS NULL OR checked_on + make_interval(months => (risk->>'check_months')::integer) < day)`,
	},
	{
		"minors_guarded", "no minor is asked, or was paired since, where minors are barred or without consent; nor anybody whose age is not known where they are barred",
		`SELECT ARRAY[id, request_id, volunteer] FROM ` + vetted + ` v WHERE birth_date IS NULL AND adults
			OR day < adult_from AND (adults OR guardian_consent_until IS NULL OR guardian_consent_until < day)`,
	},
	{
		"category_classed_once", "a category belongs to one risk class",
		`SELECT array_agg(class_id::text ORDER BY class_id) FROM risk_categories GROUP BY category HAVING count(*) > 1`,
	},
}
