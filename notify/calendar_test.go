package notify

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"
	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/words"
)

func TestCalendarProgramsReadWhatWasAgreed(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(t, err)
	at := time.Date(2026, 11, 3, 16, 0, 0, 0, shanghai)
	var entries []aid.CalendarEntry
	for i, status := range []aid.EntryStatus{aid.EntryTentative, aid.EntryConfirmed, aid.EntryCancelled} {
		entries = append(entries, aid.CalendarEntry{
			ID: aid.VisitID("vis-" + string(status)), Status: status, Revision: 3 + i, Category: "visit",
			Window: aid.Window{StartsAt: at.Add(time.Duration(i) * 24 * time.Hour), EndsAt: at.Add(time.Duration(i)*24*time.Hour + 2*time.Hour)},
			Area:   aid.AreaNames{Zh: "南岗区, 花园街道; \"果戈里\"社区", En: "Nangang, Huayuan; \"Gogol\" community"},
		})
	}
	for _, l := range aid.Languages {
		to := aid.Contact{Language: l, Zone: "Asia/Shanghai"}
		text, err := catalogue(t).Calendar(entries, to, now)
		require.NoError(t, err)
		folded(t, text)
		cal, err := ical.NewDecoder(bytes.NewReader(text)).Decode()
		require.NoError(t, err)
		prop := func(c *ical.Component, name string) string {
			require.NotNil(t, c.Props.Get(name), name)
			value, err := c.Props.Get(name).Text()
			require.NoError(t, err)
			return value
		}
		require.Equal(t, "2.0", prop(cal.Component, ical.PropVersion))
		require.Equal(t, "PUBLISH", prop(cal.Component, ical.PropMethod))
		require.Equal(t, "Asia/Shanghai", prop(cal.Component, "X-WR-TIMEZONE"))
		events := cal.Events()
		require.Len(t, events, 3)
		for i, e := range events {
			want := entries[i]
			require.Equal(t, string(want.ID)+"@linli", prop(e.Component, ical.PropUID))
			require.Equal(t, strings.ToUpper(string(want.Status)), prop(e.Component, ical.PropStatus))
			require.Equal(t, []string{"3", "4", "5"}[i], e.Props.Get(ical.PropSequence).Value)
			start, err := e.DateTimeStart(nil)
			require.NoError(t, err)
			require.True(t, want.Window.StartsAt.Equal(start), "%s", start)
			end, err := e.DateTimeEnd(nil)
			require.NoError(t, err)
			require.True(t, want.Window.EndsAt.Equal(end))
			require.Equal(t, words.Name(want.Area.Zh, want.Area.En, l), prop(e.Component, ical.PropLocation))
			about, err := catalogue(t).texts.Text(l, "calendar."+string(want.Status), nil)
			require.NoError(t, err)
			require.Equal(t, about, prop(e.Component, ical.PropDescription))
			stamp, err := e.Props.DateTime(ical.PropDateTimeStamp, nil)
			require.NoError(t, err)
			require.True(t, now.Equal(stamp))
		}
		require.Equal(t, map[aid.Language]string{aid.Chinese: "探访", aid.English: "Visiting"}[l], prop(events[0].Component, ical.PropSummary))
	}
}

// folded requires lines of at most 75 octets that end in CRLF, each of whole
// characters (RFC 5545, 3.1).
func folded(t *testing.T, text []byte) {
	t.Helper()
	require.True(t, bytes.HasSuffix(text, []byte("\r\n")))
	for line := range bytes.SplitSeq(bytes.TrimSuffix(text, []byte("\r\n")), []byte("\r\n")) {
		require.LessOrEqual(t, len(line), 75, "%s", line)
		require.False(t, bytes.ContainsAny(line, "\r\n"), "%q", line)
		require.True(t, utf8.Valid(line), "%q", line)
	}
}

func TestAnEmptyCalendarIsOne(t *testing.T) {
	t.Parallel()
	text, err := catalogue(t).Calendar(nil, aid.Contact{Language: aid.English}, time.Now())
	require.NoError(t, err)
	folded(t, text)
	require.True(t, bytes.HasPrefix(text, []byte("BEGIN:VCALENDAR\r\n")))
	_, err = catalogue(t).Calendar(nil, aid.Contact{Language: "fr"}, time.Now())
	require.Equal(t, aid.Internal, aid.KindOf(err))
}
