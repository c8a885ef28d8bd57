package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// busy makes a world in which a request is paired, one is offered and one ended.
func busy(t testing.TB) *world {
	t.Helper()
	w := newWorld(t)
	w.volunteers(4)
	w.request("paired", w.need(1, 3))
	w.ask("paired", 1, "v000")
	require.NoError(t, w.accept(t.Context(), "paired", "v000"))
	w.request("offered", w.need(2, 3))
	w.ask("offered", 1, "v001")
	w.request("ended", w.need(1, 9))
	w.ask("ended", 1, "v002")
	_, err := w.Change(t.Context(), "ended", func(r *aid.HelpRequest, now time.Time) error { return r.Cancel("mistake", "c1", now) })
	require.NoError(t, err)
	return w
}

// class writes a cohort by hand whose first session began some time ago.
func class(status, ago, ended, followed string) string {
	return fmt.Sprintf(`INSERT INTO cohorts (id, course_id, version, organisation_id, mode, venue, lat, lng, cell, capacity, waiting, status, starts_at, opened_by, opened_at, ended_at, followed_at)
		VALUES ('k1', 'care', 1, 'org', 'online', 'x', 0, 0, 7, 2, 1, '%s', now() - interval '%s', 'c1', now() - interval '9 days', %s, %s); `, status, ago, ended, followed)
}

func TestASoundDatabaseHasNoFindings(t *testing.T) {
	t.Parallel()
	found, err := busy(t).Findings(t.Context())
	require.NoError(t, err)
	require.Empty(t, found)
}

