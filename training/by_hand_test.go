package training

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

// twice is a cohort of two sessions, in ten and in twenty days, held by t-1, with
// somebody in it and somebody who waits.
func twice(t *testing.T) *Cohort {
	t.Helper()
	session := func(days int) Session {
		from := noonOf.AddDate(0, 0, days)
		return Session{During: aid.Window{StartsAt: from, EndsAt: from.Add(2 * time.Hour)}}
	}
	c := New("k", Plan{Course: "care", Version: 1, Trainers: []aid.AccountID{"t-1"}, Sessions: []Session{session(10), session(20)}, Capacity: 1, Waiting: 1}, Definition{}, "/hlj/", "t-1", noonOf)
	for _, v := range []aid.VolunteerID{"ann", "bob"} {
		_, err := c.Enrol(aid.Volunteer{ID: v, Active: true}, ViaSelf, "a", noonOf)
		require.NoError(t, err)
	}
	return c
}

var noonOf = time.Date(2026, 11, 2, 4, 0, 0, 0, time.UTC)

// to is a move of the second session to a day.
func to(days int, venue string) Move {
	from := noonOf.AddDate(0, 0, days)
	return Move{Session: 2, During: aid.Window{StartsAt: from, EndsAt: from.Add(time.Hour)}, Venue: venue}
}

func TestASessionIsMovedAndEverybodyIsTold(t *testing.T) {
	t.Parallel()
	c := twice(t)
	before := c.Sessions
	require.NoError(t, c.MoveSession(to(25, "Hall"), nil, noonOf))
	require.Equal(t, to(25, "").During, c.Sessions[1].During)
	require.Equal(t, "Hall", c.Sessions[1].Venue)
	require.Equal(t, noonOf.AddDate(0, 0, 20), before[1].During.StartsAt, "what was read stays as it was")
	require.Len(t, c.Tellings, 1)
	told := c.Tellings[0]
	require.Equal(t, aid.NoticeSessionMoved, told.Kind)
	require.Equal(t, []aid.VolunteerID{"ann"}, told.Volunteers)
	require.Equal(t, []aid.AccountID{"t-1"}, told.Accounts)
	require.Equal(t, 2, told.Session)
	require.False(t, told.Urgent)
	require.NoError(t, c.MoveSession(to(25, ""), nil, noonOf))
	require.Len(t, c.Tellings, 1, "it is there already")

	require.NoError(t, c.MoveSession(to(20, ""), nil, noonOf), "and back")
	require.Equal(t, "Hall", c.Sessions[1].Venue)
	require.NoError(t, c.MoveSession(to(25, ""), nil, noonOf), "and forth: they are told again")
	require.Len(t, c.Tellings, 3)
	require.NoError(t, c.MoveSession(to(25, "Room 2"), nil, noonOf), "the place alone")
	require.Len(t, c.Tellings, 4)

	due := c.NextDue(noonOf.AddDate(0, 0, 22))
	require.Equal(t, noonOf.AddDate(0, 0, 24), due, "the reminder moves along")
	late := noonOf.AddDate(0, 0, 24).Add(13 * time.Hour)
	require.NoError(t, c.MoveSession(to(40, ""), nil, late))
	require.True(t, c.Tellings[len(c.Tellings)-1].Urgent, "it would have been soon")
}

func TestAMoveThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	at := func(days int) []Engagement {
		return []Engagement{{Cohort: "other", Sessions: []aid.Window{to(days, "").During}}}
	}
	noted := twice(t)
	noted.Marks = []Mark{{Session: 2, Volunteer: "ann"}}
	asks := twice(t)
	asks.Asks = []Ask{{Trainer: "t-2", Status: AskPending}, {Trainer: "t-3", Status: AskDeclined}}
	ended := twice(t)
	require.NoError(t, ended.Cancel("snow", noonOf))
	for name, c := range map[string]struct {
		of     *Cohort
		to     Move
		taken  map[aid.AccountID][]Engagement
		reason aid.Reason
	}{
		"before the one before":      {twice(t), to(9, ""), nil, aid.ReasonWrongTime},
		"while the one before lasts": {twice(t), Move{Session: 2, During: aid.Window{StartsAt: noonOf.AddDate(0, 0, 10).Add(time.Hour), EndsAt: noonOf.AddDate(0, 0, 11)}}, nil, aid.ReasonWrongTime},
		"after three years":          {twice(t), to(10+3*366+1, ""), nil, aid.ReasonWrongTime},
		"attendance is noted":        {noted, to(30, ""), nil, ReasonAttendanceNoted},
		"its trainer is elsewhere":   {twice(t), to(30, ""), map[aid.AccountID][]Engagement{"t-1": at(30)}, aid.ReasonDoubleBooked},
		"so is who is asked":         {asks, to(30, ""), map[aid.AccountID][]Engagement{"t-2": at(30)}, aid.ReasonDoubleBooked},
		"it is over":                 {ended, to(30, ""), nil, ReasonCohortClosed},
	} {
		err := c.of.MoveSession(c.to, c.taken, noonOf)
		require.Equal(t, aid.Conflict, aid.KindOf(err), name)
		require.Equal(t, c.reason, aid.ReasonOf(err), name)
		require.NotEqual(t, c.to.During, c.of.Sessions[1].During, name)
	}
	require.Equal(t, aid.Invalid, aid.KindOf(twice(t).MoveSession(to(-1, ""), nil, noonOf)), "into the past")
	none := to(30, "")
	none.Session = 3
	require.Equal(t, aid.NotFound, aid.KindOf(twice(t).MoveSession(none, nil, noonOf)))
	require.NoError(t, asks.MoveSession(to(30, ""), map[aid.AccountID][]Engagement{"t-3": at(30), "t-1": {{Cohort: "k", Sessions: at(30)[0].Sessions}}}, noonOf), "who declined, and the cohort itself, bar nothing")
}

