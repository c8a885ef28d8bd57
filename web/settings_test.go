package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app/apptest"
)

func TestNoticesAreReadWhereTheyAreShown(t *testing.T) {
	t.Parallel()
	s := asked(t)
	r := s.as("volunteer")
	r.post("/offers/o-1/accept")
	page := r.get("/notices").text
	require.Contains(t, page, `class="card unread`)
	require.Equal(t, "/notices", r.post("/notices/read").to)
	page = r.get("/notices").text
	require.NotContains(t, page, "unread")
	require.Contains(t, page, `class="card"`, "they stay")
	require.Contains(t, s.as("trainer").get("/notices").text, "Nothing yet")
}

func TestSettingsAreKept(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := s.as("volunteer")
	require.Contains(t, r.get("/settings").text, "set it up below first")
	contact := func() aid.Contact {
		c, err := s.world.Contact(t.Context(), apptest.Account(aid.RoleVolunteer).ID)
		require.NoError(t, err)
		return c
	}
	a := r.post("/settings", "language", "en", "quiet_from", "21:30", "quiet_to", "07:00")
	require.Equal(t, "/settings?done=saved", a.to)
	require.Equal(t, aid.DailyHours{From: 21*60 + 30, To: 7 * 60}, contact().Quiet)
	require.Equal(t, aid.English, contact().Language)
	require.Contains(t, r.get(a.to).text, `value="21:30"`)
	for _, form := range [][]string{{}, {"language", "fr", "quiet_from", "21:30", "quiet_to", "07:00"}, {"language", "en", "quiet_from", "25:00", "quiet_to", "07:00"}, {"language", "en", "quiet_from", "21:30", "quiet_to", "07:00", "channel", "email"}} {
		require.Equal(t, http.StatusUnprocessableEntity, r.post("/settings", form...).status, "%v", form)
	}
	require.Equal(t, 21*60+30, contact().Quiet.From, "nothing of it was kept")

	require.Equal(t, http.StatusUnprocessableEntity, r.post("/settings/email", "address", "nonsense").status)
	require.Equal(t, "/settings?done=saved", r.post("/settings/email", "address", "lin@example.org").to)
	require.Contains(t, r.post("/settings/email", "address", "lin@example.org").text, "wait a little")
	require.Equal(t, http.StatusUnprocessableEntity, r.post("/settings/email/verify", "code", "000000").status)
	code := s.world.Mailed(apptest.Account(aid.RoleVolunteer).ID).Code
	require.Equal(t, "/settings?done=saved", r.post("/settings/email/verify", "code", code).to)
	require.Equal(t, []aid.Channel{aid.ChannelEmail}, contact().Channels, "whoever sets a channel up wants to be told by it")
	require.Equal(t, "/settings?done=saved", r.post("/settings", "language", "zh-CN", "quiet_from", "22:00", "quiet_to", "07:00").to)
	require.Empty(t, contact().Channels)
	require.Contains(t, r.get("/settings").text, `<html lang="zh-CN">`, "pages follow")
}

func TestACalendarIsShownOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	r := s.as("volunteer")
	page := r.post("/settings/calendar").text
	at := regexpOf(t, `http://127\.0\.0\.1:\d+/calendar/[A-Za-z0-9_-]+\.ics`, page)
	secret := strings.TrimSuffix(at[strings.LastIndex(at, "/")+1:], ".ics")
	_, err := s.world.UseCases().Calendars.Read(t.Context(), secret)
	require.NoError(t, err)
	require.NotContains(t, r.get("/settings").text, secret)
	r.post("/settings/calendar/revoke")
	_, err = s.world.UseCases().Calendars.Read(t.Context(), secret)
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	require.NotContains(t, s.as("caseworker").get("/settings").text, "/settings/calendar", "only volunteers have one")
	require.Equal(t, http.StatusForbidden, s.as("caseworker").post("/settings/calendar").status)
}
