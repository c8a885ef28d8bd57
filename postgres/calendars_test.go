package postgres_test

import (
	"crypto/sha256"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

func TestACalendarHoldsWhatAVolunteerAgreedTo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, v := range []aid.VolunteerID{"v1", "v2"} {
		w.volunteer(v, 5)
	}
	account := w.account("v1")
	secret := sha256.Sum256([]byte("secret"))
	require.NoError(t, w.PutCalendar(t.Context(), account, secret))
	calendar := func() []aid.CalendarEntry {
		to, entries, err := w.Calendar(t.Context(), secret, w.now)
		require.NoError(t, err)
		require.Equal(t, account, to.Account)
		return entries
	}
	require.Empty(t, calendar())

	n := w.need(2, 30)
	n.MinPeople = 2
	r := w.request("r1", n)
	w.ask("r1", 1, "v1", "v2")
	require.Empty(t, calendar(), "an offer is no promise")
	require.NoError(t, w.accept(t.Context(), "r1", "v1"))
	id := aid.VisitIDOf(aid.PairingID("p-"+offerID("r1", "v1")), r.Window.StartsAt)
	held := calendar()
	require.Len(t, held, 1)
	require.Equal(t, id, held[0].ID)
	require.Equal(t, aid.EntryTentative, held[0].Status)
	require.Equal(t, aid.AreaNames{Zh: "哈尔滨市", En: "Harbin"}, held[0].Area)
	require.Equal(t, "visit", held[0].Category)
	require.True(t, r.Window.StartsAt.Truncate(time.Microsecond).Equal(held[0].Window.StartsAt))

	states := []aid.CalendarEntry{held[0]}
	step := func(status aid.EntryStatus) {
		t.Helper()
		now := calendar()
		require.Len(t, now, 1, "it is the same entry all the time")
		require.Equal(t, id, now[0].ID)
		require.Equal(t, status, now[0].Status)
		require.Greater(t, now[0].Revision, states[len(states)-1].Revision, "programs take the later state for the later one")
		states = append(states, now[0])
	}
	require.NoError(t, w.accept(t.Context(), "r1", "v2"))
	step(aid.EntryConfirmed)
	_, err := w.Change(t.Context(), "r1", func(r *aid.HelpRequest, now time.Time) error {
		return r.Withdraw(aid.PairingID("p-"+offerID("r1", "v2")), "busy", "", now)
	})
	require.NoError(t, err)
	step(aid.EntryTentative)
	_, err = w.Change(t.Context(), "r1", func(r *aid.HelpRequest, now time.Time) error { return r.Cancel("mistake", "c1", now) })
	require.NoError(t, err)
	step(aid.EntryCancelled)

	_, past, err := w.Calendar(t.Context(), secret, w.now.Add(aid.CalendarPast+31*time.Hour))
	require.NoError(t, err)
	require.Empty(t, past)
}

func TestACalendarIsOpenToItsSecretAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.volunteer("v1", 1)
	account := w.account("v1")
	first, second := sha256.Sum256([]byte("first")), sha256.Sum256([]byte("second"))
	closed := func(secret [32]byte) {
		_, _, err := w.Calendar(t.Context(), secret, w.now)
		require.Equal(t, aid.NotFound, aid.KindOf(err))
	}
	closed(first)
	require.NoError(t, w.PutCalendar(t.Context(), account, first))
	require.NoError(t, w.PutCalendar(t.Context(), account, second))
	closed(first)
	_, _, err := w.Calendar(t.Context(), second, w.now)
	require.NoError(t, err)
	require.NoError(t, w.sql("UPDATE accounts SET active = false WHERE id = 'v.v1'"))
	closed(second)
	require.NoError(t, w.sql("UPDATE accounts SET active = true"))
	require.NoError(t, w.DropCalendar(t.Context(), account))
	closed(second)
}
