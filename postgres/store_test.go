package postgres_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/embedded/embeddedtest"
	"github.com/linli/linli/postgres"
)

func TestMigratorsSideBySideDoTheWorkOnce(t *testing.T) {
	t.Parallel()
	empty := func(context.Context, string) error { return nil }
	url := embeddedtest.Database(t, empty, "empty")
	steps, err := postgres.MigrationStatus(t.Context(), url)
	require.NoError(t, err)
	require.NotEmpty(t, steps)
	require.Zero(t, steps[0].AppliedAt)
	var all errgroup.Group
	for range 6 {
		all.Go(func() error { return postgres.Migrate(t.Context(), url) })
	}
	require.NoError(t, all.Wait())
	steps, err = postgres.MigrationStatus(t.Context(), url)
	require.NoError(t, err)
	for _, s := range steps {
		require.NotZero(t, s.AppliedAt, s.File)
	}
	require.EqualValues(t, 1, steps[0].Version)
	store, err := postgres.Open(t.Context(), url)
	require.NoError(t, err)
	defer store.Close()
	_, err = store.SeekingShards(t.Context())
	require.NoError(t, err)
}

func TestMarksOfAnotherServerAreForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(1)
	w.request("r1", w.need(1, 3))
	require.NoError(t, w.sql("SET session_replication_role = replica; UPDATE events SET written_in = '99999999999'; UPDATE volunteers SET changed_in = '99999999999'"))
	require.NoError(t, postgres.Migrate(t.Context(), w.url))
	require.Len(t, w.drain(0, 1), 1)
	mark := w.follow(map[aid.VolunteerID]aid.Candidate{}, 0)
	eventually(t, "the feed is empty", func() bool {
		changed := map[aid.VolunteerID]aid.Candidate{}
		mark = w.follow(changed, mark)
		return len(changed) == 0
	})
}

// TestHoursWithoutAZoneStayThoseOfUTC, as which they were given before the zone of
// the notices became that of hours, too.
func TestHoursWithoutAZoneStayThoseOfUTC(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const morning = `"weekly": [{"day": 1, "from": 540, "to": 720}]`
	for id, availability := range map[aid.VolunteerID]string{
		"hours": "{" + morning + "}", "away": `{"away": [{"from": "2026-05-05", "to": "2026-05-06"}]}`,
		"told": `{"zone": "Europe/Paris", ` + morning + "}", "always": "{}", "until": `{"until": "2027-01-01T00:00:00Z"}`,
	} {
		w.volunteer(id, 1)
		require.NoError(t, w.sql("UPDATE volunteers SET availability = $1::jsonb WHERE id = $2", availability, id))
	}
	step, err := os.ReadFile("migrations/00019_zone_of_hours.sql")
	require.NoError(t, err)
	up, _, _ := strings.Cut(string(step), "-- +goose Down")
	require.NoError(t, w.sql(up))
	for id, zone := range map[aid.VolunteerID]string{"hours": "UTC", "away": "UTC", "told": "Europe/Paris", "always": "", "until": ""} {
		v, err := w.Volunteer(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, zone, v.Availability.Zone, id)
	}
}

func TestOpenSaysWhyItCannot(t *testing.T) {
	t.Parallel()
	_, err := postgres.Open(t.Context(), "postgres://u:secret@host:port/")
	require.Equal(t, aid.Invalid, aid.KindOf(err))
	require.NotContains(t, err.Error(), "secret")
	require.Equal(t, aid.Invalid, aid.KindOf(postgres.Migrate(t.Context(), "postgres://u:secret@host:port/")))
	_, err = postgres.Open(t.Context(), "postgres://nobody@127.0.0.1:1/none?connect_timeout=2")
	require.Equal(t, aid.Unavailable, aid.KindOf(err))
	require.Equal(t, aid.Unavailable, aid.KindOf(postgres.Migrate(t.Context(), "postgres://nobody@127.0.0.1:1/none?connect_timeout=2")))
}

func TestALostConnectionIsUnavailableAndOvercome(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(1)
	w.request("r1", w.need(1, 3))
	_, err := w.Change(t.Context(), "r1", func(r *aid.HelpRequest, now time.Time) error {
		require.NoError(t, w.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"))
		return r.Cancel("mistake", "c1", now)
	})
	require.Equal(t, aid.Unavailable, aid.KindOf(err), "%v", err)
	eventually(t, "the store works again", func() bool {
		_, err = w.Change(t.Context(), "r1", func(r *aid.HelpRequest, now time.Time) error { return r.Cancel("mistake", "c1", now) })
		if err != nil {
			require.Equal(t, aid.Unavailable, aid.KindOf(err))
		}
		return err == nil
	})
	require.Equal(t, aid.RequestCancelled, w.read("r1").Status)
	require.Equal(t, 1, w.count("SELECT count(*) FROM events WHERE kind = 'request_cancelled'"))
}

func TestAnEndedContextIsUnavailable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := w.Request(ctx, "r1")
	require.Equal(t, aid.Unavailable, aid.KindOf(err))
	require.ErrorIs(t, err, context.Canceled)
}

// A deadlock with somebody outside of our order of locks is run again.
func TestATransactionThatWasBrokenOffIsRunAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteers(2)
	w.request("r1", w.need(2, 3))
	other, err := w.connect().Begin(t.Context())
	require.NoError(t, err)
	// Locked from behind; a long deadlock_timeout makes the store the one to break.
	_, err = other.Exec(t.Context(), "SET LOCAL deadlock_timeout = '1min'")
	require.NoError(t, err)
	lock := func(id string) error {
		_, err := other.Exec(t.Context(), "SELECT FROM volunteers WHERE id = $1 FOR UPDATE", id)
		return err
	}
	require.NoError(t, lock("v001"))
	watch, runs := w.connect(), 0
	var asking errgroup.Group
	asking.Go(func() error {
		_, err := w.Change(t.Context(), "r1", func(r *aid.HelpRequest, now time.Time) error {
			runs++
			r.MakeOffers("round", picks("r1", "v000", "v001"), asking1, now)
			return nil
		})
		return err
	})
	eventually(t, "the store waits for v001", func() bool { return waitsForLock(t, watch) })
	require.NoError(t, lock("v000"), "the store was broken off")
	require.NoError(t, other.Rollback(t.Context()))
	require.NoError(t, asking.Wait())
	require.GreaterOrEqual(t, runs, 2)
	require.Len(t, w.read("r1").Offers, 2)
}

var asking1 = asking(1)

func waitsForLock(t *testing.T, conn *pgx.Conn) bool {
	t.Helper()
	var n int
	require.NoError(t, conn.QueryRow(t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()").Scan(&n))
	return n > 0
}
