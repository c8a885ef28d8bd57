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
			var text string
			row := w.connect().QueryRow(t.Context(), "EXPLAIN (ANALYZE, FORMAT JSON) "+c.query, c.args...)
			require.NoError(t, row.Scan(&text))
			var plans []struct{ Plan plan }
			require.NoError(t, json.Unmarshal([]byte(text), &plans))
			require.GreaterOrEqual(t, plans[0].Plan.read(table), float64(stretch))
			require.LessOrEqual(t, plans[0].Plan.read(table), float64(stretch+page), text)
		})
	}
}
