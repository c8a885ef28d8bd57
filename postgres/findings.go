package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres/internal/db"
)

// Finding is one broken invariant: a fault of ours, never of input.
type Finding struct {
	Invariant string   // its stable name
	IDs       []string // of the records concerned
	Detail    string   // what should be so
}

const (
	// findingsOfOne is how many findings of one invariant are given at most.
	findingsOfOne = 1000
	// overdueAfter is how late a process or relay may be before that is a finding.
	overdueAfter = 10 * time.Minute
	auditPage    = 500 // requests checked at once
)

// Findings checks every invariant that the tables hold alone, as of one instant,
// and gives what is broken, nothing when all is well. It reads every table and
// changes nothing. Constraints make most findings impossible; they are looked
// for all the same, since an audit trusts nothing.
func (s *Store) Findings(ctx context.Context) ([]Finding, error) {
	var found []Finding
	err := s.readTx(ctx, func(tx pgx.Tx) error {
		for _, i := range slices.Concat(invariants, vettingInvariants, trainingInvariants) {
			broken, err := i.broken(ctx, tx)
			if err != nil {
				return fmt.Errorf("checking %s: %w", i.name, err)
			}
			found = append(found, broken...)
		}
		now, err := db.New(tx).ClockNow(ctx)
		if err != nil {
			return err
		}
		unsound, err := unsoundRequests(ctx, tx, now)
		found = append(found, unsound...)
		return err
	})
	return found, err
}

// invariant is a rule with the query for the ids of those that break it.
type invariant struct{ name, rule, query string }

func (i invariant) broken(ctx context.Context, tx pgx.Tx) ([]Finding, error) {
	args := pgx.NamedArgs{"overdue": overdueAfter}
	rows, err := tx.Query(ctx, fmt.Sprintf("SELECT ids::text[] FROM (%s) AS broken (ids) LIMIT %d", i.query, findingsOfOne), args)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Finding, error) {
		f := Finding{Invariant: i.name, Detail: i.rule}
		return f, row.Scan(&f.IDs)
	})
}

// bound are the volunteers whose time a request holds, by the rule of
// [aid.HelpRequest.Bound].
const bound = `(SELECT request_id, volunteer_id FROM offers WHERE status = 'pending'
	UNION ALL SELECT request_id, volunteer_id FROM pairings WHERE status IN ('forming', 'confirmed'))`

// asked is whoever has a pending offer or a holding pairing, with since when.
const asked = `(SELECT id, request_id, volunteer_id, true AS pending, made_at AS since FROM offers WHERE status = 'pending'
	UNION ALL SELECT id, request_id, volunteer_id, false, made_at FROM pairings WHERE status IN ('forming', 'confirmed'))`