func TestEveryBrokenInvariantIsFound(t *testing.T) {
	t.Parallel()
	const disarm = "SET session_replication_role = replica; " + // no triggers, no foreign keys
		"UPDATE visits SET id = 'vis-1'; "
	for name, test := range map[string]struct {
		breakIt string
		ids     []string
	}{
		"seat_exists": {"UPDATE pairings SET seat_no = 1", []string{"p-o-paired-v000", "paired"}},
		"seat_held_once": {`DROP INDEX seat_held_once; INSERT INTO offers SELECT 'o2', request_id, role_no, 'v003', status, round_id, 0, 0, made_at, expires_at, answered_at
			FROM offers WHERE status = 'accepted'; INSERT INTO pairings SELECT 'p2', request_id, role_no, seat_no, 'v003', beneficiary_id, 'o2', status, made_at, confirmed_at
			FROM pairings`, []string{"p-o-paired-v000", "p2"}},
		"asked_once": {`DROP INDEX asked_once; INSERT INTO offers SELECT 'o2', request_id, role_no, volunteer_id, 'declined', round_id, 0, 0, made_at, expires_at, made_at
			FROM offers WHERE status = 'accepted'`, []string{"o-paired-v000", "o2"}},
		"pairing_of_offer":        {"UPDATE offers SET volunteer_id = 'v003' WHERE status = 'accepted'", []string{"p-o-paired-v000", "o-paired-v000"}},
		"offer_paired":            {"DELETE FROM pairings", []string{"o-paired-v000"}},
		"accepted_in_time":        {"UPDATE offers SET answered_at = made_at - interval '1s' WHERE status = 'accepted'", []string{"o-paired-v000"}},
		"park_of_refusal":         {"INSERT INTO parks (volunteer_id, kind, until, offer_id, since) VALUES ('v003', 'busy', now(), 'o-offered-v001', now())", []string{"v003", "busy", "o-offered-v001"}},
		"bound_is_reserved":       {"DELETE FROM reservations WHERE request_id = 'offered'", []string{"offered", "v001"}},
		"reserved_is_bound":       {"INSERT INTO reservations SELECT 'ended', 'v003', tstzrange(starts_at, ends_at) FROM help_requests WHERE id = 'ended'", []string{"ended", "v003"}},
		"reserved_for_the_window": {"UPDATE help_requests SET ends_at = ends_at + interval '1s' WHERE id = 'offered'", []string{"offered", "v001"}},
		"booked_once": {`ALTER TABLE reservations DROP CONSTRAINT volunteer_booked_once;
			INSERT INTO reservations SELECT 'offered', 'v000', during FROM reservations WHERE request_id = 'paired'`, []string{"v000", "offered", "paired"}},
		"load_counted": {"UPDATE volunteers SET load = 1 WHERE id = 'v003'", []string{"v003"}},
		"within_capacity": {`ALTER TABLE volunteers DROP CONSTRAINT volunteer_within_capacity;
			INSERT INTO reservations SELECT 'ended', 'v001', tstzrange(starts_at, ends_at) FROM help_requests WHERE id = 'ended'`, []string{"v001"}},
		"offer_ends":       {"UPDATE offers SET expires_at = now() - interval '1h' WHERE status = 'pending'", []string{"o-offered-v001", "offered"}},
		"request_ends":     {"UPDATE help_requests SET starts_at = now() - interval '3h', ends_at = now() - interval '1h' WHERE id = 'offered'", []string{"offered"}},
		"service_begins":   {"UPDATE pairings SET confirmed_at = now() - interval '1h'; UPDATE help_requests SET opened_at = now() - interval '3h', starts_at = now() - interval '1h' WHERE id = 'paired'", []string{"paired"}},
		"visit_of_pairing": {"UPDATE visits SET volunteer_id = 'v003'", []string{"vis-1", "p-o-paired-v000"}},
		"visit_once": {`INSERT INTO visits (id, request_id, pairing_id, volunteer_id, starts_at, ends_at, status, code)
			SELECT 'vis-2', request_id, pairing_id, volunteer_id, starts_at + interval '1s', ends_at, status, code FROM visits`, []string{"v000", "vis-1", "vis-2"}},
		"visit_settled":    {"UPDATE visits SET starts_at = now() - interval '3h', ends_at = now() - interval '1h'", []string{"vis-1", "paired"}},
		"service_recorded": {"UPDATE visits SET status = 'done', in_at = starts_at, begun_at = starts_at, out_at = ends_at", []string{"vis-1"}},
		"begun_together": {`UPDATE help_requests SET min_people = 2, risk = '{"two_deep": true}' WHERE id = 'paired';
			UPDATE visits SET status = 'begun', in_at = starts_at, begun_at = starts_at`, []string{"vis-1", "paired"}},
		"visit_booked": {"UPDATE reservations SET counts = false WHERE request_id = 'paired'", []string{"paired", "v000"}},
		"alarm_raised": {`UPDATE help_requests SET cadence = '{}' WHERE id = 'paired';
			UPDATE visits SET starts_at = now() - interval '1h'`, []string{"vis-1", "paired"}},
		"request_opened":   {"DELETE FROM events WHERE request_id = 'offered'", []string{"offered"}},
		"outbox_delivered": {"DELETE FROM outbox WHERE id <> 1; UPDATE outbox SET created_at = now() - interval '1h'", []string{"1", "start_request", "paired"}},
		"notice_of_event":  {"UPDATE notices SET id = 'n1', pairing_id = 'p9'", []string{"n1", "paired"}},
		"catalogued":       {"UPDATE volunteers SET skills = '{flying}' WHERE id = 'v003'", []string{"v003", "flying"}},
		"crew_released": {`UPDATE request_roles SET people = 2 WHERE request_id = 'offered'; UPDATE help_requests SET min_people = 2,
			opened_at = now() - interval '3h', starts_at = now() - interval '1h' WHERE id = 'offered'`, []string{"offered"}},
		"kept_apart": {"INSERT INTO do_not_match VALUES ('d1', 'v001', 'b1', NULL, 'kin', 'x', 'c1', now())", []string{"d1", "o-offered-v001"}},
		"released_on_a_ground": {`INSERT INTO disclosures (beneficiary_id, account_id, what, ground, request_id, pairing_id, at)
			SELECT 'b1', 'c1', 'service', 'pairing', 'paired', id, now() FROM pairings`, []string{"1", "b1", "c1"}},
		"request_sound": {"UPDATE help_requests SET status = 'open' WHERE id = 'offered'", []string{"offered"}},
		"notice_sent":   {`INSERT INTO deliveries (notice_id, channel, next_try_at) SELECT 'n1', 'email', now() - interval '1h'`, []string{"n1", "email"}},
		"seats_counted": {`INSERT INTO cohorts (id, course_id, version, organisation_id, mode, venue, lat, lng, cell, capacity, waiting, status, starts_at, opened_by, opened_at, taken) VALUES ('k1', 'care', 1, 'org', 'online', 'x', 0, 0, 7, 2, 1, 'open', now(), 'c1', now(), 1)`, []string{"k1"}},
		"nobody_waits_beside_a_seat": {`INSERT INTO cohorts (id, course_id, version, organisation_id, mode, venue, lat, lng, cell, capacity, waiting, status, starts_at, opened_by, opened_at, taken) VALUES ('k1', 'care', 1, 'org', 'online', 'x', 0, 0, 7, 2, 1, 'open', now(), 'c1', now(), 0);
			INSERT INTO cohort_sessions VALUES ('k1', 1, '', now() + interval '1h', now() + interval '2h');
			INSERT INTO enrolments VALUES ('k1', 'v003', 1, 'waiting', 'self', 'c1', now())`, []string{"k1"}},
		"enrolment_ends": {class("open", "1h", "NULL", "NULL"), []string{"k1"}},
		"results_asked":  {class("closed", "3 days", "NULL", "NULL") + "INSERT INTO cohort_sessions VALUES ('k1', 1, '', now() - interval '3 days', now() - interval '2 days')", []string{"k1"}},
		"ask_ends":       {"INSERT INTO trainer_asks VALUES ('k1', 't2', 0, 'pending', 1, now() - interval '2h', now() - interval '1h')", []string{"k1", "t2"}},
		"trainer_sought": {class("open", "-3 days", "NULL", "NULL") + `INSERT INTO cohort_sessions VALUES ('k1', 1, '', now() + interval '3 days', now() + interval '4 days');
			INSERT INTO trainer_drops VALUES ('k1', 't1', 'ill', 't1', now() - interval '1h')`, []string{"k1"}},
		"left_are_followed": {class("completed", "3 days", "now() - interval '1 day'", "now()") +
			"INSERT INTO enrolments VALUES ('k1', 'v003', 1, 'missed', 'self', 'c1', now() - interval '1 day')", []string{"k1", "v003"}},
		"notice_of_step":       {"INSERT INTO notices (id, recipient, kind, urgent, cohort_id, session_no, step_of, step, at, until) VALUES ('n2', 'c1', 'results_due', false, 'k1', 2, 'k1', 'x', now(), now())", []string{"n2", "k1"}},
		"completion_certified": {`INSERT INTO enrolments VALUES ('k1', 'v003', 1, 'completed', 'self', 'c1', now())`, []string{"k1", "v003"}},
		"running_by_the_version_in_force": {`INSERT INTO rollouts VALUES ('p1', 'x', '', 'running', '', 2, 'c1', now());
			INSERT INTO rollout_plans VALUES ('p1', 1, 1, now(), '{}', '', '')`, []string{"p1"}},
		"nothing_in_merged_areas": {"UPDATE areas SET merged_into = 'hlj_harbin' WHERE id = 'hlj.harbin'", []string{"hlj.harbin"}},
		"announced_as_planned": {`INSERT INTO cohorts (id, course_id, version, organisation_id, mode, venue, lat, lng, cell, capacity, waiting, status, starts_at, opened_by, opened_at, taken) VALUES ('k1', 'care', 1, 'org', 'online', 'x', 0, 0, 7, 2, 1, 'open', now(), 'c1', now(), 0);
			INSERT INTO rollout_cohorts VALUES ('p1', 1, 1, 's', 'other', 'hlj', 'hlj', 9, 'hlj', 2, '[]', 'k1')`, []string{"k1"}},
		"notice_arrives": {`UPDATE notices SET id = 'n1'; INSERT INTO deliveries (notice_id, channel, status, ended_at, reason)
			SELECT id, 'email', 'given_up', now(), 'refused' FROM notices`, []string{"n1", "email", "refused"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := busy(t)
			require.NoError(t, w.sql(disarm+test.breakIt))
			found, err := w.Findings(t.Context())
			require.NoError(t, err)
			var ids [][]string
			for _, f := range found {
				require.NotEmpty(t, f.Detail)
				if f.Invariant == name {
					ids = append(ids, f.IDs)
				}
			}
			require.Equal(t, [][]string{test.ids}, ids, "%v", found)
		})
	}
}
