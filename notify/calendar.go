package notify

import (
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/words"
)

// calendarRefresh is how often calendar programs are asked to read again.
const calendarRefresh = "PT1H"

// Calendar writes entries as an iCalendar stream (RFC 5545) in the reader's
// language. Instants are in UTC, which every program shows by its own clock. A
// cancelled entry stays, marked as such, so that programs take it out.
func (c *Catalogue) Calendar(entries []aid.CalendarEntry, to aid.Contact, now time.Time) ([]byte, error) {
	name, err := c.texts.Text(to.Language, "calendar.name", nil)
	if err != nil {
		return nil, err
	}
	cal := ics.NewCalendarFor("Linli")
	cal.SetMethod(ics.MethodPublish)
	cal.SetName(name)
	cal.SetXWRCalName(name)
	cal.SetXWRTimezone(to.Clock().String())
	cal.SetRefreshInterval(calendarRefresh)
	cal.SetXPublishedTTL(calendarRefresh)
	for _, e := range entries {
		about, err := c.texts.Text(to.Language, "calendar."+string(e.Status), nil)
		if err != nil {
			return nil, err
		}
		event := cal.AddEvent(string(e.ID) + "@linli")
		event.SetDtStampTime(now.UTC())
		event.SetStartAt(e.Window.StartsAt.UTC())
		event.SetEndAt(e.Window.EndsAt.UTC())
		event.SetSequence(e.Revision)
		event.SetStatus(statuses[e.Status])
		event.SetSummary(c.texts.Word(to.Language, "category", e.Category))
		event.SetLocation(words.Name(e.Area.Zh, e.Area.En, to.Language))
		event.SetDescription(about)
	}
	return []byte(cal.Serialize(ics.WithNewLineWindows)), nil
}

var statuses = map[aid.EntryStatus]ics.ObjectStatus{
	aid.EntryTentative: ics.ObjectStatusTentative,
	aid.EntryConfirmed: ics.ObjectStatusConfirmed,
	aid.EntryCancelled: ics.ObjectStatusCancelled,
}