var invariants = []invariant{
	{
		"seat_exists", "a pairing holds a seat that its role has",
		`SELECT ARRAY[p.id, p.request_id] FROM pairings p LEFT JOIN request_roles r USING (request_id, role_no)
		WHERE p.status IN ('forming', 'confirmed') AND (r.people IS NULL OR p.seat_no >= r.people)`,
	},
	{
		"seat_held_once", "one pairing at most holds a seat",
		`SELECT array_agg(id::text ORDER BY id) FROM pairings WHERE status IN ('forming', 'confirmed')
		GROUP BY request_id, role_no, seat_no HAVING count(*) > 1`,
	},
	{
		"asked_once", "a volunteer has one offer at most for a request, those revoked not counted",
		`SELECT array_agg(id::text ORDER BY id) FROM offers WHERE status <> 'revoked' GROUP BY request_id, volunteer_id HAVING count(*) > 1`,
	},
	{
		"pairing_of_offer", "a pairing comes of an accepted offer with the same request, role and volunteer, and for the request's beneficiary",
		`SELECT ARRAY[p.id, p.offer_id] FROM pairings p LEFT JOIN offers o ON o.id = p.offer_id JOIN help_requests r ON r.id = p.request_id
		WHERE o.id IS NULL OR o.status <> 'accepted' OR r.beneficiary_id <> p.beneficiary_id
			OR (o.request_id, o.role_no, o.volunteer_id) IS DISTINCT FROM (p.request_id, p.role_no, p.volunteer_id)`,
	},
	{
		"offer_paired", "an accepted offer has its pairing",
		`SELECT ARRAY[o.id] FROM offers o WHERE o.status = 'accepted' AND NOT EXISTS (SELECT FROM pairings p WHERE p.offer_id = o.id)`,
	},
	{
		"park_of_refusal", "what a volunteer has put off comes of an offer that they declined with that word",
		`SELECT ARRAY[p.volunteer_id, p.kind, p.offer_id] FROM parks p JOIN offers o ON o.id = p.offer_id
		WHERE o.volunteer_id <> p.volunteer_id OR o.status <> 'declined' OR o.reason <> p.kind`,
	},
	{
		"accepted_in_time", "an offer is accepted before its end, and after it was made",
		`SELECT ARRAY[id] FROM offers WHERE status = 'accepted' AND (answered_at IS NULL OR answered_at >= expires_at OR answered_at < made_at)`,
	},
	{
		"bound_is_reserved", "the time of whoever has a pending offer or a holding pairing is reserved",
		`SELECT ARRAY[b.request_id, b.volunteer_id] FROM ` + bound + ` b
		WHERE NOT EXISTS (SELECT FROM reservations r WHERE r.request_id = b.request_id AND r.volunteer_id = b.volunteer_id)`,
	},
	{
		"reserved_is_bound", "a reservation stands for a pending offer or a holding pairing",
		`SELECT ARRAY[r.request_id, r.volunteer_id] FROM reservations r
		WHERE NOT EXISTS (SELECT FROM ` + bound + ` b WHERE r.request_id = b.request_id AND r.volunteer_id = b.volunteer_id)`,
	},
	{
		"reserved_for_the_window", "a reservation covers its request's window",
		`SELECT ARRAY[v.request_id, v.volunteer_id] FROM reservations v JOIN help_requests r ON r.id = v.request_id
		WHERE v.counts AND v.during <> CASE WHEN r.cadence IS NULL THEN tstzrange(r.starts_at, r.ends_at) ELSE 'empty' END`,
	},
	{
		"visit_booked", "the time of each visit to come of a standing pairing is reserved, and no other",
		`SELECT ARRAY[coalesce(v.id, b.request_id), coalesce(v.volunteer_id, b.volunteer_id)]
		FROM (SELECT v.* FROM visits v JOIN help_requests r ON r.id = v.request_id JOIN pairings p ON p.id = v.pairing_id
			WHERE r.cadence IS NOT NULL AND v.status IN ('planned', 'begun') AND p.status IN ('forming', 'confirmed')) v
		FULL JOIN (SELECT b.* FROM reservations b WHERE NOT b.counts AND NOT EXISTS (SELECT FROM offers o
				WHERE o.request_id = b.request_id AND o.volunteer_id = b.volunteer_id AND o.status = 'pending')
			AND NOT EXISTS (SELECT FROM pairings p
				WHERE p.request_id = b.request_id AND p.volunteer_id = b.volunteer_id AND p.status = 'forming')) b
			ON b.request_id = v.request_id AND b.volunteer_id = v.volunteer_id AND b.during = tstzrange(v.starts_at, v.ends_at)
		WHERE v.id IS NULL OR b.request_id IS NULL`,
	},
	{
		"booked_once", "a volunteer's reservations do not overlap",
		`SELECT ARRAY[a.volunteer_id, a.request_id, b.request_id] FROM reservations a JOIN reservations b
		ON b.volunteer_id = a.volunteer_id AND (b.request_id, b.during) > (a.request_id, a.during) AND b.during && a.during`,
	},
	{
		"load_counted", "a volunteer's load is the number of their reservations",
		`SELECT ARRAY[v.id] FROM volunteers v LEFT JOIN (SELECT volunteer_id, count(*) AS n FROM reservations WHERE counts GROUP BY volunteer_id) r
		ON r.volunteer_id = v.id WHERE v.load <> coalesce(r.n, 0)`,
	},
	{
		"within_capacity", "a volunteer has no more reservations than their capacity",
		`SELECT ARRAY[v.id] FROM volunteers v JOIN (SELECT volunteer_id, count(*) AS n FROM reservations WHERE counts GROUP BY volunteer_id) r
		ON r.volunteer_id = v.id WHERE r.n > v.capacity`,
	},
	{
		"offer_ends", "a pending offer is ended at its deadline",
		`SELECT ARRAY[id, request_id] FROM offers WHERE status = 'pending' AND expires_at < clock_timestamp() - @overdue::interval`,
	},
	{
		"request_ends", "a request ends with its window",
		`SELECT ARRAY[id] FROM help_requests WHERE status IN ('open', 'offered', 'paired', 'in_service') AND ends_at < clock_timestamp() - @overdue::interval
			AND (cadence IS NULL OR (cadence->>'ends')::timestamptz < clock_timestamp() - @overdue::interval
				- CASE WHEN EXISTS (SELECT FROM visits v WHERE v.request_id = help_requests.id AND v.status = 'handed_over'
						AND v.ends_at > (cadence->>'ends')::timestamptz - interval '1 day')
					THEN interval '2 hours' ELSE interval '0' END)`,
	},
	{
		"service_begins", "a paired request is in service once its window has begun",
		`SELECT ARRAY[id] FROM help_requests WHERE status = 'paired' AND starts_at < clock_timestamp() - @overdue::interval
			AND opened_at < clock_timestamp() - @overdue::interval AND NOT EXISTS (
				SELECT FROM pairings p WHERE p.request_id = help_requests.id AND p.confirmed_at > clock_timestamp() - @overdue::interval)`,
	},
	{
		"visit_of_pairing", "a visit is one of its pairing's volunteer and request",
		`SELECT ARRAY[v.id, v.pairing_id] FROM visits v LEFT JOIN pairings p ON p.id = v.pairing_id
		WHERE (p.request_id, p.volunteer_id) IS DISTINCT FROM (v.request_id, v.volunteer_id)`,
	},
	{
		"visit_once", "a volunteer has no two visits at one time",
		`SELECT ARRAY[a.volunteer_id, a.id, b.id] FROM visits a JOIN visits b ON b.volunteer_id = a.volunteer_id AND b.id > a.id
			AND b.starts_at < a.ends_at AND b.ends_at > a.starts_at
		WHERE a.status = 'planned' AND b.status = 'planned'`,
	},
	{
		"visit_settled", "a visit whose time is over was begun, missed or called off",
		`SELECT ARRAY[v.id, v.request_id] FROM visits v JOIN help_requests r ON r.id = v.request_id
		WHERE v.status = 'planned' AND v.ends_at < clock_timestamp() - @overdue::interval
			AND (r.cadence IS NULL OR v.starts_at < clock_timestamp() - @overdue::interval - interval '2 hours')`,
	},
	{
		"alarm_raised", "nobody waits longer for a visit than the alarm's clocks allow, but for ten minutes",
		`SELECT ARRAY[v.id, v.request_id] FROM visits v JOIN help_requests r ON r.id = v.request_id
			JOIN pairings p ON p.id = v.pairing_id
		WHERE v.status = 'planned' AND v.alarm < 1 AND (v.in_at IS NULL OR v.out_at IS NOT NULL)
			AND (r.cadence IS NOT NULL OR r.only_asks = '' AND v.ends_at <= v.starts_at + interval '1 day')
			AND greatest(v.starts_at, CASE WHEN r.cadence IS NULL THEN p.confirmed_at END) < clock_timestamp() - @overdue::interval - interval '30 minutes'`,
	},
	{
		"begun_together", "where nobody comes alone, a visit begins no sooner than two are there, one of whom holds the course of the class",
		`SELECT ARRAY[v.id, v.request_id] FROM visits v JOIN help_requests r ON r.id = v.request_id
		WHERE (r.risk->>'two_deep')::boolean AND v.begun_at IS NOT NULL AND NOT EXISTS (
			SELECT FROM visits o JOIN pairings p ON p.id = o.pairing_id
				JOIN request_roles k ON k.request_id = p.request_id AND k.role_no = p.role_no
			WHERE o.request_id = v.request_id AND o.starts_at = v.starts_at AND o.in_at <= v.begun_at
				AND coalesce(coalesce(o.out_at, CASE p.status WHEN 'withdrawn' THEN p.ended_at END) > greatest(v.begun_at, v.starts_at), true)
			HAVING count(*) >= 2 AND (r.risk->>'course' IS NULL OR bool_or(r.risk->>'course' = ANY(k.courses))))`,
	},
	{
		"service_recorded", "a visit that is done is recorded, as far as it counts, and nothing else is",
		`SELECT ARRAY[coalesce(v.id, s.visit_id)] FROM (SELECT * FROM visits WHERE status = 'done'
				AND least(out_at, ends_at + interval '30 minutes') > greatest(begun_at, starts_at)) v
			FULL JOIN service_records s ON s.visit_id = v.id
		WHERE v.id IS NOT NULL AND (v.request_id, v.pairing_id, v.volunteer_id) IS DISTINCT FROM (s.request_id, s.pairing_id, s.volunteer_id)
			OR s.standing = 'counted' AND (v.id IS NULL
				OR s.began_at <> greatest(v.begun_at, v.starts_at) OR s.ended_at <> least(v.out_at, v.ends_at + interval '30 minutes'))`,
	},
	{
		"request_opened", "a request's timeline begins with its opening",
		`SELECT ARRAY[r.id] FROM help_requests r WHERE NOT EXISTS (SELECT FROM events e WHERE e.request_id = r.id AND e.kind = 'request_opened')`,
	},
	{
		"released_on_a_ground", "a place is told to the volunteer of a pairing that was confirmed then, or to whoever looks after an area",
		`SELECT ARRAY[d.seq::text, d.beneficiary_id, d.account_id] FROM disclosures d JOIN accounts a ON a.id = d.account_id
			LEFT JOIN pairings p ON p.id = d.pairing_id LEFT JOIN help_requests r ON r.id = d.request_id
		WHERE d.beneficiary_id IS DISTINCT FROM coalesce(p.beneficiary_id, r.beneficiary_id, d.beneficiary_id)
			OR d.ground = 'area' AND a.role NOT IN ('caseworker', 'coordinator')
			OR d.ground = 'pairing' AND (a.volunteer_id IS DISTINCT FROM p.volunteer_id OR p.confirmed_at IS NULL
				OR d.at > p.ended_at OR d.at < p.confirmed_at AND NOT (d.at >= p.made_at AND (
					SELECT e.kind FROM events e WHERE e.request_id = p.request_id AND e.kind IN ('request_paired', 'request_reopened') AND e.at <= d.at
					ORDER BY e.seq DESC LIMIT 1) = 'request_paired'))`, // a crew that fell apart and stands again was confirmed before, too
	},
	{
		"kept_apart", "nobody is asked to meet, or was paired since with, somebody whom they are kept apart from, nor comes beside them",
		`SELECT DISTINCT ARRAY[d.id, o.id] FROM do_not_match d JOIN help_requests r ON r.beneficiary_id = d.beneficiary_id
			JOIN ` + asked + ` o ON o.request_id = r.id AND o.volunteer_id = d.volunteer_id
			WHERE d.lifted_at IS NULL AND (o.pending OR o.since > d.entered_at)
		UNION SELECT ARRAY[d.id, a.id, b.id] FROM do_not_match d JOIN ` + asked + ` a ON a.volunteer_id = d.volunteer_id
			JOIN ` + asked + ` b ON b.request_id = a.request_id AND b.volunteer_id = d.other_volunteer_id
			WHERE d.lifted_at IS NULL AND (a.pending OR b.pending OR greatest(a.since, b.since) > d.entered_at)
		UNION SELECT ARRAY[d.id, a.id, b.id] FROM do_not_match d JOIN ` + asked + ` a ON a.volunteer_id = d.volunteer_id
			JOIN requests_beside k ON k.request_id = a.request_id
			JOIN ` + asked + ` b ON b.request_id = k.beside_id AND b.volunteer_id = d.other_volunteer_id
			WHERE d.lifted_at IS NULL AND (a.pending OR b.pending OR greatest(a.since, b.since) > d.entered_at)`,
	},
	{
		"outbox_delivered", "what must follow a commit follows soon",
		`SELECT ARRAY[id::text, kind, key] FROM outbox WHERE created_at < clock_timestamp() - @overdue::interval`,
	},
	{
		"notice_of_event", "a notice tells of an event of its own help request, and of its offer and pairing if it names them",
		`SELECT ARRAY[n.id, n.request_id] FROM notices n JOIN events e ON e.seq = n.event_seq
		WHERE (n.request_id, n.offer_id, n.pairing_id, n.at) IS DISTINCT FROM (e.request_id, e.offer_id, e.pairing_id, e.at)`,
	},
	{
		"notice_sent", "a notice that is to be sent is tried when it falls due",
		`SELECT ARRAY[notice_id, channel] FROM deliveries WHERE status = 'pending' AND next_try_at < clock_timestamp() - @overdue::interval`,
	},
	{
		"notice_arrives", "no notice of the last seven days was given up that its reader has not read otherwise",
		`SELECT ARRAY[d.notice_id, d.channel, d.reason] FROM deliveries d JOIN notices n ON n.id = d.notice_id
		WHERE d.status = 'given_up' AND d.ended_at > clock_timestamp() - interval '7 days' AND n.read_at IS NULL`,
	},
	{
		"catalogued", "skills are those of the catalogue",
		`SELECT ARRAY[v.id, k] FROM volunteers v, unnest(v.skills) AS k WHERE k NOT IN (SELECT id FROM skills)`,
	},
}

