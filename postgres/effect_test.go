package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/training"
)

// Rows stand for themselves here: what they refer to is not made.
const bare = "SET session_replication_role = replica;\n"

const effectRows = bare + `
INSERT INTO volunteers (id, name, area_id, lat, lng, cell, capacity, max_distance, active, created_at) VALUES
	('a', 'n', 'hlj.harbin', 45, 126, 7, 1, 1000, true, '2025-01-01Z'), ('b', 'n', 'hlj.harbin', 45, 126, 7, 1, 1000, false, '2026-06-01 00:00+08'),
	('undated', 'n', 'hlj.harbin', 45, 126, 7, 1, 1000, true, '2025-01-01Z'), ('revoked', 'n', 'hlj.harbin', 45, 126, 7, 1, 1000, true, '2026-10-01 00:00+08'),
	('elsewhere', 'n', 'hlj', 45, 126, 7, 1, 1000, true, '2025-01-01Z'), ('later', 'n', 'hlj.harbin', 45, 126, 7, 1, 1000, true, '2026-11-01 00:00+08');
INSERT INTO volunteer_courses (volunteer_id, course_id) VALUES ('a', 'care'), ('undated', 'care'), ('elsewhere', 'care');
INSERT INTO certificates (id, volunteer_id, course_id, version, cohort_id, completed_on, skills, issued_at, revoked_at) VALUES
	('z1', 'a', 'care', 1, 'k1', '2026-04-30', '{}', '2026-06-01Z', NULL), ('z2', 'a', 'care', 1, 'k2', '2026-08-01', '{}', '2026-08-01Z', NULL),
	('z3', 'b', 'basics', 1, 'k3', '2026-06-02', '{}', '2026-06-02Z', NULL), ('z4', 'revoked', 'care', 1, 'k1', '2026-10-02', '{}', '2026-10-02Z', '2026-10-03Z');
INSERT INTO offers (id, request_id, role_no, volunteer_id, status, round_id, distance, spare_skills, made_at, expires_at, answered_at)
SELECT 'o' || row_number() OVER (), 'r' || row_number() OVER (), 0, v, s, r, 0, 0, m::timestamptz, m::timestamptz + interval '1 day', CASE s WHEN 'pending' THEN NULL ELSE m::timestamptz END
FROM (VALUES
	('a', 'accepted', 'x', '2026-01-01 00:00+08'), ('a', 'expired', 'x', '2026-04-30 23:59+08'), -- before
	('a', 'accepted', 'x', '2026-05-01 00:00+08'), ('a', 'accepted', 'x', '2026-10-31 23:59+08'), ('a', 'declined', 'x', '2026-06-01Z'), -- after
	('a', 'accepted', 'x', '2025-12-31 23:59+08'), ('a', 'accepted', 'x', '2026-11-01 00:00+08'), -- out of the time
	('a', 'revoked', 'x', '2026-06-01Z'), ('a', 'pending', 'x', '2026-06-01Z'), ('a', 'accepted', 'by-hand', '2026-06-01Z'), -- nobody's choice, or none yet
	('b', 'accepted', 'x', '2026-07-01Z'), ('undated', 'accepted', 'x', '2026-07-01Z'), ('elsewhere', 'accepted', 'x', '2026-07-01Z')
) rows (v, s, r, m);
INSERT INTO service_records (visit_id, request_id, pairing_id, volunteer_id, began_at, ended_at, grade, standing, disputed_at, settled_at)
SELECT 's' || row_number() OVER (), 'r', 'p', v, m::timestamptz, m::timestamptz + h * interval '1 hour', 'both_sides', s, CASE s WHEN 'counted' THEN NULL ELSE now() END, CASE s WHEN 'struck' THEN now() WHEN 'upheld' THEN now() END
FROM (VALUES
	('a', '2026-01-10Z', 2, 'counted'), ('a', '2026-03-20Z', 1, 'upheld'), ('a', '2026-01-05Z', 9, 'struck'), ('a', '2026-01-05Z', 9, 'disputed'), -- before: again after 69 days
	('a', '2026-05-01 00:00+08', 4, 'counted'), ('a', '2026-05-20Z', 1, 'counted'), -- after: not again from 30 days on
	('b', '2026-07-01Z', 3, 'counted'), -- bound by a pairing 90 days after
	('revoked', '2026-10-20Z', 5, 'counted') -- too late to know
) rows (v, m, h, s);
INSERT INTO pairings (id, request_id, role_no, seat_no, volunteer_id, beneficiary_id, offer_id, status, made_at, confirmed_at, ended_at) VALUES
	('p1', 'r1', 0, 0, 'a', 'p', 'o1', 'completed', '2026-05-01Z', '2026-05-02Z', '2026-07-29Z'), -- ended the day before
	('p2', 'r2', 0, 0, 'b', 'p', 'o2', 'completed', '2026-09-01Z', '2026-09-02Z', '2026-09-30Z');
`

func shanghai(t *testing.T, at string) time.Time {
	t.Helper()
	out, err := time.Parse("2006-01-02 -07", at+" +08")
	require.NoError(t, err)
	return out
}

