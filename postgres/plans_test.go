package postgres_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/postgres/internal/db"
)

// plan is a node of a plan as EXPLAIN (ANALYZE, FORMAT JSON) gives it.
type plan struct {
	Relation string  `json:"Relation Name"`
	Rows     float64 `json:"Actual Rows"`
	Loops    float64 `json:"Actual Loops"`
	Plans    []plan
}

// read is how many rows of a table were read.
func (p plan) read(table string) float64 {
	sum := 0.0
	if p.Relation == table {
		sum = p.Rows * p.Loops
	}
	for _, below := range p.Plans {
		sum += below.read(table)
	}
	return sum
}

// explain runs a query and gives its plan, also as text.
func (w *world) explain(query string, args ...any) (found plan, text string) {
	w.t.Helper()
	row := w.connect().QueryRow(w.t.Context(), "EXPLAIN (ANALYZE, FORMAT JSON) "+query, args...)
	require.NoError(w.t, row.Scan(&text))
	var plans []struct{ Plan plan }
	require.NoError(w.t, json.Unmarshal([]byte(text), &plans))
	return plans[0].Plan, text
}

// TestAWalkReadsNoMoreThanItsStretch, also where its reader may see everything
// there is.
func TestAWalkReadsNoMoreThanItsStretch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.sql(`
		INSERT INTO volunteers (id, name, area_id, lat, lng, cell, capacity, max_distance)
			SELECT 'v' || i, 'n', 'hlj.harbin', 45, 126, 7, 1, 1000 FROM generate_series(1, 5000) i;
		INSERT INTO beneficiaries (id, name, area_id, lat, lng, cell) SELECT 'p' || i, 'n', 'hlj.harbin', 45, 126, 7 FROM generate_series(1, 5000) i;
		INSERT INTO help_requests (id, beneficiary_id, opened_by, area_id, lat, lng, cell, shard, category, min_people, urgency,
				starts_at, ends_at, status, opened_at, ended_at)
			SELECT 'r' || i, 'p' || i, 'c1', 'hlj.harbin', 45, 126, 7, 7, 'visit', 1, 'soon', now(), now() + interval '1 hour',
				'completed', now(), now() FROM generate_series(1, 5000) i;
		INSERT INTO request_roles (request_id, role_no, name, people) SELECT id, 0, 'helper', 1 FROM help_requests;
		INSERT INTO offers (id, request_id, role_no, volunteer_id, status, round_id, distance, spare_skills, made_at, expires_at, answered_at)
			SELECT 'o' || i, 'r' || i, 0, 'v' || i, 'accepted', 'x', 0, 0, now(), now() + interval '1 hour', now() FROM generate_series(1, 5000) i;
		INSERT INTO pairings (id, request_id, role_no, seat_no, volunteer_id, beneficiary_id, offer_id, status, made_at, ended_at)
			SELECT 'p' || i, 'r' || i, 0, 0, 'v' || i, 'p' || i, 'o' || i, 'completed', now(), now() FROM generate_series(1, 5000) i;
		ANALYZE`))
	const stretch, page = 100, 11
	everywhere, whatever := []string{"/hlj/"}, []string{}
	for table, c := range map[string]struct {
		query string
		args  []any
	}{
		"volunteers":    {db.WalkVolunteers, []any{"", stretch, everywhere, page}},
		"beneficiaries": {db.WalkBeneficiaries, []any{"", stretch, everywhere, page}},
		"help_requests": {db.WalkRequests, []any{w.now.AddDate(1, 0, 0), "", stretch, everywhere, whatever, "", page}},
		"pairings":      {db.WalkPairings, []any{w.now.AddDate(1, 0, 0), "", stretch, everywhere, whatever, page}},
	} {
		t.Run(table, func(t *testing.T) {
			found, text := w.explain(c.query, c.args...)
			require.GreaterOrEqual(t, found.read(table), float64(stretch))
			require.LessOrEqual(t, found.read(table), float64(stretch+page), text)
		})
	}
}

// TestWhatComesBesideIsFoundByIndexes, since every change of a request looks.
func TestWhatComesBesideIsFoundByIndexes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.sql(`
		SET session_replication_role = replica;
		INSERT INTO help_requests (id, beneficiary_id, opened_by, area_id, lat, lng, cell, shard, category, min_people, urgency,
				starts_at, ends_at, status, opened_at, serves)
			SELECT k || i, 'b1', 'c1', 'hlj.harbin', 45, 126, 7, 7, 'visit', 1, 'soon', now(), now() + interval '1 hour',
				'paired', now(), CASE k WHEN 's' THEN 'vis-' || i ELSE '' END FROM generate_series(1, 5000) i, unnest('{p,s}'::text[]) k;
		INSERT INTO visits (id, request_id, pairing_id, volunteer_id, starts_at, ends_at, status, code)
			SELECT CASE d WHEN 0 THEN 'vis-' || i ELSE 'vis-' || i || '-' || d END, 'p' || i, 'k' || i, 'v', now() + d * interval '1 day',
				now() + d * interval '1 day' + interval '1 hour', 'planned', '000000' FROM generate_series(1, 5000) i, generate_series(0, 4) d;
		INSERT INTO reservations (request_id, volunteer_id, during, counts)
			SELECT k || i, k || i, 'empty', true FROM generate_series(1, 5000) i, unnest('{p,s}'::text[]) k;
		INSERT INTO do_not_match (id, volunteer_id, other_volunteer_id, kind, reason, entered_by, entered_at)
			SELECT 'd' || i, 'p' || i, 's' || i, 'concern', 'x', 'c1', now() FROM generate_series(1, 5000) i;
		ANALYZE`))
	ids := []string{"p77", "s78"}
	for name, c := range map[string]struct {
		query string
		args  []any
	}{
		"BesideOfRequests":      {db.BesideOfRequests, []any{ids}},
		"SeparationsOfRequests": {db.SeparationsOfRequests, []any{ids}},
		"ExclusionsOfRequests":  {db.ExclusionsOfRequests, []any{ids}},
		"RequestsTogether":      {db.RequestsTogether, []any{"p77", "", "s77"}},
		"LockPicks":             {db.LockPicks, []any{[]string{"p77"}}},
	} {
		found, text := w.explain(c.query, c.args...)
		for _, table := range []string{"help_requests", "visits", "reservations", "do_not_match", "volunteers"} {
			require.Less(t, found.read(table), 100.0, "%s reads %s: %s", name, table, text)
		}
	}
}