// unsoundRequests loads every request and has its own rules checked.
func unsoundRequests(ctx context.Context, tx pgx.Tx, now time.Time) ([]Finding, error) {
	var found []Finding
	for after := aid.RequestID(""); ; {
		rows, err := tx.Query(ctx, "SELECT id FROM help_requests WHERE id > $1 ORDER BY id LIMIT $2", string(after), auditPage)
		if err != nil {
			return nil, err
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[aid.RequestID])
		if err != nil || len(ids) == 0 {
			return found, err
		}
		requests, err := loadRequests(ctx, tx, ids)
		if err != nil {
			return nil, err
		}
		for _, r := range requests {
			if err := r.Check(); err != nil && len(found) < findingsOfOne {
				found = append(found, Finding{Invariant: "request_sound", IDs: []string{string(r.ID)}, Detail: err.Error()})
			}
			if by := r.QuorumBy(); !by.IsZero() && by.Before(now.Add(-overdueAfter)) && len(found) < findingsOfOne {
				found = append(found, Finding{
					Invariant: "crew_released", IDs: []string{string(r.ID)}, Detail: "a crew that does not stand in time is released",
				})
			}
			if people := r.People(); r.MinPeople > people && len(found) < findingsOfOne {
				found = append(found, Finding{
					Invariant: "request_sound", IDs: []string{string(r.ID)},
					Detail: fmt.Sprintf("request %s needs %d people but has %d seats", r.ID, r.MinPeople, people),
				})
			}
		}
		after = ids[len(ids)-1]
	}
}