func TestATrainerIsAssignedByHand(t *testing.T) {
	t.Parallel()
	c := twice(t)
	c.Asks = []Ask{{Trainer: "t-3", Status: AskPending}}
	who := Trainer{Account: "t-2"}
	require.NoError(t, c.Assign(who, "boss", noonOf))
	require.Equal(t, []aid.AccountID{"t-1", "t-2"}, c.Trainers)
	require.Equal(t, 2, c.Wanted)
	require.Equal(t, AskExpired, c.Asks[0].Status, "nobody is lacking for whom they were asked")
	require.Equal(t, aid.NoticeCohortAssigned, c.Tellings[0].Kind)
	require.Equal(t, []aid.AccountID{"t-2"}, c.Tellings[0].Accounts)
	require.NoError(t, c.Assign(who, "boss", noonOf))
	require.Len(t, c.Trainers, 2)
	require.Len(t, c.Tellings, 1)

	require.NoError(t, c.Replace("t-1", "ill", Trainer{Account: "t-4"}, "boss", noonOf))
	require.Equal(t, []aid.AccountID{"t-2", "t-4"}, c.Trainers)
	require.Equal(t, 2, c.Wanted)
	require.Zero(t, c.Vacant(noonOf), "nobody is looked for")
	require.NoError(t, c.Replace("t-4", "well again", Trainer{Account: "t-1"}, "boss", noonOf), "back again")
	require.Equal(t, []aid.AccountID{"t-2", "t-1"}, c.Trainers)

	asked := twice(t)
	asked.Wanted, asked.Asks = 2, []Ask{{Trainer: "t-2", Status: AskPending}}
	require.NoError(t, asked.Assign(who, "boss", noonOf), "who is being asked")
	require.Equal(t, AskAccepted, asked.Asks[0].Status)
	require.Equal(t, aid.AccountID("boss"), asked.Asks[0].AnsweredBy)

	for name, refused := range map[string]struct {
		err    error
		kind   aid.Kind
		reason aid.Reason
	}{
		"another session":  {c.Assign(Trainer{Account: "t-9", Taken: []Engagement{{Cohort: "x", Sessions: []aid.Window{c.Sessions[0].During}}}}, "boss", noonOf), aid.Conflict, aid.ReasonDoubleBooked},
		"it is held":       {c.Assign(Trainer{Account: "t-9"}, "boss", c.Last().During.StartsAt), aid.Conflict, aid.ReasonWrongTime},
		"no trainer of it": {c.Replace("t-8", "ill", Trainer{Account: "t-9"}, "boss", noonOf), aid.NotFound, ""},
		"no reason":        {c.Replace("t-1", "", Trainer{Account: "t-9"}, "boss", noonOf), aid.Invalid, ""},
		"themselves":       {c.Replace("t-1", "ill", Trainer{Account: "t-1"}, "boss", noonOf), aid.Invalid, ""},
	} {
		require.Equal(t, refused.kind, aid.KindOf(refused.err), name)
		require.Equal(t, refused.reason, aid.ReasonOf(refused.err), name)
	}
	for len(c.Trainers) < MaxTrainers {
		c.Trainers = append(c.Trainers, aid.AccountID("x-"+string(rune('a'+len(c.Trainers)))))
	}
	require.Equal(t, aid.ReasonOverCapacity, aid.ReasonOf(c.Assign(Trainer{Account: "t-9"}, "boss", noonOf)))
}