// Each thing that somebody did counts in the group in which they were at that time.
func TestAnEffectIsAddedUpByTheTimeOfCompletion(t *testing.T) {
	t.Parallel()
	w := school(t)
	require.NoError(t, w.sql(effectRows))
	f := training.EffectFilter{
		Course: "care", Area: harbin.Path, From: shanghai(t, "2026-01-01"), Until: shanghai(t, "2026-11-01"), Now: shanghai(t, "2026-11-30"),
	}
	got, err := w.Effect(t.Context(), f)
	require.NoError(t, err)
	require.Equal(t, 1, got.Undated)
	of := func(m training.Measure, g training.Group) training.Sums { return got.Of[m][g] }
	require.Equal(t, training.Sums{People: 1, Y: 2, X: 3, YY: 4, XY: 6, XX: 9}, of(training.Acceptance, training.Trained))
	require.Equal(t, training.Sums{People: 2, Y: 2, X: 3, YY: 2, XY: 3, XX: 5}, of(training.Acceptance, training.NotYetTrained), "a and b")
	require.Equal(t, training.Sums{People: 1, Y: 0, X: 1, XX: 1}, of(training.Retention, training.Trained))
	require.Equal(t, training.Sums{People: 2, Y: 2, X: 2, YY: 2, XY: 2, XX: 2}, of(training.Retention, training.NotYetTrained))

	trained, untrained := of(training.Service, training.Trained), of(training.Service, training.NotYetTrained)
	require.Equal(t, 1, trained.People)
	require.InDelta(t, 5, trained.Y, 1e-9)
	require.InDelta(t, 184/30.4375, trained.X, 1e-9, "May to October")
	require.Equal(t, 3, untrained.People)
	require.InDelta(t, 3+3+5, untrained.Y, 1e-9)
	require.InDelta(t, (120+153+31)/30.4375, untrained.X, 1e-9, "since they were registered")
	require.InDelta(t, 9+9+25, untrained.YY, 1e-9)

	f.Now = shanghai(t, "2026-07-01") // the 90 days of May are not over
	got, err = w.Effect(t.Context(), f)
	require.NoError(t, err)
	require.Zero(t, of(training.Retention, training.Trained))
	f.Course = "basics"
	got, err = w.Effect(t.Context(), f)
	require.NoError(t, err)
	require.Equal(t, 1, of(training.Acceptance, training.Trained).People, "b")
	require.Equal(t, 2, of(training.Acceptance, training.NotYetTrained).People, "a, and who holds care since nobody knows when")
	require.Zero(t, got.Undated)
}

// BenchmarkEffect compares 100,000 volunteers with a million offers and records.
func BenchmarkEffect(b *testing.B) {
	w := school(b)
	require.NoError(b, w.sql(bare+`
		INSERT INTO volunteers (id, name, area_id, lat, lng, cell, capacity, max_distance, created_at)
			SELECT 'v' || i, 'n', 'hlj.harbin', 45, 126, 7, 1, 1000, '2025-01-01Z' FROM generate_series(1, 100000) i;
		INSERT INTO certificates (id, volunteer_id, course_id, version, cohort_id, completed_on, skills, issued_at)
			SELECT 'z' || i, 'v' || i, 'care', 1, 'k', '2026-01-01'::date + i % 300, '{}', now() FROM generate_series(1, 50000) i;
		INSERT INTO offers (id, request_id, role_no, volunteer_id, status, round_id, distance, spare_skills, made_at, expires_at, answered_at)
			SELECT 'o' || i, 'r' || i, 0, 'v' || i % 100000 + 1, 'accepted', 'x', 0, 0, t, t + interval '1 day', t
			FROM (SELECT i, '2026-01-01Z'::timestamptz + i % 330 * interval '1 day' AS t FROM generate_series(1, 1000000) i) x;
		INSERT INTO service_records (visit_id, request_id, pairing_id, volunteer_id, began_at, ended_at, grade, standing)
			SELECT 's' || i, 'r' || i, 'p' || i, 'v' || i % 100000 + 1, t, t + interval '2 hours', 'both_sides', 'counted'
			FROM (SELECT i, '2026-01-01Z'::timestamptz + i % 330 * interval '1 day' AS t FROM generate_series(1, 1000000) i) x;
		INSERT INTO pairings (id, request_id, role_no, seat_no, volunteer_id, beneficiary_id, offer_id, status, made_at, confirmed_at, ended_at)
			SELECT 'p' || i, 'r' || i, 0, 0, 'v' || i % 100000 + 1, 'b', 'o' || i, 'completed', '2026-01-01Z', '2026-01-01Z', '2026-01-02Z' FROM generate_series(1, 1000000) i;
		ANALYZE`))
	f := training.EffectFilter{
		Course: "care", Area: "/hlj/", From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), Now: w.now,
	}
	f.Now = f.Until
	for b.Loop() {
		_, err := w.Effect(b.Context(), f)
		require.NoError(b, err)
	}
}
