package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// TestASubstitutesRequestKeepsWhoIsUnwanted, and its end wakes the standing pairing
// that waits for it.
func TestASubstitutesRequestKeepsWhoIsUnwanted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteer("v", 2)
	w.standing("s", 2, 3)
	w.ask("s", 1, "v")
	require.NoError(t, w.accept(t.Context(), "s", "v"))
	visit := w.read("s").Visits[0]
	n := w.need(1, 2)
	n.Serves = visit.ID
	sub, err := aid.OpenRequest("sub", n, "c1", harbin, 7, w.now)
	require.NoError(t, err)
	sub.Excluded = []aid.VolunteerID{"v"}
	require.NoError(t, w.OpenRequest(t.Context(), sub, shard))
	require.Equal(t, []aid.VolunteerID{"v"}, w.read("sub").Excluded)
	w.volunteer("w", 1)
	woken := func() int {
		return w.count("SELECT count(*) FROM outbox WHERE kind = 'standing_changed' AND key = 's'")
	}
	require.NoError(t, w.sql("DELETE FROM outbox"))
	w.ask("sub", 1, "w")
	before := woken()
	require.Positive(t, before, "somebody is being asked")
	require.NoError(t, w.endSearch("sub", aid.ReasonCounts{}))
	require.Equal(t, before, woken(), "nothing has changed yet")
	require.NoError(t, w.decline("sub", "w"))
	require.NoError(t, w.endSearch("sub", aid.ReasonCounts{}))
	require.Equal(t, aid.RequestUnfilled, w.read("sub").Status)
	require.Greater(t, woken(), before, "nobody was found: the caseworker is asked at once")
}

// TestVisitsOfYearsAgoAreNotReadWithTheirPairing, but in lists.
func TestVisitsOfYearsAgoAreNotReadWithTheirPairing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteer("v", 2)
	w.standing("s", 2, 5)
	w.ask("s", 1, "v")
	require.NoError(t, w.accept(t.Context(), "s", "v"))
	require.Len(t, w.read("s").Visits, 5)
	require.NoError(t, w.sql(`UPDATE visits SET status = 'done', in_at = starts_at, begun_at = starts_at, in_means = 'code', out_at = ends_at, out_means = 'code'
		WHERE id IN (SELECT id FROM visits ORDER BY starts_at LIMIT 2)`))
	require.NoError(t, w.sql(`UPDATE visits SET starts_at = starts_at - interval '100 days', ends_at = ends_at - interval '100 days'
		WHERE id IN (SELECT id FROM visits ORDER BY starts_at LIMIT 3)`))
	read := w.read("s").Visits
	require.Len(t, read, 3, "what is past and not settled stays in sight")
	require.Equal(t, aid.VisitPlanned, read[0].Status)
	page, err := w.Visits(t.Context(), aid.VisitFilter{Request: "s", Areas: []aid.AreaPath{harbin.Path}}, aid.Page{Limit: 9})
	require.NoError(t, err)
	require.Len(t, page.Items, 5)
}

// TestWhoOpenedItHasLeftTheOffice: then the coordinators are told in their place.
func TestWhoOpenedItHasLeftTheOffice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.AddAccount(t.Context(), aid.Account{ID: "co", Role: aid.RoleCoordinator, Name: "赵"}, []aid.AreaID{harbin.ID}))
	w.volunteers(2)
	withdrawn := func(id aid.RequestID, v aid.VolunteerID) {
		w.request(id, w.need(1, 30))
		w.ask(id, 1, v)
		require.NoError(t, w.accept(t.Context(), id, v))
		_, err := w.Change(t.Context(), id, func(r *aid.HelpRequest, now time.Time) error {
			return r.Withdraw(r.Pairings[0].ID, "unwell", "x", now)
		})
		require.NoError(t, err)
	}
	withdrawn("r1", "v000")
	require.Empty(t, w.notices("co", false))
	require.NoError(t, w.sql("UPDATE accounts SET active = false WHERE id = 'c1'"))
	withdrawn("r2", "v001")
	told := w.notices("co", false)
	require.Contains(t, kindsOf(told), aid.NoticeSeatVacant)
	require.Equal(t, aid.RequestID("r2"), told[0].Request)
}

// TestAlarmsGoFirst before what is not urgent and before those who were not reached.
func TestAlarmsGoFirst(t *testing.T) {
	t.Parallel()
	w := asked(t, 4)
	failed := w.claim("run", 1)[0]
	require.NoError(t, w.NoteDelivery(t.Context(), failed, aid.DeliveryOutcome{Status: aid.DeliveryPending, NextTry: w.now.Add(-time.Hour)}))
	require.NoError(t, w.sql("UPDATE notices SET urgent = true WHERE id = (SELECT max(id) FROM notices)"))
	order := w.claim("other run", 9)
	require.Len(t, order, 4)
	byAttempts := map[int]int{}
	for i := range order {
		byAttempts[order[i].Attempts]++
	}
	require.Equal(t, map[int]int{1: 3, 2: 1}, byAttempts)

	w = asked(t, 4)
	require.NoError(t, w.sql("UPDATE notices SET urgent = true WHERE id = (SELECT max(id) FROM notices)"))
	require.True(t, w.claim("run", 1)[0].Notice.Urgent, "the newest, and yet the first")
}
